import type { Keyword } from '../arguments.ts';
import type { Run } from '../run.ts';
import { characters, isMapping, typeName } from '../values.ts';
import { capital } from '../compare.ts';
import { print } from '../print.ts';

/**
 * One filter of format.md 6.2. `args` come in the order of `params`, undefined where not given; a `free` filter gets
 * them as written, with the keywords apart. A filter never changes what it is given, and charges the run for its work.
 */
export interface Filter {
  readonly name: string;
  readonly params: readonly string[];
  readonly required: number;
  /** Takes arguments that `params` do not name. */
  readonly free: boolean;
  /** For a free filter: which argument names another filter or a test. */
  readonly names?: { readonly kind: 'filter' | 'test'; readonly at: number };
  /** Asks whether the value is there at all, so that an undefined one is no surprise. */
  readonly asksPresence?: boolean;
  apply(run: Run, value: unknown, args: readonly unknown[], keywords: readonly Keyword<unknown>[]): unknown;
}

/** A filter with named parameters; those written `name!` are required. */
export function filter(
  name: string,
  params: readonly string[],
  apply: (run: Run, value: unknown, args: readonly unknown[]) => unknown,
): Filter {
  const required = params.filter((param) => param.endsWith('!')).length;
  return { name, params: params.map((param) => param.replace('!', '')), required, free: false, apply };
}

/** The value as text, charged as one that is about to be copied. */
export function textOf(run: Run, value: unknown): string {
  const text = print(run, value);
  run.chargeText(text.length);
  return text;
}

/** What a `for` or a list filter walks over: items, keys, characters; nothing for undefined (format.md 6.6). */
export function itemsOf(run: Run, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    run.charge(value.length);
    return value;
  }
  if (value === undefined) return [];
  if (typeof value === 'string') {
    run.charge(value.length);
    return characters(value);
  }
  if (isMapping(value)) {
    const keys = Object.keys(value);
    run.charge(4 * keys.length);
    return keys;
  }
  return run.fail(`${capital(typeName(value))} cannot be walked through`);
}

/** A whole number, or the fallback for undefined and none. */
export function integerOf(run: Run, value: unknown, what: string, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number)) return number;
  return run.fail(`"${what}" must be a whole number, not ${typeName(value)}`);
}

/** A text argument, or the fallback for undefined and none. */
export function stringOf(run: Run, value: unknown, fallback: string): string {
  return value === undefined || value === null ? fallback : print(run, value);
}
