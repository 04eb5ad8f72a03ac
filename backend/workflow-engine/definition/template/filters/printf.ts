import type { Keyword } from '../arguments.ts';
import { print } from '../print.ts';
import type { Run } from '../run.ts';
import { typeName } from '../values.ts';
import { roundHalfEven } from './rounding.ts';

const directive = /%(?:\(([^()]{0,100})\))?([-+ 0#]{0,5})(\d{0,7})(?:\.(\d{0,3}))?([a-zA-Z%])/g;

interface Directive {
  flags: string;
  width: number;
  precision: number | null;
  type: string;
}

/**
 * Python's `%` formatting, as the `format` filter and `text % value` use it: `%s %r %d %i %f %e %g %x %X %o %c %%`
 * with flags, width and precision, and `%(name)s` for keywords. Too few or too many values: `template_error`.
 */
export function formatText(
  run: Run,
  pattern: string,
  args: readonly unknown[],
  keywords: readonly Keyword<unknown>[],
): string {
  run.chargeText(pattern.length);
  let next = 0;
  let built = '';
  let at = 0;
  for (const found of pattern.matchAll(directive)) {
    const [whole, name, flags = '', width = '', precision, type = ''] = found;
    const before = pattern.slice(at, found.index);
    if (before.includes('%')) run.fail('The text to format holds a "%" that means nothing; a percent sign is "%%"');
    at = found.index + whole.length;
    let piece = '%';
    if (type !== '%') {
      const value = name === undefined ? args[next] : keywords.find((keyword) => keyword.name === name)?.value;
      if (name === undefined && next >= args.length) run.fail('The text to format asks for more values than there are');
      if (name === undefined) next += 1;
      const sized = {
        flags,
        width: Number(width),
        precision: precision === undefined ? null : Number(precision),
        type,
      };
      piece = formatOne(run, sized, value);
    }
    built += before + piece;
    run.chargeText(built.length);
  }
  if (pattern.includes('%', at)) run.fail('The text to format holds a "%" that means nothing; a percent sign is "%%"');
  if (next < args.length) run.fail('The text to format asks for fewer values than there are');
  return built + pattern.slice(at);
}

function formatOne(run: Run, directiveOf: Directive, value: unknown): string {
  const { flags, width, type } = directiveOf;
  run.chargeText(width);
  const text = convert(run, directiveOf, value);
  if (text.length >= width) return text;
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || 'srcR'.includes(type)) return text.padStart(width);
  const sign = /^[-+ ]/.test(text) ? text.slice(0, 1) : '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

function convert(run: Run, { flags, precision, type }: Directive, value: unknown): string {
  if ('src'.includes(type)) {
    const text = print(run, value);
    run.chargeText(text.length);
    return precision === null ? text : text.slice(0, precision);
  }
  if (!'dieEfFgGxXo'.includes(type)) return run.fail(`The text to format holds "%${type}", which is not supported`);
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (typeof number !== 'number') return run.fail(`"%${type}" needs a number, not ${typeName(value)}`);
  const digits = unsigned(Math.abs(number), type, precision ?? 6);
  const isNegative = number < 0 && Number(digits) !== 0;
  return (isNegative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + digits;
}

function unsigned(number: number, type: string, precision: number): string {
  const places = Math.min(precision, 100);
  switch (type) {
    case 'd':
    case 'i':
      return BigInt(Math.trunc(number)).toString();
    case 'x':
      return BigInt(Math.trunc(number)).toString(16);
    case 'X':
      return BigInt(Math.trunc(number)).toString(16).toUpperCase();
    case 'o':
      return BigInt(Math.trunc(number)).toString(8);
    case 'f':
    case 'F':
      return number < 1e21
        ? roundHalfEven(number, places).toFixed(places)
        : BigInt(number).toString() + (places > 0 ? `.${'0'.repeat(places)}` : '');
    case 'e':
    case 'E': {
      const text = number.toExponential(places).replace(/e([-+])(\d)$/, 'e$10$2');
      return type === 'E' ? text.toUpperCase() : text;
    }
    default: {
      const text = general(number, Math.max(1, places));
      return type === 'G' ? text.toUpperCase() : text;
    }
  }
}

/** `%g`: the shorter of fixed and exponential, without trailing zeros. */
function general(number: number, digits: number): string {
  const exponent = number === 0 ? 0 : Number(number.toExponential(digits - 1).split('e')[1]);
  if (exponent < -4 || exponent >= digits) {
    const [mantissa = '', power = ''] = number.toExponential(digits - 1).split('e');
    return `${withoutZeros(mantissa)}e${power.slice(0, 1)}${power.slice(1).padStart(2, '0')}`;
  }
  return withoutZeros(number.toFixed(Math.min(100, Math.max(0, digits - 1 - exponent))));
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
}
