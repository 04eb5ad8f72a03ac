import { WfmError } from '../../../errors/index.ts';
import { limits } from '../../../models/limits.ts';
import { callFunction, describe, numberFor } from './expression-functions.ts';
import { type Expression, parseExpression } from './expression-parser.ts';
import { faulty } from './expression-tokens.ts';

const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Evaluates a computed expression over the fields of one record (format.md 14.10). Arithmetic and truth follow Python:
 * `//` and `%` round down, empty texts, lists and objects, 0 and null are false, `and`/`or` give one of their sides.
 *
 * @param fields plain JSON values by name; only own properties are seen
 * @returns a plain JSON value; numbers are finite
 * @throws WfmError `expression_limit` over 2 KB, 32 levels or 10 000 operations; `input_invalid` for everything else
 *   that is wrong: syntax, an unknown field or function, operands of the wrong type, division by zero
 */
export function evaluateExpression(source: string, fields: Record<string, unknown>): unknown {
  const length = source.length > limits.expressionSource ? source.length : new TextEncoder().encode(source).length;
  if (length > limits.expressionSource) throw overLimit('length', limits.expressionSource, 'bytes long');
  return new Evaluation(fields).value(parseExpression(source));
}

function overLimit(what: string, limit: number, unit: string): WfmError {
  return new WfmError('expression_limit', `The expression may be at most ${limit} ${unit}.`, {
    params: { what, limit },
  });
}

class Evaluation {
  readonly #fields: Record<string, unknown>;
  #operations = 0;

  constructor(fields: Record<string, unknown>) {
    this.#fields = fields;
  }

  value(node: Expression): unknown {
    this.#spend(1);
    switch (node.kind) {
      case 'literal':
        return node.value;
      case 'field':
        return this.#field(node.name, node.column);
      case 'list':
        return node.items.map((item) => this.value(item));
      case 'index':
        return indexed(this.value(node.target), this.value(node.key), node.column);
      case 'call':
        return this.#call(node);
      case 'unary': {
        const operand = this.value(node.operand);
        if (node.sign === 'not') return !isTrue(operand);
        const number = numberFor(operand, node.sign, node.column);
        return node.sign === '-' ? -number : number;
      }
      case 'binary':
        return this.#arithmetic(node.sign, this.value(node.left), this.value(node.right), node.column);
      case 'compare':
        return this.#comparison(node);
      case 'either': {
        const left = this.value(node.left);
        return isTrue(left) === (node.sign === 'and') ? this.value(node.right) : left;
      }
      case 'choice':
        return this.value(isTrue(this.value(node.condition)) ? node.yes : node.no);
    }
  }

  #field(name: string, column: number): unknown {
    if (forbidden.has(name) || !Object.hasOwn(this.#fields, name))
      throw faulty(`there is no field called "${name}".`, column);
    return this.#fields[name] ?? null;
  }

  #call(node: Expression & { kind: 'call' }): number {
    const args = node.args.map((argument) => this.value(argument));
    for (const argument of args) this.#spend(sizeOf(argument) / 16);
    return finite(callFunction(node.name, args, node.column), node.column);
  }

  #arithmetic(sign: string, left: unknown, right: unknown, column: number): unknown {
    if (sign === '+' && typeof left === 'string' && typeof right === 'string') {
      this.#spend((left.length + right.length) / 16);
      return left + right;
    }
    const a = numberFor(left, sign, column);
    const b = numberFor(right, sign, column);
    if (b === 0 && (sign === '/' || sign === '//' || sign === '%'))
      throw faulty('a number is divided by zero.', column);
    return finite(calculate(sign, a, b), column);
  }

  #comparison(node: Expression & { kind: 'compare' }): boolean {
    let left = this.value(node.first);
    for (const { sign, operand } of node.rest) {
      const right = this.value(operand);
      this.#spend((sizeOf(left) + sizeOf(right)) / 16);
      if (!compares(sign, left, right, node.column)) return false;
      left = right;
    }
    return true;
  }

  #spend(operations: number): void {
    this.#operations += operations;
    if (this.#operations > limits.expressionOperations)
      throw overLimit('operations', limits.expressionOperations, 'operations');
  }
}

function calculate(sign: string, a: number, b: number): number {
  switch (sign) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '//':
      return Math.floor(a / b);
    case '%':
      return a - b * Math.floor(a / b);
    default:
      return a ** b;
  }
}

function finite(value: number, column: number): number {
  if (!Number.isFinite(value)) throw faulty('the result is not a number that can be written.', column);
  return value === 0 ? 0 : value;
}

function compares(sign: string, left: unknown, right: unknown, column: number): boolean {
  if (sign === '==') return same(left, right);
  if (sign === '!=') return !same(left, right);
  const comparable =
    (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string');
  if (!comparable) throw faulty(`${describe(left)} and ${describe(right)} have no order.`, column);
  const [a, b] = [left as number, right as number];
  if (sign === '<') return a < b;
  if (sign === '<=') return a <= b;
  return sign === '>' ? a > b : a >= b;
}

function same(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
  const [a, b] = [Object.entries(left), right as Record<string, unknown>];
  if (Array.isArray(left) !== Array.isArray(right) || a.length !== Object.keys(right).length) return false;
  return a.every(([key, value]) => Object.hasOwn(b, key) && same(value, b[key]));
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  let size = 1;
  for (const child of Object.values(value)) {
    size += sizeOf(child);
    if (size > limits.expressionOperations * 16) break;
  }
  return size;
}

function indexed(target: unknown, key: unknown, column: number): unknown {
  if (typeof target === 'string' || Array.isArray(target)) {
    if (!Number.isInteger(key))
      throw faulty(
        `a ${typeof target === 'string' ? 'text' : 'list'} is indexed by whole numbers, not by ${describe(key)}.`,
        column,
      );
    const items = typeof target === 'string' ? [...target] : (target as unknown[]);
    return items.at(key as number) ?? null;
  }
  if (typeof target !== 'object' || target === null) throw faulty(`${describe(target)} has nothing inside.`, column);
  if (typeof key !== 'string') throw faulty(`an object is indexed by names, not by ${describe(key)}.`, column);
  return !forbidden.has(key) && Object.hasOwn(target, key) ? ((target as Record<string, unknown>)[key] ?? null) : null;
}

function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}
