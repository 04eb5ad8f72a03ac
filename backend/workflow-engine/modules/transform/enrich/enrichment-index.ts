import { type ErrorCode, WfmError } from '../../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../../models/json.ts';

/** Enrichments by id, for each field that serves as one, with a record of what was missing and what was used. */
export class EnrichmentIndex {
  readonly #enrichments: readonly unknown[];
  readonly #byField = new Map<string, Map<string, JsonObject>>();
  readonly #used = new Set<JsonObject>();
  readonly #missing: string[] = [];
  readonly #lacking: string[] = [];

  constructor(enrichments: readonly unknown[]) {
    this.#enrichments = enrichments;
  }

  /** The name that a leaf gives under `key`. Throws `input_invalid` without one. */
  nameOf(leaf: JsonObject, key: string, place: string): string {
    const name = leaf[key];
    if (typeof name === 'string' && name !== '') return name;
    throw new WfmError('input_invalid', `The mapping of ${place} needs a text in ${key}.`, {
      place: 'inputs.mapping_schema',
      params: { property: place, key },
    });
  }

  /** The field of the enrichment with that id; undefined, and remembered, when there is none. */
  take(id: unknown, idField: string, sourceField: string, place: string): unknown {
    const key = idText(id);
    const enrichment = key === undefined ? undefined : this.#index(idField).get(key);
    if (!enrichment) {
      this.#missing.push(key ?? place);
      return undefined;
    }
    this.#used.add(enrichment);
    if (!Object.hasOwn(enrichment, sourceField)) {
      this.#lacking.push(`${key}.${sourceField}`);
      return undefined;
    }
    return enrichment[sourceField];
  }

  /** Throws what was wrong, the first kind of fault with all its ids. */
  finish(): void {
    if (this.#lacking.length > 0) throw fault('enrich_field_missing', 'These enrichments lack a field', this.#lacking);
    if (this.#missing.length > 0) throw fault('enrich_missing', 'There is no enrichment for', this.#missing);
    if (this.#byField.size === 0) return;
    const unused = this.#enrichments.filter((enrichment) => !isJsonObject(enrichment) || !this.#used.has(enrichment));
    if (unused.length > 0)
      throw fault(
        'enrich_unused',
        'These enrichments belong to nothing in the data',
        unused.map((one) => this.#label(one)),
      );
  }

  #index(field: string): Map<string, JsonObject> {
    let index = this.#byField.get(field);
    if (index) return index;
    index = new Map();
    const twice: string[] = [];
    for (const enrichment of this.#enrichments) {
      const key = isJsonObject(enrichment) && Object.hasOwn(enrichment, field) ? idText(enrichment[field]) : undefined;
      if (key === undefined)
        throw fault('enrich_field_missing', `These enrichments have no id in "${field}"`, [this.#label(enrichment)]);
      if (index.has(key)) twice.push(key);
      index.set(key, enrichment as JsonObject);
    }
    if (twice.length > 0) throw fault('enrich_duplicate_id', 'These ids stand in more than one enrichment', twice);
    this.#byField.set(field, index);
    return index;
  }

  #label(enrichment: unknown): string {
    for (const field of this.#byField.keys()) {
      const id = isJsonObject(enrichment) ? idText(enrichment[field]) : undefined;
      if (id !== undefined) return id;
    }
    return `[${this.#enrichments.indexOf(enrichment)}]`;
  }
}

/** Ids compare as text: 7 and "7" are one. */
function idText(id: unknown): string | undefined {
  return typeof id === 'string' || typeof id === 'number' || typeof id === 'boolean' ? String(id) : undefined;
}

function fault(code: ErrorCode, sentence: string, ids: string[]): WfmError {
  const distinct = [...new Set(ids)];
  const shown = distinct.slice(0, 20).join(', ') + (distinct.length > 20 ? ', …' : '');
  return new WfmError(code, `${sentence}: ${shown}.`, {
    params: { ids: distinct.slice(0, 100), count: distinct.length },
  });
}
