import { appendKey, escapePointer } from '../schema/location.ts';

/**
 * A place is a path into a resolved definition, as people read it: `steps[2].modules[0].inputs["odd key"]`
 * (format.md, Words). Segments are object keys (text) and array indices (numbers).
 */
export type PlaceSegments = readonly (string | number)[];

/** One more step below a place: `at('steps[0]', 'name')` is `steps[0].name`. */
export const at = appendKey;

/** Segments to text. */
export function formatPlace(segments: PlaceSegments, base = ''): string {
  let place = base;
  for (const segment of segments) place = at(place, segment);
  return place;
}

/** Puts a place that is relative to `base` below it: `join('steps[0].inputs', '[1].x')`. */
export function joinPlaces(base: string, below: string): string {
  if (below === '' || base === '' || below.startsWith('[')) return base + below;
  return `${base}.${below}`;
}

/**
 * Text to segments. Takes every text that `formatPlace` gives; keys that others wrote plainly (`inputs.$match`) are
 * taken up to the next point or bracket. Never throws.
 */
export function parsePlace(place: string): (string | number)[] {
  const segments: (string | number)[] = [];
  let index = 0;
  while (index < place.length) {
    if (place[index] === '[') {
      const end = endOfBracket(place, index);
      segments.push(readBracket(place.slice(index + 1, end)));
      index = end + 1;
    } else {
      if (place[index] === '.') index += 1;
      let end = index;
      while (end < place.length && place[end] !== '.' && place[end] !== '[') end += 1;
      if (end > index) segments.push(place.slice(index, end));
      index = end;
    }
  }
  return segments;
}

function endOfBracket(place: string, start: number): number {
  let quoted = false;
  for (let index = start + 1; index < place.length; index += 1) {
    const char = place[index];
    if (quoted && char === '\\') index += 1;
    else if (char === '"') quoted = !quoted;
    else if (char === ']' && !quoted) return index;
  }
  return place.length;
}

function readBracket(inside: string): string | number {
  if (/^\d{1,9}$/.test(inside)) return Number(inside);
  if (!inside.startsWith('"')) return inside;
  try {
    return String(JSON.parse(inside));
  } catch {
    return inside;
  }
}

/** True when `place` is `outer` or lies inside it. */
export function isInside(place: string, outer: string): boolean {
  return (
    place.startsWith(outer) &&
    (outer === '' || place.length === outer.length || '.['.includes(place[outer.length] as string))
  );
}

/** JSON Pointer (RFC 6901) of the segments; empty for the whole. */
export function formatPointer(segments: PlaceSegments): string {
  return segments.map((segment) => `/${escapePointer(String(segment))}`).join('');
}

/** Order of the document: indices by number, keys by code unit, a parent before its children. */
export function comparePlaces(a: string, b: string): number {
  const left = parsePlace(a);
  const right = parsePlace(b);
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    const x = left[index];
    const y = right[index];
    if (x === y) continue;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    return String(x) < String(y) ? -1 : 1;
  }
  return left.length - right.length;
}
