import type { Run } from '../run.ts';
import { typeName } from '../values.ts';
import { filter, integerOf, stringOf } from './filter.ts';
import { roundHalfEven } from './rounding.ts';

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Longer texts are no numbers that anybody wrote. */
const longestNumber = 400;

/** Number of a value for arithmetic filters; undefined stays undefined (format.md 6.6). */
function numberOf(run: Run, value: unknown): number | undefined {
  if (typeof value === 'number' || value === undefined) return value;
  if (typeof value === 'boolean') return Number(value);
  return run.fail(`A number is needed here, not ${typeName(value)}`);
}

function toFloat(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string' || value.length > longestNumber) return null;
  const text = value.trim();
  const number = decimal.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

function toInteger(run: Run, value: unknown, [fallback, base]: readonly unknown[]): unknown {
  const radix = integerOf(run, base, 'base', 10);
  const otherwise = fallback === undefined ? 0 : fallback;
  if (typeof value === 'string' && radix !== 10) return fromBase(run, value.trim(), radix) ?? otherwise;
  const number = toFloat(value);
  return number === null ? otherwise : Math.trunc(number) + 0;
}

function fromBase(run: Run, text: string, radix: number): number | null {
  if (radix < 2 || radix > 36) return run.fail('"base" must be between 2 and 36');
  if (text.length > longestNumber) return null;
  const prefix = { 2: '0b', 8: '0o', 16: '0x' }[radix];
  const sign = text.startsWith('-') ? -1 : 1;
  let digits = text.replace(/^[+-]/, '').toLowerCase();
  if (prefix !== undefined && digits.startsWith(prefix)) digits = digits.slice(2);
  const known = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, radix);
  if (digits === '' || [...digits].some((digit) => !known.includes(digit))) return null;
  const number = sign * Number.parseInt(digits, radix);
  return Number.isFinite(number) ? number : null;
}

function round(run: Run, value: unknown, [places, how]: readonly unknown[]): number | undefined {
  const number = numberOf(run, value);
  if (number === undefined) return undefined;
  const precision = integerOf(run, places, 'precision', 0);
  const method = stringOf(run, how, 'common');
  if (method === 'common') return roundHalfEven(number, precision) + 0;
  if (method !== 'ceil' && method !== 'floor') return run.fail('"method" of round is "common", "ceil" or "floor"');
  const scale = 10 ** precision;
  const scaled = Math[method](number * scale) / scale;
  return Number.isFinite(scaled) ? scaled + 0 : number;
}

/** Number filters of format.md 6.2. `int` and `float` give their default (0) for what is no number. */
export const numberFilters = [
  filter('abs', [], (run, value) => {
    const number = numberOf(run, value);
    return number === undefined ? undefined : Math.abs(number);
  }),
  filter('float', ['default'], (_run, value, [fallback]) => toFloat(value) ?? (fallback === undefined ? 0 : fallback)),
  filter('int', ['default', 'base'], toInteger),
  filter('round', ['precision', 'method'], round),
];
