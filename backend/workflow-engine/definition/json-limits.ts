import type { Diagnostic } from '../models/diagnostic.ts';
import { limits } from '../models/limits.ts';
import { at } from './place.ts';
import { finding } from './report.ts';

/** More of the same kind tell nobody anything. */
const mostFaults = 20;

/**
 * What makes a JSON value unfit before anyone looks at its meaning: nesting over 64 levels (format.md 23), a key
 * `__proto__`, a number too large for JSON, or something that is not JSON. Walks without recursion, so any depth is safe.
 */
export function checkJson(value: unknown, base = ''): Diagnostic[] {
  const faults: Diagnostic[] = [];
  const open: { value: unknown; place: () => string; depth: number }[] = [{ value, place: () => base, depth: 1 }];
  for (let entry = open.pop(); entry !== undefined && faults.length < mostFaults; entry = open.pop()) {
    const { value: current, place, depth } = entry;
    if (typeof current !== 'object' || current === null) {
      const wrong = scalarFault(current);
      if (wrong) faults.push(finding('definition_invalid', place(), `"${place()}" ${wrong}.`));
      continue;
    }
    if (depth > limits.jsonDepth) {
      const message = `The JSON is nested more than ${limits.jsonDepth} levels deep.`;
      // Siblings at that depth would only repeat it.
      return [finding('json_too_deep', place(), message, { params: { limit: limits.jsonDepth } })];
    }
    if (Array.isArray(current)) {
      for (const [index, item] of (current as unknown[]).entries()) {
        if (needsWalk(item)) open.push({ value: item, place: () => at(place(), index), depth: depth + 1 });
      }
      continue;
    }
    for (const [key, item] of Object.entries(current)) {
      if (key === '__proto__')
        faults.push(finding('definition_invalid', at(place(), key), 'A key may not be called "__proto__".'));
      else if (needsWalk(item)) open.push({ value: item, place: () => at(place(), key), depth: depth + 1 });
    }
  }
  return faults;
}

function needsWalk(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || scalarFault(value) !== undefined;
}

function scalarFault(value: unknown): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'is a number that JSON cannot hold';
  return typeof value === 'object' ? undefined : 'is not JSON';
}
