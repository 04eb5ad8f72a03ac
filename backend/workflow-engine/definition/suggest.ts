import { nearest } from './nearest.ts';

export interface Suggestion {
  /** `Did you mean "…"?` */
  hint?: string;
  /** `nearest`, where there is one. */
  params: Record<string, unknown>;
}

/** Looks for what a wrong name was probably meant to be. */
export type Suggest = (word: string, candidates: () => Iterable<string>) => Suggestion;

/** Comparing words is the dearest thing a check does, so a definition full of wrong names gets only so many hints. */
const mostSuggestions = 100;
const mostCandidates = 1000;

/** A source of suggestions for one validation. */
export function makeSuggest(): Suggest {
  let left = mostSuggestions;
  return (word, candidates) => {
    if (left === 0) return { params: {} };
    left -= 1;
    const near = nearest(word, take(candidates(), mostCandidates));
    return near === undefined ? { params: {} } : { hint: `Did you mean "${near}"?`, params: { nearest: near } };
  };
}

function* take(items: Iterable<string>, count: number): Generator<string> {
  let left = count;
  for (const item of items) {
    if (left === 0) return;
    left -= 1;
    yield item;
  }
}
