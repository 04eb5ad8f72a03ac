import { formatText } from './filters/printf.ts';
import { capital } from './compare.ts';
import type { Run } from './run.ts';
import { isList, typeName } from './values.ts';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** `a + b`: numbers, texts, lists. Undefined makes undefined (format.md 6.6). */
export function add(run: Run, a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return finite(run, a + b);
  if (a === undefined || b === undefined) return undefined;
  if (typeof a === 'string' && typeof b === 'string') {
    run.chargeText(a.length + b.length);
    return a + b;
  }
  if (isList(a) && isList(b)) {
    run.charge(a.length + b.length);
    return [...a, ...b];
  }
  const left = toNumber(a);
  const right = toNumber(b);
  if (left !== null && right !== null) return finite(run, left + right);
  const hint = typeof a === 'string' || typeof b === 'string' ? '; "~" joins anything as text' : '';
  return run.fail(`${capital(typeName(a))} and ${typeName(b)} cannot be added${hint}`);
}

/**
 * Arithmetic of format.md 6.6: doubles, `/` real, `//` floors, `%` has the sign of the divisor; a text or a list
 * times a number repeats, a text `%` a value formats. Division by zero and what is no number: `template_error`.
 */
export function calculate(run: Run, operator: ArithmeticOperator, a: unknown, b: unknown): unknown {
  if (operator === '+') return add(run, a, b);
  if (a === undefined || b === undefined) return undefined;
  if (operator === '%' && typeof a === 'string') return formatText(run, a, isList(b) ? b : [b], []);
  if (operator === '*') {
    if (typeof a === 'string' || isList(a)) return repeat(run, a, b);
    if (typeof b === 'string' || isList(b)) return repeat(run, b, a);
  }
  const left = toNumber(a);
  const right = toNumber(b);
  if (left === null || right === null) {
    const wrong = left === null ? a : b;
    return run.fail(`"${operator}" needs numbers, not ${typeName(wrong)}`);
  }
  if (right === 0 && (operator === '/' || operator === '//' || operator === '%')) return run.fail('Division by zero');
  switch (operator) {
    case '-':
      return finite(run, left - right);
    case '*':
      return finite(run, left * right);
    case '/':
      return finite(run, left / right);
    case '//':
      return finite(run, Math.floor(left / right));
    case '%':
      return finite(run, modulo(left, right));
    case '**':
      return finite(run, left ** right);
  }
}

/** `-a` and `+a`. */
export function sign(run: Run, operator: '-' | '+', value: unknown): unknown {
  if (value === undefined) return undefined;
  const number = toNumber(value);
  if (number === null) return run.fail(`"${operator}" needs a number, not ${typeName(value)}`);
  return operator === '-' ? 0 - number : number;
}

function modulo(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function repeat(run: Run, value: string | readonly unknown[], times: unknown): unknown {
  const count = toNumber(times);
  if (count === null || !Number.isInteger(count)) {
    return run.fail(`${capital(typeName(value))} can only be repeated a whole number of times`);
  }
  const length = value.length * Math.max(0, count);
  if (typeof value === 'string') {
    run.chargeText(length);
    return count > 0 ? value.repeat(count) : '';
  }
  run.charge(length);
  return Array.from({ length }, (_, index) => value[index % value.length]);
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' ? Number(value) : null;
}

function finite(run: Run, value: number): number {
  // `+ 0` turns a negative zero, which JSON cannot keep, into zero.
  return Number.isFinite(value) ? value + 0 : run.fail('The result is no number that can be kept');
}
