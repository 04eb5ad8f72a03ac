import { hash } from 'node:crypto';
import { canonicalJson } from '../definition/canonical-json.ts';
import type { JsonObject } from '../models/json.ts';

/** `H(x)` of format.md: lower-case hex SHA-256 of canonical JSON. The native twin of `hashOf` of the definition door. */
export function contentHash(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'hex');
}

/** SHA-256 of a text that is JSON already. */
export function textHash(text: string): string {
  return hash('sha256', text, 'hex');
}

/** Enough of a hash to tell values of one name apart; what depends on it is a report, never a decision. */
const DIGEST = 12;

/** A short hash of each member of an object, under its name behind a prefix. */
export function digestsOf(values: Readonly<JsonObject>, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [prefix + name, contentHash(value ?? null).slice(0, DIGEST)]),
  );
}

/** Names of the members that are not the same in two objects, in order; one that is absent is as good as null. */
export function differingKeys(a: Readonly<JsonObject>, b: Readonly<JsonObject>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => canonicalJson(a[name] ?? null) !== canonicalJson(b[name] ?? null))
    .toSorted();
}
