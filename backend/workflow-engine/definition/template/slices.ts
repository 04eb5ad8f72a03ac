import type { Run } from './run.ts';
import { characters, isWide } from './values.ts';

/**
 * `a[from:to:step]` of a list or a text, as in Python; undefined of anything else, as an index would be
 * (format.md 6.1, 6.6).
 */
export function sliceValue(run: Run, object: unknown, from: unknown, to: unknown, step: unknown): unknown {
  if (object === undefined) return undefined;
  const stride = bound(run, step) ?? 1;
  if (stride === 0) return run.fail('The step of a slice must not be zero');
  const first = bound(run, from);
  const last = bound(run, to);
  if (typeof object === 'string') {
    run.chargeText(object.length);
    if (stride === 1 && !isWide(object)) return object.slice(first ?? 0, last ?? undefined);
    run.chargeCharacters(object.length);
    return pick(run, characters(object), first, last, stride).join('');
  }
  if (Array.isArray(object)) return pick(run, object, first, last, stride);
  run.warnHere();
  return undefined;
}

function bound(run: Run, value: unknown): number | null {
  if (value === undefined || value === null) return null;
  return Number.isInteger(value) ? (value as number) : run.fail('The bounds of a slice are whole numbers');
}

function pick<T>(run: Run, items: readonly T[], first: number | null, last: number | null, stride: number): T[] {
  const size = items.length;
  const forward = stride > 0;
  const clamp = (index: number): number => {
    const absolute = index < 0 ? index + size : index;
    return forward ? Math.min(Math.max(absolute, 0), size) : Math.min(Math.max(absolute, -1), size - 1);
  };
  const start = first === null ? (forward ? 0 : size - 1) : clamp(first);
  const stop = last === null ? (forward ? size : -1) : clamp(last);
  const picked: T[] = [];
  for (let index = start; forward ? index < stop : index > stop; index += stride) picked.push(items[index] as T);
  run.charge(picked.length);
  return picked;
}
