import { faulty } from './expression-tokens.ts';

type Numbers = (...values: number[]) => number;

/** Rounds halves away from zero, as people do: round(2.5) is 3, round(-2.5) is -3. */
function round(value: number, digits = 0): number {
  if (!Number.isInteger(digits) || Math.abs(digits) > 15) return Number.NaN;
  // Shifting by the exponent avoids 1.005 * 100 = 100.49999….
  const shift = (number: number, by: number): number => {
    const [mantissa = '0', exponent = '0'] = String(number).split('e');
    return Number(`${mantissa}e${Number(exponent) + by}`);
  };
  return Math.sign(value) * shift(Math.round(shift(Math.abs(value), digits)), -digits);
}

/** Least and most number of arguments, and the function; format.md 14.10 lists them all. */
const numeric: Record<string, [number, number, Numbers]> = {
  ceil: [1, 1, Math.ceil],
  floor: [1, 1, Math.floor],
  sqrt: [1, 1, Math.sqrt],
  abs: [1, 1, Math.abs],
  pow: [2, 2, (base, exponent) => base ** exponent],
  round: [1, 2, round],
  min: [1, 1000, Math.min],
  max: [1, 1000, Math.max],
};

/** Calls a function of the expression language. Anything but the nine names of 14.10 is refused. */
export function callFunction(name: string, args: unknown[], column: number): number {
  if (name === 'len') return lengthOf(args, column);
  const entry = Object.hasOwn(numeric, name) ? numeric[name] : undefined;
  if (!entry)
    throw faulty(
      `there is no function called "${name}"; there are ceil, floor, sqrt, pow, min, max, abs, round and len.`,
      column,
    );
  const [least, most, work] = entry;
  const [only] = args;
  const values: unknown[] = args.length === 1 && Array.isArray(only) && most === 1000 ? only : args;
  if (values.length < least || values.length > most) {
    throw faulty(
      `${name} takes ${least === most ? least : `${least} to ${most}`} values, not ${values.length}.`,
      column,
    );
  }
  return work(...values.map((value) => numberFor(value, name, column)));
}

function lengthOf(args: unknown[], column: number): number {
  const [value] = args;
  if (args.length !== 1) throw faulty(`len takes 1 value, not ${args.length}.`, column);
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length;
  throw faulty(`len takes a text, a list or an object, not ${describe(value)}.`, column);
}

/** Insists on a number. */
export function numberFor(value: unknown, who: string, column: number): number {
  if (typeof value === 'number') return value;
  throw faulty(`"${who}" needs numbers, not ${describe(value)}.`, column);
}

/** What a value is, for a message. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing (null)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 40))}`;
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${JSON.stringify(value)}`;
}
