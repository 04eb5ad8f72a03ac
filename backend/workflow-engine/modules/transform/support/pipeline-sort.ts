import { compareValues, readPath } from './pipeline-values.ts';

/**
 * Sorts values by paths, 1 for ascending and -1 for descending; equal ones keep their order (format.md 14.8). As in
 * MongoDB a list counts by its smallest item when ascending and by its largest when descending.
 */
export function sortValues<T>(values: readonly T[], order: Record<string, unknown>): T[] {
  const rules = Object.entries(order).map(([path, direction]) => ({
    segments: path.split('.'),
    sign: direction === -1 ? -1 : 1,
  }));
  const keyed = values.map((value) => ({
    value,
    keys: rules.map(({ segments, sign }) => sortKey(readPath(value, segments), sign)),
  }));
  keyed.sort((a, b) => {
    for (const [index, { sign }] of rules.entries()) {
      const order = compareValues(a.keys[index], b.keys[index]);
      if (order !== 0) return sign * order;
    }
    return 0;
  });
  return keyed.map(({ value }) => value);
}

function sortKey(value: unknown, sign: number): unknown {
  if (!Array.isArray(value)) return value;
  return value.reduce<unknown>(
    (best, item, index) => (index === 0 || sign * compareValues(item, best) < 0 ? item : best),
    undefined,
  );
}
