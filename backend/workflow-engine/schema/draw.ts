import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** A repeatable source of choices for one value. */
export interface Draw {
  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number;
  /** A number from 0 up to but not 1. */
  fraction(): number;
  /** One entry of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
}

/**
 * The draw of the value at `pointer`: H([seed, JSON pointer]) of format.md 17.3, so that no other value of the schema
 * touches it. A later attempt at the same value sees other numbers.
 */
export function drawFor(seed: string, pointer: string, attempt = 0): Draw {
  // JSON.stringify of two texts is their canonical JSON (RFC 8785).
  const digest = sha256(utf8ToBytes(JSON.stringify([seed, pointer])));
  const word = (index: number): number => new DataView(digest.buffer, digest.byteOffset).getUint32(index * 4);
  return drawFrom([word(0) ^ attempt, word(1), word(2), word(3) + attempt * 0x9e3779b9]);
}

/** sfc32, a small generator with a 128-bit state; 12 rounds mix the start. */
function drawFrom([a = 0, b = 0, c = 0, d = 0]: number[]): Draw {
  const next = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round++) next();
  const fraction = (): number => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53;
  const int = (least: number, most: number): number =>
    Math.min(most, least + Math.floor(fraction() * (most - least + 1)));
  return { int, fraction, pick: (list) => list[int(0, list.length - 1)] as (typeof list)[number] };
}
