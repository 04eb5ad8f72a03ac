import { WfmError } from '../../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../../models/json.ts';
import { limits } from '../../../models/limits.ts';
import type { KeywordRow } from '../../../ports/keyword-store.ts';

/** Fields that say whose keywords they are: never stored from outside, never shown, never queried. */
const scopeFields = ['user_id', 'template_id'];
const internalFields = new Set([...scopeFields, '_id', 'keyword', 'weight', 'last_used']);

/**
 * Items of a save as rows (format.md 14.7): objects with a keyword, in lower case and trimmed, one row a keyword.
 *
 * @param skip told of every item that is none
 * @throws WfmError `keywords_limit` over 1000
 */
export function keywordRows(
  items: readonly unknown[],
  options: { now: Date; accumulate: boolean; skip: (index: number, why: string) => void },
): KeywordRow[] {
  const rows = new Map<string, KeywordRow>();
  items.forEach((item, index) => {
    const keyword =
      isJsonObject(item) && typeof item['keyword'] === 'string' ? item['keyword'].trim().toLowerCase() : '';
    if (!isJsonObject(item) || keyword === '') return options.skip(index, 'it has no keyword');
    const weight = weightOf(item['weight']);
    if (weight === undefined) return options.skip(index, 'its weight is no number');
    const earlier = rows.get(keyword);
    rows.set(keyword, {
      keyword,
      weight: options.accumulate ? (earlier?.weight ?? 0) + weight : weight,
      last_used: options.now.toISOString(),
      fields: { ...earlier?.fields, ...otherFields(item) },
    });
  });
  if (rows.size > limits.keywordsPerSave) {
    const params = { limit: limits.keywordsPerSave, actual: rows.size };
    throw new WfmError(
      'keywords_limit',
      `At most ${params.limit} keywords can be saved at once; there are ${params.actual}.`,
      { params },
    );
  }
  return [...rows.values()];
}

function weightOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return 0;
  const weight = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof weight === 'number' && Number.isFinite(weight) ? weight : undefined;
}

function otherFields(item: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !internalFields.has(name)));
}

/** A row as workflows see it. */
export function keywordDocument({ keyword, weight, last_used, fields }: KeywordRow): JsonObject {
  return { ...otherFields(fields), keyword, weight, last_used };
}

/**
 * Refuses a pipeline whose `$match` names a field of the scope, by key or by path (format.md 14.7).
 *
 * @throws WfmError `pipeline_scope_refused` with the place of the stage
 */
export function checkScope(pipeline: unknown, place: string): void {
  if (!Array.isArray(pipeline)) return;
  pipeline.forEach((stage: unknown, index) => {
    if (!isJsonObject(stage)) return;
    const at = `${place}[${index}]`;
    const named = Object.hasOwn(stage, '$match') ? scopeFieldIn(stage['$match'], 0) : undefined;
    if (named !== undefined) {
      throw new WfmError(
        'pipeline_scope_refused',
        `Keywords are always those of this person and workflow; ${named} cannot be matched.`,
        {
          place: `${at}.$match`,
          params: { field: named },
        },
      );
    }
    const facets = stage['$facet'];
    if (!isJsonObject(facets)) return;
    for (const [name, inner] of Object.entries(facets)) checkScope(inner, `${at}.$facet.${name}`);
  });
}

function scopeFieldIn(value: unknown, depth: number): string | undefined {
  if (depth > limits.jsonDepth) return undefined;
  if (typeof value === 'string')
    return value.startsWith('$') ? scopeFieldOf(value.replace(/^\$(?:\$(?:ROOT|CURRENT)\.)?/, '')) : undefined;
  if (Array.isArray(value)) {
    for (const item of value) {
      const named = scopeFieldIn(item, depth + 1);
      if (named !== undefined) return named;
    }
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const named = scopeFieldOf(key) ?? scopeFieldIn(item, depth + 1);
    if (named !== undefined) return named;
  }
  return undefined;
}

function scopeFieldOf(path: string): string | undefined {
  return scopeFields.find((field) => path === field || path.startsWith(`${field}.`));
}
