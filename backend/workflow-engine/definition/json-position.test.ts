import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../testing/runs.ts';
import { findJsonFault, parseJson } from './json-position.ts';

describe('3.3 bad JSON is named with file, line and column', () => {
  it.each([
    ['{"a": 1,}', 1, 9],
    ['{"a": 1\n "b": 2}', 2, 2],
    ['[1, 2', 1, 6],
    ['', 1, 1],
    ['{"a": tru}', 1, 7],
    ['{"a": "x\ny"}', 1, 9],
    [String.raw`{"a": "\q"}`, 1, 8],
    ['{"a": "open', 1, 7],
    ["{'a': 1}", 1, 2],
    ['{"a" 1}', 1, 6],
    ['[01]', 1, 2],
    ['[1] 2', 1, 5],
    ['{"a": 1} // note', 1, 10],
    ['[1,]', 1, 4],
    ['[NaN]', 1, 2],
  ])('%j at %d:%d', (text, line, column) => {
    expect(() => parseJson(text, 'wf.json')).toThrow(
      expect.objectContaining({ code: 'json_invalid', params: { file: 'wf.json', line, column } }),
    );
  });

  it('finds no fault in JSON, and one in what the host refuses', () => {
    const mutated = fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 })).map(([text, at, extra]) => {
      const cut = at % (text.length + 1);
      return text.slice(0, cut) + extra + text.slice(cut + 1);
    });
    fc.assert(
      fc.property(fc.oneof(fc.json(), mutated), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(findJsonFault(text) === undefined).toBe(valid);
      }),
      { numRuns: runs(500, 50_000) },
    );
  });

  it('reads a megabyte of brackets without recursion', () => {
    expect(findJsonFault('['.repeat(1_000_000))?.offset).toBe(1_000_000);
  });
});
