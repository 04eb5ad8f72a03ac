import { expect, it } from 'vitest';
import { byteRange } from './byte-range.ts';

it('understands one range of bytes, open at either end', () => {
  expect(byteRange('bytes=0-99', 1000)).toEqual({ start: 0, end: 100 });
  expect(byteRange('bytes=900-', 1000)).toEqual({ start: 900, end: 1000 });
  expect(byteRange('bytes=900-5000', 1000)).toEqual({ start: 900, end: 1000 });
  expect(byteRange('bytes=-100', 1000)).toEqual({ start: 900, end: 1000 });
  expect(byteRange('bytes=-5000', 1000)).toEqual({ start: 0, end: 1000 });
  expect(byteRange('bytes=999-999', 1000)).toEqual({ start: 999, end: 1000 });
});

it('says what is not there', () => {
  for (const header of ['bytes=1000-', 'bytes=1000-1001', 'bytes=-0']) {
    expect(byteRange(header, 1000)).toBe('unsatisfiable');
  }
  expect(byteRange('bytes=0-', 0)).toBe('unsatisfiable');
});

it('answers the whole to anything else', () => {
  for (const header of [undefined, '', 'bytes=-', 'bytes=1-0', 'bytes=0-1,5-6', 'items=0-1', 'bytes=a-b', 'x']) {
    expect(byteRange(header, 1000)).toBe('whole');
  }
});
