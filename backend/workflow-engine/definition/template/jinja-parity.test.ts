import { describe, expect, it } from 'vitest';
import { cases, roots, whiteSpaceCases } from './fixtures/jinja-parity.ts';
import { render } from './fixtures/render.ts';

/* Where we differ from Jinja on purpose, the case is not here but in the test of its rule. */
describe('6 Jinja syntax gives what Jinja gives', () => {
  it.each(cases)('6.1-6.6 %s', (source, expected) => {
    expect(render(source, roots)).toBe(expected);
  });

  it.each(whiteSpaceCases)('6.7 white space of %j', (source, expected) => {
    expect(render(source, roots)).toBe(expected);
  });
});
