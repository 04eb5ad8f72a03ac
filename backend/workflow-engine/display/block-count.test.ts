import { expect, it } from 'vitest';
import { blockCount } from './block-count.ts';

const count = (given: unknown, node: unknown = {}, state: unknown = {}) =>
  blockCount({ generate: { kind: 'image', ...(given === undefined ? {} : { count: given }) } }, node, state);

it('18.4 the count of a block is a number, or a template over its data', () => {
  expect(count(3)).toBe(3);
  expect(count('4')).toBe(4);
  expect(count('{{ views | length }}', { views: ['front', 'back'] })).toBe(2);
  expect(count('{{ state.wanted }}', {}, { wanted: 5 })).toBe(5);
});

it('18.4 a count that is no whole number from 1 on, or does not render, says nothing', () => {
  for (const given of [undefined, 0, -1, 1.5, 'many', '', '{{ missing }}', '{{ 1 | no_such_filter }}', true])
    expect(count(given)).toBeUndefined();
});
