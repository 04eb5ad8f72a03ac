import { WfmError } from '../../../errors/index.ts';

export interface Token {
  kind: 'number' | 'text' | 'name' | 'sign' | 'end';
  /** The name or sign as written; the value of a text. */
  text: string;
  /** Where it begins in the source, from 1. */
  column: number;
}

// Longer signs first, so that "<=" is not read as "<".
const signs = ['**', '//', '==', '!=', '<=', '>=', '&&', '||', ...'+-*/%<>!?:()[],.'];
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };

/** A fault in an expression, with the column where it was noticed. */
export function faulty(message: string, column: number): WfmError {
  return new WfmError('input_invalid', `The expression is faulty at column ${column}: ${message}`, {
    params: { column },
  });
}

/** Cuts an expression into tokens; the last one is `end`. Looks at each character once. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const word = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? '';
  };
  while (at < source.length) {
    const column = at + 1;
    const space = word(/\s+/y);
    if (space !== '') {
      at += space.length;
      continue;
    }
    const number = word(/(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y);
    const name = word(/[\p{L}_][\p{L}\p{N}_]*/uy);
    const sign = signs.find((candidate) => source.startsWith(candidate, at));
    const quote = source.charAt(at);
    if (number !== '') tokens.push({ kind: 'number', text: number, column });
    else if (name !== '') tokens.push({ kind: 'name', text: name, column });
    else if (quote === '"' || quote === "'") {
      const { text, length } = quoted(source, at, quote);
      tokens.push({ kind: 'text', text, column });
      at += length;
      continue;
    } else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, column });
    else throw faulty(`"${quote}" has no meaning here.`, column);
    at += (number || name || sign || '').length;
  }
  tokens.push({ kind: 'end', text: 'the end', column: source.length + 1 });
  return tokens;
}

function quoted(source: string, start: number, quote: string): { text: string; length: number } {
  let text = '';
  for (let at = start + 1; at < source.length; at++) {
    const letter = source.charAt(at);
    if (letter === quote) return { text, length: at + 1 - start };
    if (letter !== '\\') text += letter;
    else {
      const escaped = source.charAt(++at);
      if (!Object.hasOwn(escapes, escaped)) throw faulty(`"\\${escaped}" is not a known escape.`, at);
      text += escapes[escaped];
    }
  }
  throw faulty('the text is not closed.', start + 1);
}
