import type { Run } from './run.ts';
import { isForbiddenKey, isMapping, SpecialValue, typeName } from './values.ts';

/** False: `none`, undefined, `0`, `""`, `[]`, `{}` and `false` (format.md 6.6). */
export function isTrue(run: Run, value: unknown): boolean {
  if (typeof value !== 'object') return Boolean(value);
  if (value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof SpecialValue) return true;
  const count = Object.keys(value).length;
  if (count > 32) run.charge(count);
  return count > 0;
}

/** `==`: deep for lists and objects, `true == 1` as in Jinja; undefined equals only itself (format.md 6.6). */
export function equals(run: Run, a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) return true;
  if (typeof a === 'string' && typeof b === 'string') {
    run.chargeScan(Math.min(a.length, b.length));
    return false;
  }
  if (typeof a === 'boolean' && typeof b === 'number') return Number(a) === b;
  if (typeof a === 'number' && typeof b === 'boolean') return a === Number(b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  run.checkDepth(depth);
  run.charge(1);
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index += 1) {
      run.charge(1);
      if (!equals(run, a[index], b[index], depth + 1)) return false;
    }
    return true;
  }
  if (!isMapping(a) || !isMapping(b)) return false;
  const keys = Object.keys(a);
  run.charge(keys.length);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key) || !equals(run, a[key], b[key], depth + 1)) return false;
  }
  return true;
}

/**
 * Order of two values that are not undefined: negative, 0 or positive. Numbers and booleans, texts, and lists item by
 * item compare among themselves; anything else is `template_error`.
 */
export function compare(run: Run, a: unknown, b: unknown, depth = 0): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') {
    run.chargeScan(Math.min(a.length, b.length));
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (isNumeric(a) && isNumeric(b)) return Number(a) - Number(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    run.checkDepth(depth);
    const length = Math.min(a.length, b.length);
    for (let index = 0; index < length; index += 1) {
      run.charge(1);
      if (equals(run, a[index], b[index], depth + 1)) continue;
      return compare(run, a[index], b[index], depth + 1);
    }
    return a.length - b.length;
  }
  return run.fail(`${capital(typeName(a))} and ${typeName(b)} have no order`);
}

/** Order for sorting: none before all else and undefined behind it, so that one gap in the data stops no run. */
export function sortOrder(run: Run, a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  if (a === null || b === null) return a === null ? -1 : 1;
  return compare(run, a, b);
}

/** `needle in container`; false when either is undefined (format.md 6.6). */
export function contains(run: Run, container: unknown, needle: unknown): boolean {
  if (container === undefined || needle === undefined) return false;
  if (typeof container === 'string') {
    run.chargeScan(container.length);
    return typeof needle === 'string' && container.includes(needle);
  }
  if (Array.isArray(container)) {
    run.charge(container.length >>> 2);
    if (typeof needle !== 'object' && typeof needle !== 'boolean' && typeof needle !== 'number') {
      return container.includes(needle);
    }
    return container.some((item) => equals(run, item, needle));
  }
  if (isMapping(container)) {
    if (typeof needle !== 'string' && typeof needle !== 'number') return false;
    const key = String(needle);
    return Object.hasOwn(container, key) && !isForbiddenKey(key);
  }
  return run.fail(`${capital(typeName(container))} holds nothing that "in" could look for`);
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

/** First letter in upper case, for the start of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
