import { LRUCache } from 'lru-cache';
import { cutSegments, normalizeSource, type Segment } from './lexer.ts';
import { parseExpression, parseExpressionList, parseFilters, parseOr } from './parse-expression.ts';
import { templateError } from './position.ts';
import type { Expression, SetBlockStatement, SetStatement, Statement, Template } from './syntax-tree.ts';
import { TokenStream } from './token-stream.ts';
import type { Token } from './tokens.ts';

/** Known to Jinja and refused (format.md 6.1), with their ends, so that the message names the statement. */
const refused = new Set(
  'include import from extends block macro call filter autoescape do with trans pluralize debug break continue'.split(
    ' ',
  ),
);

/** Words that mean something else, so that nothing can be called by them. */
const notNames = new Set('true True false False none None and or not in is if else elif loop'.split(' '));

const cache = new LRUCache<string, Template>({
  max: 5000,
  // In characters of source; a tree takes up to thirty times as much.
  maxSize: 2 * 1024 * 1024,
  sizeCalculation: (template) => 200 + template.source.length,
});

/**
 * Parses a template source. The same source gives the same tree, from a bounded cache, so parsing twice is cheap.
 * Throws `template_syntax`, `template_unsupported`, `filter_unknown` (filters and tests) or `template_limit`, each
 * with params `line` and `column`.
 */
export function parseTemplate(source: string): Template {
  const known = cache.get(source);
  if (known) return known;
  const text = normalizeSource(source);
  const { segments, plain } = cutSegments(text);
  const body = new TemplateParser(text, segments).parse();
  const template: Template = { source, text, body, lone: plain ? loneOf(body) : null };
  cache.set(source, template);
  return template;
}

/** Rule 5.4: white space aside, nothing but one output. */
function loneOf(body: readonly Statement[]): Expression | null {
  const parts = body.filter((statement) => statement.kind !== 'text' || statement.text.trim() !== '');
  const [only] = parts;
  return parts.length === 1 && only?.kind === 'output' ? only.expression : null;
}

class TemplateParser {
  private readonly text: string;
  private readonly segments: readonly Segment[];
  private index = 0;
  private depth = 0;

  constructor(text: string, segments: readonly Segment[]) {
    this.text = text;
    this.segments = segments;
  }

  parse(): Statement[] {
    const { statements } = this.readUntil([], 'the template', 0);
    return statements;
  }

  /** Reads statements up to one whose first word is among `ends`; its stream stands behind that word. */
  private readUntil(
    ends: readonly string[],
    what: string,
    opened: number,
  ): { statements: Statement[]; word: string; stream: TokenStream } {
    const statements: Statement[] = [];
    while (this.index < this.segments.length) {
      const segment = this.segments[this.index] as Segment;
      this.index += 1;
      if (segment.kind === 'text') {
        statements.push({ kind: 'text', text: segment.text });
        continue;
      }
      const stream = new TokenStream(this.text, segment.tokens);
      if (segment.kind === 'output') {
        statements.push({ kind: 'output', expression: parseExpressionList(stream) });
        stream.expectEnd();
        continue;
      }
      const word = this.readWord(stream);
      if (ends.includes(word)) return { statements, word, stream };
      statements.push(this.readStatement(word, stream, segment.start));
    }
    const stream = new TokenStream(this.text, [endToken(this.text.length)]);
    if (ends.length === 0) return { statements, word: '', stream };
    throw templateError('template_syntax', `${what} is never closed with "${ends.at(-1)}"`, {
      source: this.text,
      offset: opened,
    });
  }

  private readWord(stream: TokenStream): string {
    if (stream.current.kind !== 'name') stream.unexpected('the name of a statement');
    return stream.next().text;
  }

  private readStatement(word: string, stream: TokenStream, start: number): Statement {
    switch (word) {
      case 'if':
        return this.block(stream, () => this.readIf(stream, start));
      case 'for':
        return this.block(stream, () => this.readFor(stream, start));
      case 'set':
        return this.readSet(stream, start);
      default: {
        const name = word.replace(/^end/, '');
        if (refused.has(name)) {
          return stream.fail('template_unsupported', `The statement "${name}" is not supported`, start, { name });
        }
        return stream.fail('template_syntax', `"${word}" is no statement that can stand here`, start, { name: word });
      }
    }
  }

  private block<T>(stream: TokenStream, read: () => T): T {
    this.depth += 1;
    stream.checkDepth(this.depth);
    const result = read();
    this.depth -= 1;
    return result;
  }

  private readIf(stream: TokenStream, start: number): Statement {
    const branches: { test: Expression; body: Statement[] }[] = [];
    let head = stream;
    for (;;) {
      const test = parseExpressionList(head);
      head.expectEnd();
      const read = this.readUntil(['elif', 'else', 'endif'], 'This "if"', start);
      branches.push({ test, body: read.statements });
      head = read.stream;
      if (read.word === 'elif') continue;
      const otherwise = read.word === 'else' ? this.readElse(read.stream, 'endif', 'This "if"', start) : null;
      if (read.word === 'endif') head.expectEnd();
      return { kind: 'if', branches, otherwise };
    }
  }

  private readElse(stream: TokenStream, end: string, what: string, start: number): Statement[] {
    stream.expectEnd();
    const read = this.readUntil([end], what, start);
    read.stream.expectEnd();
    return read.statements;
  }

  private readFor(stream: TokenStream, start: number): Statement {
    const targets = this.readTargets(stream);
    if (!stream.acceptWord('in')) stream.unexpected('"in"');
    const iterable = parseExpressionList(stream, parseOr);
    const condition = stream.acceptWord('if') ? parseExpression(stream) : null;
    if (stream.isWord('recursive')) {
      stream.fail('template_unsupported', 'Recursive loops are not supported', undefined, { name: 'recursive' });
    }
    stream.expectEnd();
    const read = this.readUntil(['else', 'endfor'], 'This "for"', start);
    const otherwise = read.word === 'else' ? this.readElse(read.stream, 'endfor', 'This "for"', start) : null;
    if (read.word === 'endfor') read.stream.expectEnd();
    return { kind: 'for', targets, iterable, condition, body: read.statements, otherwise, start };
  }

  private readTargets(stream: TokenStream): string[] {
    const bracketed = stream.accept('(');
    const targets = [this.readTarget(stream)];
    while (stream.accept(',')) {
      if (stream.current.kind !== 'name' || stream.isWord('in')) break;
      targets.push(this.readTarget(stream));
    }
    if (bracketed) stream.expect(')');
    return targets;
  }

  private readTarget(stream: TokenStream): string {
    const { kind, text, start } = stream.current;
    if (kind !== 'name') return stream.unexpected('a name');
    if (notNames.has(text)) {
      stream.fail('template_syntax', `"${text}" cannot be used as a name`, start);
    }
    return stream.next().text;
  }

  private readSet(stream: TokenStream, start: number): SetStatement | SetBlockStatement {
    const targets = this.readTargets(stream);
    const target = targets[0] as string;
    const attribute = targets.length === 1 && stream.accept('.') ? this.readWord(stream) : null;
    if (stream.accept('=')) {
      const value = parseExpressionList(stream);
      stream.expectEnd();
      return { kind: 'set', targets, attribute, value, start };
    }
    if (targets.length > 1) stream.unexpected('"="');
    const at = stream.current.start;
    const value = parseFilters(stream, { kind: 'captured', start: at, end: at, height: 1 });
    stream.expectEnd();
    const read = this.block(stream, () => this.readUntil(['endset'], 'This "set"', start));
    read.stream.expectEnd();
    return { kind: 'set_block', target, attribute, value, body: read.statements, start };
  }
}

function endToken(offset: number): Token {
  return { kind: 'end', text: '', number: 0, start: offset, end: offset };
}
