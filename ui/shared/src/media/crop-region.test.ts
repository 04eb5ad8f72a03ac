import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nudged, withinPicture, withNumber } from './crop-region.ts';

const size = { width: 1200, height: 800 };
const region = { x: 100, y: 50, width: 400, height: 300 };

describe('U11 a crop by keys and numbers', () => {
  test('an arrow moves it by one pixel of the picture, by ten with Shift', () => {
    const press = (key: string, shiftKey = false) => nudged(region, { key, shiftKey, handle: undefined }, size);
    expect(press('ArrowRight')).toEqual({ ...region, x: 101 });
    expect(press('ArrowUp', true)).toEqual({ ...region, y: 40 });
    expect(press('a')).toBeUndefined();
  });

  test('on a handle an arrow moves the edges that it holds, and leaves the others', () => {
    const press = (key: string, handle: string) => nudged(region, { key, shiftKey: false, handle }, size);
    expect(press('ArrowRight', 'e')).toEqual({ ...region, width: 401 });
    expect(press('ArrowDown', 'e')).toEqual(region);
    expect(press('ArrowRight', 'nw')).toEqual({ ...region, x: 101, width: 399 });
    expect(press('ArrowUp', 'nw')).toEqual({ ...region, y: 49, height: 301 });
  });

  test('a number that is typed is taken as it is, up to the edge of the picture', () => {
    expect(withNumber(region, 'width', 640, size)).toEqual({ ...region, width: 640 });
    expect(withNumber(region, 'width', 5000, size)).toEqual({ ...region, width: 1100 });
    expect(withNumber(region, 'x', 5000, size)).toEqual({ ...region, x: 800 });
    expect(withNumber(region, 'height', 0, size)).toEqual({ ...region, height: 1 });
  });

  test('whatever is done to it, it lies within the picture, in whole pixels', () => {
    const any = fc.double({ min: -5000, max: 5000, noNaN: true });
    const key = fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown');
    const handle = fc.constantFrom(undefined, 'n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw');
    const shape = fc.record({ x: any, y: any, width: any, height: any });
    fc.assert(
      fc.property(shape, key, handle, fc.boolean(), any, (wild, pressed, held, shiftKey, typed) => {
        const start = withinPicture(wild, size);
        const moved = nudged(start, { key: pressed, shiftKey, handle: held }, size);
        for (const found of [
          start,
          moved,
          withNumber(start, 'width', typed, size),
          withNumber(start, 'y', typed, size),
        ]) {
          const { x, y, width, height } = found ?? start;
          expect([x, y, width, height].every(Number.isInteger)).toBe(true);
          expect(x >= 0 && y >= 0 && width >= 1 && height >= 1).toBe(true);
          expect(x + width <= size.width && y + height <= size.height).toBe(true);
        }
      }),
    );
  });
});
