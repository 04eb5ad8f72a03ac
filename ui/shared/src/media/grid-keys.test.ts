import { expect, test } from 'vitest';
import { gridTarget } from './grid-keys.ts';

// Eight cells, three wide: 0 1 2 / 3 4 5 / 6 7
const grid = { count: 8, columns: 3, pageRows: 2, isRtl: false };

test.each([
  ['ArrowRight', 2, 3],
  ['ArrowRight', 7, 7],
  ['ArrowLeft', 0, 0],
  ['ArrowDown', 1, 4],
  ['ArrowDown', 5, 7],
  ['ArrowDown', 6, 6],
  ['ArrowUp', 7, 4],
  ['ArrowUp', 2, 2],
  ['PageDown', 2, 7],
  ['PageDown', 0, 6],
  ['PageUp', 7, 1],
  ['Home', 5, 0],
  ['End', 0, 7],
])('U10 %s from %i leads to %i', (key, at, to) => {
  expect(gridTarget(key, at, grid)).toBe(to);
});

test('U10 left and right follow reading direction', () => {
  expect(gridTarget('ArrowRight', 4, { ...grid, isRtl: true })).toBe(3);
  expect(gridTarget('ArrowLeft', 4, { ...grid, isRtl: true })).toBe(5);
});

test('U10 other keys, and an empty grid, lead nowhere', () => {
  expect(gridTarget('d', 0, grid)).toBeUndefined();
  expect(gridTarget('Home', 0, { ...grid, count: 0 })).toBeUndefined();
});
