import { hash } from 'node:crypto';
import { canonicalJson } from '../definition/canonical-json.ts';

/** `H(x)` of format.md: lower-case hex SHA-256 of canonical JSON. The native twin of `hashOf` of the definition door. */
export function contentHash(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'hex');
}

/** SHA-256 of a text that is JSON already. */
export function textHash(text: string): string {
  return hash('sha256', text, 'hex');
}
