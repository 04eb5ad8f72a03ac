import { WfmError } from '../../../errors/index.ts';
import { limits } from '../../../models/limits.ts';
import { forbiddenNames } from './pipeline-names.ts';
import { type Document, isDocument } from './pipeline-values.ts';

const operationsLimit = 3_000_000;
/** Values in one value, shared parts counted wherever they appear; texts count by 16 characters. */
const sizeLimit = 1_000_000;
/** The same for all documents between two stages. */
const totalLimit = 10_000_000;
const depthLimit = 2 * limits.jsonDepth;

/** Counts what one run of a pipeline costs, and ends it when it costs too much (security.md S4). */
export class Meter {
  #operations = 0;
  #nextLook = 0;
  readonly #deadline = performance.now() + limits.computeMs;
  // Nothing is changed in place, so what has been weighed keeps its weight.
  readonly #weights = new WeakMap<object, number>();

  /** Pays for operations; looks at the clock now and then. */
  spend(operations: number): void {
    this.#operations += operations;
    if (this.#operations > operationsLimit) throw overLimit('operations', operationsLimit);
    if (this.#operations < this.#nextLook) return;
    this.#nextLook = this.#operations + 500;
    if (performance.now() > this.#deadline) {
      throw new WfmError('module_timeout', `The pipeline took longer than ${limits.computeMs} ms.`, {
        params: { limit: limits.computeMs },
      });
    }
  }

  /** Refuses a count that is about to grow too large, before memory is taken for it. */
  room(what: string, count: number, limit: number): void {
    if (count > limit) throw overLimit(what, limit, count);
    this.spend(count / 8);
  }

  /** Weighs what an operator has made; a value built by sharing parts of itself is as heavy as if written out. */
  weigh<T>(value: T): T {
    if (typeof value === 'string') this.room('characters in a text', value.length, limits.moduleValueBytes);
    else if (typeof value === 'object' && value !== null) this.#weight(value, 0);
    return value;
  }

  /** Refuses more documents between two stages than there may be, or larger ones. */
  hold<T>(documents: T[]): T[] {
    this.room('documents', documents.length, limits.pipelineDocuments);
    let total = 0;
    for (const document of documents) total += this.#weight(document, 0);
    if (total > totalLimit) throw overLimit('values', totalLimit);
    return documents;
  }

  #weight(value: unknown, depth: number): number {
    if (typeof value === 'string') return 1 + value.length / 16;
    if (typeof value !== 'object' || value === null || value instanceof Date) return 1;
    const known = this.#weights.get(value);
    if (known !== undefined) return known;
    if (depth > depthLimit) throw overLimit('levels inside one another', depthLimit);
    let weight = 1;
    for (const child of Object.values(value)) {
      weight += this.#weight(child, depth + 1);
      if (weight > sizeLimit) throw overLimit('values', sizeLimit);
      this.spend(0.25);
    }
    this.#weights.set(value, weight);
    return weight;
  }

  /**
   * Takes in the caller's documents: copies of them, which share nothing with the caller's data.
   *
   * @throws WfmError `pipeline_limit` when they are too many or too large; `input_invalid` for an entry that is no
   *   document or has a field whose name leads to a prototype
   */
  take(documents: readonly unknown[], place: string): Document[] {
    this.room('documents', documents.length, limits.pipelineDocuments);
    let size = 0;
    const copy = (value: unknown, depth: number): unknown => {
      size += typeof value === 'string' ? 1 + value.length / 16 : 1;
      if (size > sizeLimit) throw overLimit('values', sizeLimit);
      if (depth > depthLimit) throw overLimit('levels inside one another', depthLimit);
      if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
      if (!isDocument(value)) return value instanceof Date ? new Date(value) : value;
      const result: Document = {};
      for (const key of Object.keys(value)) {
        if (forbiddenNames.has(key)) throw forbidden(key, place);
        if (value[key] !== undefined) result[key] = copy(value[key], depth + 1);
      }
      return result;
    };
    const copies = documents.map((document, index) => {
      if (!isDocument(document)) {
        throw new WfmError('input_invalid', `A pipeline works on objects; entry ${index + 1} is none.`, {
          params: { index },
          place: `${place}[${index}]`,
        });
      }
      return copy(document, 0) as Document;
    });
    this.spend(size / 8);
    return copies;
  }
}

function forbidden(key: string, place: string): WfmError {
  return new WfmError(
    'input_invalid',
    `A pipeline cannot work on data with a field called "${key}"; rename it first.`,
    { params: { field: key }, place },
  );
}

function overLimit(what: string, limit: number, actual?: number): WfmError {
  const params = actual === undefined ? { what, limit } : { what, limit, actual };
  return new WfmError('pipeline_limit', `The pipeline goes over its limit of ${limit} ${what}.`, { params });
}
