import { compare, contains, equals } from './compare.ts';
import type { Run } from './run.ts';
import { isMapping, typeName } from './values.ts';

/** One test of format.md 6.3. */
export interface Test {
  readonly name: string;
  /** Takes one argument, as in `is divisibleby 3`. */
  readonly takesArgument: boolean;
  /** Asks whether the operand is there at all, so that an undefined one is no surprise. */
  readonly asksPresence: boolean;
  apply(run: Run, value: unknown, argument: unknown): boolean;
}

type Check = (run: Run, value: unknown, argument: unknown) => boolean;

function isIn(run: Run, value: unknown, argument: unknown): boolean {
  return contains(run, argument, value);
}

/** `<`, `>` and their like: false when either side is undefined (format.md 6.6). */
function ordered(check: (order: number) => boolean): Check {
  return (run, value, argument) =>
    value !== undefined && argument !== undefined && check(compare(run, value, argument));
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

function remainder(run: Run, value: unknown, divisor: unknown): number {
  if (value === undefined || divisor === undefined) return Number.NaN;
  if (typeof value !== 'number') return run.fail(`A number is needed here, not ${typeName(value)}`);
  if (typeof divisor !== 'number') return run.fail(`A number is needed here, not ${typeName(divisor)}`);
  return divisor === 0 ? run.fail('Division by zero') : Math.abs(value % divisor);
}

const isLower: Check = (run, value) => isCased(run, value, (text) => text.toLowerCase());
const isUpper: Check = (run, value) => isCased(run, value, (text) => text.toUpperCase());

/** Unchanged by the conversion, and with at least one letter that has a case. */
function isCased(run: Run, value: unknown, convert: (text: string) => string): boolean {
  if (typeof value !== 'string') return false;
  run.chargeText(value.length);
  return convert(value) === value && value.toLowerCase() !== value.toUpperCase();
}

const plain: Record<string, Check> = {
  boolean: (_run, value) => typeof value === 'boolean',
  defined: (_run, value) => value !== undefined,
  even: (run, value) => remainder(run, value, 2) === 0,
  false: (_run, value) => value === false,
  float: (_run, value) => typeof value === 'number' && !isInteger(value),
  integer: (_run, value) => isInteger(value),
  iterable: (_run, value) => typeof value === 'string' || Array.isArray(value) || isMapping(value),
  lower: isLower,
  mapping: (_run, value) => isMapping(value),
  none: (_run, value) => value === null,
  number: (_run, value) => typeof value === 'number',
  odd: (run, value) => remainder(run, value, 2) === 1,
  // As in Jinja, whatever has a length and items: objects and texts too.
  sequence: (_run, value) => typeof value === 'string' || Array.isArray(value) || isMapping(value),
  string: (_run, value) => typeof value === 'string',
  true: (_run, value) => value === true,
  undefined: (_run, value) => value === undefined,
  upper: isUpper,
};

const comparing: Record<string, Check> = {
  divisibleby: (run, value, argument) => remainder(run, value, argument) === 0,
  eq: equals,
  equalto: equals,
  ge: ordered((order) => order >= 0),
  gt: ordered((order) => order > 0),
  in: isIn,
  le: ordered((order) => order <= 0),
  lt: ordered((order) => order < 0),
  ne: (run, value, argument) => !equals(run, value, argument),
  sameas: (_run, value, argument) => value === argument,
};

/** Spellings that Jinja allows in `selectattr('x', '>', 3)`; understood, not advertised. */
const aliases: Record<string, string> = {
  '==': 'eq',
  '!=': 'ne',
  '>': 'gt',
  '>=': 'ge',
  '<': 'lt',
  '<=': 'le',
  greaterthan: 'gt',
  lessthan: 'lt',
};

const tests = new Map<string, Test>();
for (const [name, apply] of Object.entries(plain)) {
  tests.set(name, { name, takesArgument: false, asksPresence: name === 'defined' || name === 'undefined', apply });
}
for (const [name, apply] of Object.entries(comparing)) {
  tests.set(name, { name, takesArgument: true, asksPresence: false, apply: (run, a, b) => apply(run, a, b) });
}

/** Names of all tests, sorted, for completion. */
export const templateTests: readonly string[] = [...tests.keys()].sort();

/** The test of that name, or undefined. */
export function findTest(name: string): Test | undefined {
  return tests.get(Object.hasOwn(aliases, name) ? (aliases[name] as string) : name);
}
