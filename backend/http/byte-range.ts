/** What a request asks of a body of `size` bytes: a part from `start` to before `end`, everything, or what is not there. */
export type ByteRange = { start: number; end: number } | 'whole' | 'unsatisfiable';

/**
 * Reads a `Range` header (RFC 9110, 14). A single range of bytes is understood; several, another unit, or what cannot be
 * read is answered with the whole, as the RFC allows.
 */
export function byteRange(header: string | undefined, size: number): ByteRange {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const count = Number(last);
    return count === 0 || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - count), end: size };
  }
  const start = Number(first);
  const end = last === '' ? size : Math.min(size, Number(last) + 1);
  if (last !== '' && Number(last) < start) return 'whole';
  return start >= size ? 'unsatisfiable' : { start, end };
}
