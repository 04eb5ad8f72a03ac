import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../testing/runs.ts';
import { comparePlaces, formatPlace, formatPointer, isInside, joinPlaces, parsePlace } from './place.ts';

const segments = fc.array(
  fc.oneof(fc.nat({ max: 500 }), fc.string({ minLength: 1 }), fc.constantFrom('a', 'b-c', '$match', 'x.y', '[0]', '"')),
  {
    maxLength: 6,
  },
);

describe('places', () => {
  it('reads as people write them', () => {
    expect(formatPlace(['steps', 2, 'modules', 0, 'inputs', 'odd key'])).toBe('steps[2].modules[0].inputs["odd key"]');
    expect(parsePlace('inputs.pipeline[2].$match')).toEqual(['inputs', 'pipeline', 2, '$match']);
    expect(formatPointer(['a/b', 'c~d', 0])).toBe('/a~1b/c~0d/0');
  });

  it('parsing gives back what was formatted', () => {
    fc.assert(
      fc.property(segments, (path) => {
        expect(parsePlace(formatPlace(path))).toEqual(path);
      }),
      { numRuns: runs(300, 20_000) },
    );
  });

  it('parsing takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Array.isArray(parsePlace(text))).toBe(true);
      }),
      { numRuns: runs(300, 20_000) },
    );
  });

  it('joins and compares in order of the document', () => {
    expect(joinPlaces('steps[0]', '[1].x')).toBe('steps[0][1].x');
    expect(joinPlaces('steps[0]', 'x')).toBe('steps[0].x');
    const places = ['steps[10]', 'steps[2].modules[0]', '', 'steps[2]'];
    expect(places.sort(comparePlaces)).toEqual(['', 'steps[2]', 'steps[2].modules[0]', 'steps[10]']);
  });

  it('knows what lies inside what', () => {
    expect(isInside('steps[1].inputs', 'steps[1]')).toBe(true);
    expect(isInside('steps[1]', 'steps[1]')).toBe(true);
    expect(isInside('inputs.ab', 'inputs.a')).toBe(false);
    expect(isInside('anything', '')).toBe(true);
  });
});
