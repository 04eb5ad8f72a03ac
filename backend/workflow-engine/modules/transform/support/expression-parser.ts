import { WfmError } from '../../../errors/index.ts';
import { limits } from '../../../models/limits.ts';
import { faulty, type Token, tokensOf } from './expression-tokens.ts';

export type Expression =
  | { kind: 'literal'; value: number | string | boolean | null }
  | { kind: 'field'; name: string; column: number }
  | { kind: 'list'; items: Expression[] }
  | { kind: 'index'; target: Expression; key: Expression; column: number }
  | { kind: 'call'; name: string; args: Expression[]; column: number }
  | { kind: 'unary'; sign: '-' | '+' | 'not'; operand: Expression; column: number }
  | { kind: 'binary'; sign: string; left: Expression; right: Expression; column: number }
  | { kind: 'compare'; first: Expression; rest: { sign: string; operand: Expression }[]; column: number }
  | { kind: 'either'; sign: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'choice'; condition: Expression; yes: Expression; no: Expression };

const constants = new Map<string, boolean | null>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['null', null],
  ['None', null],
]);
const words = new Set(['and', 'or', 'not', 'if', 'else']);
const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);
/** How tightly each infix sign binds; a higher number binds tighter. */
const power = new Map<string, number>([
  ['if', 1],
  ['?', 1],
  ['or', 2],
  ['||', 2],
  ['and', 3],
  ['&&', 3],
  ...[...comparisons].map((sign): [string, number] => [sign, 5]),
  ['+', 6],
  ['-', 6],
  ['*', 7],
  ['/', 7],
  ['//', 7],
  ['%', 7],
  ['**', 9],
  ['[', 10],
  ['.', 10],
]);
const notPower = 4;
const signPower = 8;

/**
 * Parses a computed expression (format.md 14.10) into a tree at most 32 deep.
 *
 * @throws WfmError `input_invalid` with the column, `expression_limit` when it is nested too deeply
 */
export function parseExpression(source: string): Expression {
  const parser = new Parser(tokensOf(source));
  return parser.whole();
}

class Parser {
  readonly #tokens: Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const tree = this.#expression(0);
    if (this.#next.kind !== 'end') throw this.#unexpected();
    return tree;
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: 'the end', column: 1 };
  }

  #expression(least: number): Expression {
    if (++this.#depth > limits.expressionDepth) {
      const message = `The expression is nested more than ${limits.expressionDepth} deep.`;
      throw new WfmError('expression_limit', message, { params: { what: 'depth', limit: limits.expressionDepth } });
    }
    let left = this.#prefix();
    for (;;) {
      const token = this.#next;
      const binds = token.kind === 'sign' || token.kind === 'name' ? power.get(token.text) : undefined;
      if (binds === undefined || binds <= least) break;
      left = this.#infix(left, this.#take(), binds);
    }
    this.#depth--;
    return left;
  }

  #prefix(): Expression {
    const token = this.#take();
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'literal', value: token.text };
    if (token.kind === 'name') return this.#name(token);
    if (token.text === '(') {
      const inner = this.#expression(0);
      this.#expect(')');
      return inner;
    }
    if (token.text === '[') return { kind: 'list', items: this.#list(']') };
    if (token.text === '!')
      return { kind: 'unary', sign: 'not', operand: this.#expression(signPower), column: token.column };
    if (token.text === '-' || token.text === '+') {
      return { kind: 'unary', sign: token.text, operand: this.#expression(signPower), column: token.column };
    }
    throw this.#unexpected(token);
  }

  #name(token: Token): Expression {
    const { text: name, column } = token;
    if (name === 'not') return { kind: 'unary', sign: 'not', operand: this.#expression(notPower), column };
    if (words.has(name)) throw this.#unexpected(token);
    const constant = constants.get(name);
    if (constant !== undefined) return { kind: 'literal', value: constant };
    if (this.#next.text !== '(' || this.#next.kind !== 'sign') return { kind: 'field', name, column };
    this.#take();
    return { kind: 'call', name, args: this.#list(')'), column };
  }

  #infix(left: Expression, token: Token, binds: number): Expression {
    const { text: sign, column } = token;
    if (comparisons.has(sign)) return this.#comparison(left, token, binds);
    switch (sign) {
      case '[': {
        const key = this.#expression(0);
        this.#expect(']');
        return { kind: 'index', target: left, key, column };
      }
      case '.': {
        const name = this.#take();
        if (name.kind !== 'name') throw this.#unexpected(name);
        return { kind: 'index', target: left, key: { kind: 'literal', value: name.text }, column };
      }
      case 'if': {
        const condition = this.#expression(1);
        this.#expect('else');
        return { kind: 'choice', condition, yes: left, no: this.#expression(0) };
      }
      case '?': {
        const yes = this.#expression(0);
        this.#expect(':');
        return { kind: 'choice', condition: left, yes, no: this.#expression(0) };
      }
      case 'and':
      case '&&':
        return { kind: 'either', sign: 'and', left, right: this.#expression(binds) };
      case 'or':
      case '||':
        return { kind: 'either', sign: 'or', left, right: this.#expression(binds) };
      default:
        // Powers group to the right, and their exponent may carry a sign: 2 ** -1.
        return { kind: 'binary', sign, left, right: this.#expression(sign === '**' ? signPower - 1 : binds), column };
    }
  }

  /** `a < b < c` means `a < b and b < c`. */
  #comparison(first: Expression, token: Token, binds: number): Expression {
    const rest = [{ sign: token.text, operand: this.#expression(binds) }];
    while (this.#next.kind === 'sign' && comparisons.has(this.#next.text)) {
      const { text: sign } = this.#take();
      rest.push({ sign, operand: this.#expression(binds) });
    }
    return { kind: 'compare', first, rest, column: token.column };
  }

  #list(close: string): Expression[] {
    const items: Expression[] = [];
    while (!(this.#next.kind === 'sign' && this.#next.text === close)) {
      items.push(this.#expression(0));
      if (this.#next.text === ',') this.#take();
      else break;
    }
    this.#expect(close);
    return items;
  }

  #take(): Token {
    const token = this.#next;
    this.#at++;
    return token;
  }

  #expect(text: string): void {
    const token = this.#take();
    if (token.text !== text || (token.kind !== 'sign' && token.kind !== 'name')) {
      throw faulty(
        `"${text}" is missing before ${token.kind === 'end' ? 'the end' : `"${token.text}"`}.`,
        token.column,
      );
    }
  }

  #unexpected(token = this.#next): WfmError {
    return faulty(
      token.kind === 'end' ? 'something is missing.' : `"${token.text}" does not belong here.`,
      token.column,
    );
  }
}
