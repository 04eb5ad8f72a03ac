import { limits } from '../../models/limits.ts';
import { templateError } from './position.ts';
import { type Token, tokenize } from './tokens.ts';

/** What lies between the delimiters. Comments leave nothing behind but `hasComment` or the trimming they asked for. */
export type Segment =
  | { kind: 'text'; text: string }
  | { kind: 'output' | 'statement'; tokens: Token[]; start: number; end: number };

const opening = /\{[{%#]/g;
const endOfComment = /([-+]?)#\}/g;
const endOfRaw = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;

/** Source as the offsets count it (format.md 6.7): no BOM, CRLF as LF. */
export function normalizeSource(source: string): string {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  return text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text;
}

/**
 * Cuts a normalised source into segments, white-space marks already applied (format.md 6.7).
 * `plain` tells that nothing but text and outputs was met: no comment, no statement, no raw.
 * Throws `template_limit` over 64 KB of UTF-8, `template_syntax` for what is never closed.
 */
export function cutSegments(source: string): { segments: Segment[]; plain: boolean } {
  checkSize(source);
  const end = source.endsWith('\n') ? source.length - 1 : source.length;
  const segments: Segment[] = [];
  let plain = true;
  let at = 0;
  let trimNext = false;

  const addText = (from: number, to: number, trimEnd: boolean): void => {
    let text = source.slice(from, to);
    if (trimNext) text = text.trimStart();
    if (trimEnd) text = text.trimEnd();
    trimNext = false;
    if (text !== '') segments.push({ kind: 'text', text });
  };

  for (;;) {
    opening.lastIndex = at;
    const open = opening.exec(source);
    if (!open) break;
    const start = open.index;
    const mark = source[start + 2];
    const marked = mark === '-' || (mark === '+' && open[0] !== '{#');
    const inside = start + (marked ? 3 : 2);
    addText(at, start, mark === '-');

    if (open[0] === '{#') {
      plain = false;
      endOfComment.lastIndex = start + 2;
      const close = endOfComment.exec(source);
      if (!close) throw templateError('template_syntax', 'This comment is never closed', { source, offset: start });
      trimNext = close[1] === '-';
      at = endOfComment.lastIndex;
      continue;
    }

    const isOutput = open[0] === '{{';
    const lexed = tokenize(source, inside, isOutput ? '}}' : '%}', start);
    at = lexed.end;
    trimNext = lexed.trims;
    if (isOutput) {
      segments.push({ kind: 'output', tokens: lexed.tokens, start, end: at });
      continue;
    }
    plain = false;
    const first = lexed.tokens[0];
    if (first?.kind === 'name' && first.text === 'raw' && lexed.tokens.length === 2) {
      endOfRaw.lastIndex = at;
      const close = endOfRaw.exec(source);
      if (!close) throw templateError('template_syntax', 'This raw block is never closed', { source, offset: start });
      addText(at, close.index, close[1] === '-');
      at = endOfRaw.lastIndex;
      trimNext = close[2] === '-';
      continue;
    }
    segments.push({ kind: 'statement', tokens: lexed.tokens, start, end: at });
  }
  if (at < end) addText(at, end, false);
  return { segments, plain };
}

function checkSize(source: string): void {
  const limit = limits.templateSource;
  if (source.length * 3 <= limit) return;
  let bytes = source.length;
  for (let index = 0; index < source.length; index += 1) {
    const unit = source.charCodeAt(index);
    // A surrogate is one half of four bytes.
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
    if (bytes > limit) break;
  }
  if (source.length <= limit && bytes <= limit) return;
  throw templateError(
    'template_limit',
    `The template is longer than ${limit} bytes`,
    { source, offset: 0 },
    { limit, actual: Math.max(bytes, source.length), what: 'source' },
  );
}
