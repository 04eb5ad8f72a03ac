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
const partners: Record<string, string> = { '(': ')', '[': ']', '{': '}' };
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
  const open: string[] = [];
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
    if (open.length === 0) {
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
      const last = tokens.at(-1);
      const found = readNumber(source, at, last?.kind === 'operator' && last.text === '.');
      push('number', found.text, at + found.text.length, found.value);
      continue;
    }
    name.lastIndex = at;
    if (name.test(source)) {
      push('name', source.slice(at, name.lastIndex), name.lastIndex);
      continue;
    }
    const operator = readOperator(source, at);
    trackBrackets(source, at, operator, open);
    push('operator', operator, at + operator.length);
  }
  const what = close === '}}' ? '{{' : '{%';
  throw templateError('template_syntax', `This "${what}" is never closed with "${close}"`, { source, offset: opened });
}

/** Behind a point only an index can stand: `rows.0.1` is two of them, not a decimal. */
function readNumber(source: string, at: number, isIndex: boolean): { text: string; value: number } {
  const pattern = isIndex ? digits : number;
  pattern.lastIndex = at;
  const [text] = pattern.exec(source) as RegExpExecArray;
  const value = Number(text.replaceAll('_', ''));
  if (Number.isFinite(value)) return { text, value };
  throw templateError('template_syntax', 'This number is too large', { source, offset: at });
}

function readOperator(source: string, at: number): string {
  const char = source[at] as string;
  const pair = source.slice(at, at + 2);
  if (operators.includes(pair)) return pair;
  if (single.includes(char)) return char;
  const shown = JSON.stringify(String.fromCodePoint(source.codePointAt(at) as number));
  throw templateError('template_syntax', `The character ${shown} has no meaning here`, { source, offset: at });
}

/** Keeps `open` to the brackets that are open behind the operator. */
function trackBrackets(source: string, at: number, operator: string, open: string[]): void {
  if (Object.hasOwn(partners, operator)) open.push(operator);
  if (!')]}'.includes(operator)) return;
  const opener = open.pop();
  if (opener !== undefined && partners[opener] === operator) return;
  const found = opener === undefined ? 'nothing that it could close' : `"${opener}" to be closed first`;
  throw templateError('template_syntax', `Before "${operator}" there is ${found}`, { source, offset: at });
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
