import { limits } from '../../models/limits.ts';
import type { Keyword } from './arguments.ts';
import { DateValue } from './dates.ts';
import { integerOf } from './filters/filter.ts';
import { print } from './print.ts';
import type { Run } from './run.ts';
import { emptyObject, isForbiddenKey, isMapping, NamespaceValue, typeName } from './values.ts';

type GlobalFunction = (run: Run, args: readonly unknown[], keywords: readonly Keyword<unknown>[]) => unknown;

/** `range(stop)`, `range(start, stop)`, `range(start, stop, step)`: at most 10 000 numbers. */
function range(run: Run, args: readonly unknown[], keywords: readonly Keyword<unknown>[]): number[] {
  if (args.length < 1 || args.length > 3 || keywords.length > 0) return run.fail('range takes one to three numbers');
  if (args.some((arg) => typeof arg !== 'number')) return run.fail('range takes whole numbers');
  const numbers = args.map((arg) => integerOf(run, arg, 'range', 0));
  const [start = 0, stop = 0] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  const step = numbers[2] ?? 1;
  if (step === 0) return run.fail('The step of range must not be zero');
  const count = Math.max(0, Math.ceil((stop - start) / step));
  if (count > limits.templateRange) run.over('items of a range', limits.templateRange, count);
  run.charge(count);
  return Array.from({ length: count }, (_, index) => start + index * step);
}

/** Entries of `dict(other, a=1)` and `namespace(…)`: an object or pairs first, keywords over it. */
function entriesOf(
  run: Run,
  what: string,
  args: readonly unknown[],
  keywords: readonly Keyword<unknown>[],
): [string, unknown][] {
  if (args.length > 1) run.fail(`${what} takes one object or list of pairs, and names with values`);
  const [source] = args;
  const pairs: unknown[] =
    source === undefined ? [] : isMapping(source) ? Object.entries(source) : Array.isArray(source) ? source : [null];
  run.charge(4 * pairs.length + keywords.length);
  const entries = pairs.map((pair): [string, unknown] => {
    if (!Array.isArray(pair) || pair.length !== 2)
      return run.fail(`${what} takes an object or pairs, not ${typeName(source)}`);
    return [print(run, pair[0]), pair[1]];
  });
  for (const { name, value } of keywords) entries.push([name, value]);
  return entries.filter(([key]) => !isForbiddenKey(key));
}

function dict(run: Run, args: readonly unknown[], keywords: readonly Keyword<unknown>[]): Record<string, unknown> {
  const object = emptyObject();
  for (const [key, value] of entriesOf(run, 'dict', args, keywords)) object[key] = value;
  return object;
}

function namespace(run: Run, args: readonly unknown[], keywords: readonly Keyword<unknown>[]): NamespaceValue {
  const space = new NamespaceValue();
  for (const [key, value] of entriesOf(run, 'namespace', args, keywords)) space.entries.set(key, value);
  return space;
}

/** The instant that the caller gave, never the host's clock: a replay must see the same one. */
function now(run: Run, args: readonly unknown[], keywords: readonly Keyword<unknown>[]): unknown {
  if (args.length + keywords.length > 0) return run.fail('now takes no arguments');
  const { now: instant, timezone = 'UTC' } = run.context;
  if (instant === undefined) {
    run.warnHere();
    return undefined;
  }
  run.now ??= DateValue.at(instant, timezone);
  return run.now ?? run.fail(`There is no time zone "${timezone.slice(0, 100)}"`, { timezone });
}

const globals = new Map<string, GlobalFunction>([
  ['dict', dict],
  ['namespace', namespace],
  ['now', now],
  ['range', range],
]);

/** Names of the global functions of format.md 6.4, sorted, for completion. */
export const templateGlobals: readonly string[] = [...globals.keys()].sort();

/** The global function of that name, or undefined. */
export function findGlobal(name: string): GlobalFunction | undefined {
  return globals.get(name);
}
