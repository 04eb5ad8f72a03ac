import { bindArguments, type Keyword } from './arguments.ts';
import { DateValue } from './dates.ts';
import { integerOf, itemsOf, stringOf } from './filters/filter.ts';
import { capitalize, replaceText, stripText, titleCase } from './filters/text.ts';
import { print } from './print.ts';
import type { Run } from './run.ts';
import { isMapping, ownValue, typeName } from './values.ts';

interface Method<T> {
  readonly params: readonly string[];
  readonly required: number;
  apply(run: Run, value: T, args: readonly unknown[]): unknown;
}

type MethodTable<T> = Record<string, Method<T>>;

function method<T>(params: readonly string[], apply: Method<T>['apply']): Method<T> {
  const required = params.filter((param) => param.endsWith('!')).length;
  return { params: params.map((param) => param.replace('!', '')), required, apply };
}

function optionalSet(run: Run, value: unknown): string | null {
  return value === undefined || value === null ? null : stringOf(run, value, '');
}

function split(run: Run, text: string, [separator, most]: readonly unknown[]): string[] {
  run.chargeText(text.length);
  const count = integerOf(run, most, 'maxsplit', -1);
  const between = optionalSet(run, separator);
  if (between === '') return run.fail('The separator of split is empty');
  const source = between === null ? text.trimStart() : text;
  const pieces = between === null ? source.trimEnd().split(/\s+/) : source.split(between);
  run.charge(pieces.length);
  if (between === null && source === '') return [];
  if (count < 0 || pieces.length <= count + 1) return pieces;
  if (between !== null) return [...pieces.slice(0, count), pieces.slice(count).join(between)];
  // White space between the pieces that stay together is kept as it was, so the rest is cut from the text.
  let at = 0;
  for (const piece of pieces.slice(0, count)) at = source.indexOf(piece, at) + piece.length;
  return [...pieces.slice(0, count), source.slice(at).trimStart()];
}

function hasAffix(run: Run, affix: unknown, check: (affix: string) => boolean): boolean {
  const affixes = Array.isArray(affix) ? itemsOf(run, affix) : [affix];
  return affixes.some((one) =>
    typeof one === 'string' ? check(one) : run.fail(`A text is needed here, not ${typeName(one)}`),
  );
}

function joinTexts(run: Run, text: string, [items]: readonly unknown[]): string {
  let joined = '';
  for (const [index, item] of itemsOf(run, items).entries()) {
    const piece = print(run, item);
    run.charge(1 + ((piece.length + text.length) >>> 6));
    joined += index === 0 ? piece : text + piece;
    run.checkText(joined.length);
  }
  return joined;
}

/** Charges a text that is about to be copied. */
function copying(convert: (text: string, run: Run) => string): Method<string>['apply'] {
  return (run, text) => {
    run.chargeText(text.length);
    return convert(text, run);
  };
}

const ofTexts: MethodTable<string> = {
  upper: method(
    [],
    copying((text) => text.toUpperCase()),
  ),
  lower: method(
    [],
    copying((text) => text.toLowerCase()),
  ),
  title: method(
    [],
    copying((text, run) => titleCase(run, text)),
  ),
  capitalize: method(
    [],
    copying((text) => capitalize(text)),
  ),
  strip: method(['chars'], (run, text, [set]) => stripText(run, text, optionalSet(run, set), 'both')),
  lstrip: method(['chars'], (run, text, [set]) => stripText(run, text, optionalSet(run, set), 'start')),
  rstrip: method(['chars'], (run, text, [set]) => stripText(run, text, optionalSet(run, set), 'end')),
  split: method(['sep', 'maxsplit'], split),
  replace: method(['old!', 'new!', 'count'], (run, text, [old, fresh, count]) =>
    replaceText(run, text, stringOf(run, old, ''), stringOf(run, fresh, ''), integerOf(run, count, 'count', -1)),
  ),
  startswith: method(['prefix!'], (run, text, [prefix]) => hasAffix(run, prefix, (one) => text.startsWith(one))),
  endswith: method(['suffix!'], (run, text, [suffix]) => hasAffix(run, suffix, (one) => text.endsWith(one))),
  join: method(['iterable!'], joinTexts),
};

const ofObjects: MethodTable<Record<string, unknown>> = {
  items: method([], (run, object) => charged(run, Object.entries(object))),
  keys: method([], (run, object) => charged(run, Object.keys(object))),
  values: method([], (run, object) => charged(run, Object.values(object))),
  get: method(['key!', 'default'], (_run, object, [key, fallback]) => {
    const name = typeof key === 'number' ? String(key) : key;
    const found = typeof name === 'string' ? ownValue(object, name) : undefined;
    return found === undefined ? (fallback === undefined ? null : fallback) : found;
  }),
};

const ofDates: MethodTable<DateValue> = {
  strftime: method(['format!'], (run, date, [format]) => {
    const text = stringOf(run, format, '');
    run.chargeText(text.length);
    // A directive may call the host's calendar, which is slow.
    run.charge(8 + 8 * (text.split('%').length - 1));
    const formatted = date.strftime(text);
    run.chargeText(formatted.length);
    return formatted;
  }),
  isoformat: method([], (run, date) => {
    run.charge(8);
    return date.isoFormat();
  }),
};

/** The host lists a wide object's keys slowly, so each costs more than an item of a list. */
function charged(run: Run, items: unknown[]): unknown[] {
  run.charge(4 * items.length);
  return items;
}

/** What `callMethod` gives when the value has no method of that name. */
export const noMethod = Symbol('no method');

/** Calls a method of format.md 6.5 on a text, an object or a date. */
export function callMethod(
  run: Run,
  value: unknown,
  name: string,
  args: readonly unknown[],
  keywords: readonly Keyword<unknown>[],
): unknown {
  if (typeof value === 'string') return invoke(run, ofTexts, value, name, args, keywords);
  if (value instanceof DateValue) return invoke(run, ofDates, value, name, args, keywords);
  if (isMapping(value)) return invoke(run, ofObjects, value, name, args, keywords);
  return noMethod;
}

function invoke<T>(
  run: Run,
  table: MethodTable<T>,
  value: T,
  name: string,
  args: readonly unknown[],
  keywords: readonly Keyword<unknown>[],
): unknown {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!found) return noMethod;
  const bound = bindArguments(`The method "${name}"`, found, args, keywords);
  if (typeof bound === 'string') return run.fail(bound);
  return found.apply(run, value, bound);
}

/** Names of the methods of texts and objects (format.md 6.5), for completion. */
export const templateMethods = { text: Object.keys(ofTexts), object: Object.keys(ofObjects) } as const;
