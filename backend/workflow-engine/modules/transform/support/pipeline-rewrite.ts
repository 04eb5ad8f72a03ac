import { type Document, isDocument } from './pipeline-values.ts';

const innerConditions = new Set(['$and', '$or', '$nor', '$not', '$elemMatch', '$all']);

/**
 * A checked stage in the form our operators read: `$$NOW` is the time of the run, since mingo would ask the clock, and
 * `$regex` in a condition is one for the linear-time engine.
 */
export function rewriteStage(name: string, spec: unknown, now: Date): unknown {
  if (name === '$match') return rewriteQuery(spec, now);
  // The pipelines inside are rewritten when they run.
  return name === '$facet' ? spec : rewriteExpression(spec, now);
}

function rewriteQuery(query: unknown, now: Date): unknown {
  if (Array.isArray(query)) return query.map((part) => rewriteQuery(part, now));
  if (!isDocument(query)) return query;
  const { $regex, $options, ...rest } = query;
  const rewritten: Document = {};
  for (const [key, value] of Object.entries(rest)) {
    if (key === '$expr') rewritten[key] = rewriteExpression(value, now);
    // What a value is compared with is data, whatever it looks like.
    else rewritten[key] = key.startsWith('$') && !innerConditions.has(key) ? value : rewriteQuery(value, now);
  }
  if ($regex !== undefined) rewritten['$safeRegex'] = { source: $regex, flags: $options ?? '' };
  return rewritten;
}

function rewriteExpression(expression: unknown, now: Date): unknown {
  if (typeof expression === 'string')
    return expression === '$$NOW' || expression.startsWith('$$NOW.') ? now : expression;
  if (Array.isArray(expression)) return expression.map((part) => rewriteExpression(part, now));
  if (!isDocument(expression) || Object.hasOwn(expression, '$literal')) return expression;
  return Object.fromEntries(Object.entries(expression).map(([key, value]) => [key, rewriteExpression(value, now)]));
}
