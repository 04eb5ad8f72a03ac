import { templateError } from './position.ts';

export interface Token {
  kind: 'name' | 'string' | 'number' | 'operator' | 'end';
  /** The name or operator as written; of a string, its value. */
  text: string;
  number: number;
  start: number;
  end: number;
}

const space = /\s+/y;
const name = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const number = /\d+(?:_\d+)*(\.\d+)?([eE][+-]?\d+)?/y;
const digits = /\d+/y;
const operators = ['**', '//', '==', '!=', '<=', '>='];
const single = '+-*/%~<>=.:|,()[]{}';
const escapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/**
 * Reads tokens up to `close`, which counts only outside brackets, so that `{{ {'a': {}} }}` ends where it should.
 * `end` is the offset behind the delimiter; `trims` tells of a `-` before it. The last token is always `end`.
 */
export function tokenize(
  source: string,
  from: number,
  close: '}}' | '%}',
  opened: number,
): { tokens: Token[]; end: number; trims: boolean } {
  const tokens: Token[] = [];
  let depth = 0;
  let at = from;
  const push = (kind: Token['kind'], text: string, end: number, value = 0): void => {
    tokens.push({ kind, text, number: value, start: at, end });
    at = end;
  };

  while (at < source.length) {
    space.lastIndex = at;
    if (space.test(source)) {
      at = space.lastIndex;
      continue;
    }
    const char = source[at] as string;
    if (depth === 0) {
      const marked = char === '-' || char === '+' ? 1 : 0;
      if (source.startsWith(close, at + marked)) {
        const end = at + marked + 2;
        push('end', '', end);
        return { tokens, end, trims: marked === 1 && char === '-' };
      }
    }
    if (char === '"' || char === "'") {
      const text = readString(source, at, char);
      push('string', text.value, text.end);
      continue;
    }
    if (char >= '0' && char <= '9') {
      // Behind a point only an index can stand: `rows.0.1` is two of them, not a decimal.
      const pattern = tokens.at(-1)?.text === '.' && tokens.at(-1)?.kind === 'operator' ? digits : number;
      pattern.lastIndex = at;
      const found = (pattern.exec(source) as RegExpExecArray)[0];
      const value = Number(found.replaceAll('_', ''));
      if (!Number.isFinite(value))
        throw templateError('template_syntax', 'This number is too large', { source, offset: at });
      push('number', found, at + found.length, value);
      continue;
    }
    name.lastIndex = at;
    if (name.test(source)) {
      push('name', source.slice(at, name.lastIndex), name.lastIndex);
      continue;
    }
    const pair = source.slice(at, at + 2);
    const operator = operators.includes(pair) ? pair : single.includes(char) ? char : null;
    if (operator === null) {
      throw templateError('template_syntax', `The character ${JSON.stringify(char)} has no meaning here`, {
        source,
        offset: at,
      });
    }
    if ('([{'.includes(operator)) depth += 1;
    if (')]}'.includes(operator)) depth -= 1;
    if (depth < 0)
      throw templateError('template_syntax', `There is nothing that "${operator}" closes`, { source, offset: at });
    push('operator', operator, at + operator.length);
  }
  const what = close === '}}' ? '{{' : '{%';
  throw templateError('template_syntax', `This "${what}" is never closed with "${close}"`, { source, offset: opened });
}

function readString(source: string, start: number, quote: string): { value: string; end: number } {
  let value = '';
  let from = start + 1;
  for (let at = from; at < source.length; at += 1) {
    const char = source[at];
    if (char === quote) return { value: value + source.slice(from, at), end: at + 1 };
    if (char !== '\\') continue;
    value += source.slice(from, at);
    const escape = readEscape(source, at);
    value += escape.value;
    from = escape.end;
    at = from - 1;
  }
  throw templateError('template_syntax', 'This text is never closed', { source, offset: start });
}

function readEscape(source: string, at: number): { value: string; end: number } {
  const letter = source[at + 1] ?? '';
  const simple = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
  if (simple !== undefined) return { value: simple, end: at + 2 };
  const width = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
  const hex = source.slice(at + 2, at + 2 + width);
  const code = width > 0 && hex.length === width && /^[0-9a-fA-F]+$/.test(hex) ? Number.parseInt(hex, 16) : -1;
  if (code >= 0 && code <= 0x10ffff) return { value: String.fromCodePoint(code), end: at + 2 + width };
  // As in Python, an escape without a meaning stays what it looks like.
  return { value: `\\${letter}`, end: at + 1 + letter.length };
}
