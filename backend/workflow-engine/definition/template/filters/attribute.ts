import { limits } from '../../../models/limits.ts';
import type { Run } from '../run.ts';
import { readMember } from '../values.ts';

const index = /^\d{1,9}$/;

/**
 * Reads `a`, `a.b.0` or an index from an item, as `attribute=` of filters means it; the item itself when no
 * attribute is named. With `reports`, the first item that lacks it makes one warning for the filter (format.md 5.5).
 */
export function attributeReader(
  run: Run,
  attribute: unknown,
  options: { reports?: boolean; fallback?: unknown } = {},
): (item: unknown) => unknown {
  const { reports = true, fallback } = options;
  if (attribute === undefined || attribute === null) return (item) => item;
  if (typeof attribute !== 'string' && typeof attribute !== 'number') {
    return run.fail('An attribute is named by a text or a number');
  }
  const parts = typeof attribute === 'number' ? [attribute] : pathOf(run, attribute);
  let reported = !reports || fallback !== undefined;
  return (item) => {
    let value = item;
    for (const [depth, part] of parts.entries()) {
      run.charge(1);
      if (value === undefined && depth > 0 && run.context.strictUndefined) {
        run.fail(`The attribute "${attribute}" reads from a value that is not there`);
      }
      if (typeof value === 'string') run.chargeCharacters(value.length);
      value = readMember(value, part);
    }
    if (value !== undefined) return value;
    if (!reported) run.warnHere();
    reported = true;
    return fallback;
  };
}

function pathOf(run: Run, attribute: string): (string | number)[] {
  run.chargeText(attribute.length);
  const parts = attribute.split('.', limits.jsonDepth + 1);
  if (parts.length > limits.jsonDepth) run.over('parts of an attribute', limits.jsonDepth, parts.length);
  return parts.map((part) => (index.test(part) ? Number(part) : part));
}
