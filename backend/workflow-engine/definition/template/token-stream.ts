import { limits } from '../../models/limits.ts';
import { type TemplateErrorCode, templateError } from './position.ts';
import type { Token } from './tokens.ts';

/** Tallest expression tree: chains of attributes and filters count here, brackets in `templateDepth`. */
const tallest = 4 * limits.templateDepth;

/** The tokens of one `{{ }}` or `{% %}`, read from the left, with the limits that keep recursion shallow. */
export class TokenStream {
  private readonly source: string;
  private readonly tokens: readonly Token[];
  private index = 0;
  private depth = 0;

  constructor(source: string, tokens: readonly Token[]) {
    this.source = source;
    this.tokens = tokens;
  }

  get current(): Token {
    return this.tokens[this.index] as Token;
  }

  /** Offset behind the token that was read last. */
  get readUpTo(): number {
    return this.tokens[this.index - 1]?.end ?? this.current.start;
  }

  next(): Token {
    const token = this.current;
    if (token.kind !== 'end') this.index += 1;
    return token;
  }

  isOperator(text: string): boolean {
    return this.current.kind === 'operator' && this.current.text === text;
  }

  isWord(text: string): boolean {
    return this.current.kind === 'name' && this.current.text === text;
  }

  /** Reads the operator if it stands here. */
  accept(text: string): boolean {
    const found = this.isOperator(text);
    if (found) this.index += 1;
    return found;
  }

  /** Reads the word if it stands here. */
  acceptWord(text: string): boolean {
    const found = this.isWord(text);
    if (found) this.index += 1;
    return found;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.unexpected(`"${text}"`);
  }

  expectEnd(): void {
    if (this.current.kind !== 'end') this.unexpected('the end');
  }

  unexpected(wanted: string): never {
    const found = this.current.kind === 'end' ? 'the end' : JSON.stringify(this.current.text.slice(0, 40));
    this.fail('template_syntax', `Expected ${wanted} but found ${found}`);
  }

  fail(
    code: TemplateErrorCode,
    sentence: string,
    offset = this.current.start,
    params: Record<string, unknown> = {},
  ): never {
    throw templateError(code, sentence, { source: this.source, offset }, params);
  }

  /** Runs `read` one level deeper in brackets and signs. */
  nested<T>(read: () => T): T {
    this.depth += 1;
    this.checkDepth(this.depth);
    const result = read();
    this.depth -= 1;
    return result;
  }

  /** Over 64 levels, of blocks or of an expression, is `template_limit` (format.md 23). */
  checkDepth(depth: number): void {
    if (depth > limits.templateDepth) this.tooDeep(limits.templateDepth, depth);
  }

  /** Height of a node above the given children. */
  heightAbove(...heights: number[]): number {
    const height = 1 + Math.max(0, ...heights);
    if (height > tallest) this.tooDeep(tallest, height);
    return height;
  }

  private tooDeep(limit: number, actual: number): never {
    const params = { what: 'nesting', limit, actual };
    this.fail('template_limit', `The template is nested more than ${limit} levels deep`, this.current.start, params);
  }
}
