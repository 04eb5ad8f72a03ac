import { isJsonObject, type JsonObject } from '@wfm/workflow-engine/models';

/** Longer texts are cut in a record; a prompt of any vendor fits. */
const maxText = 40_000;
const maxItems = 200;
const maxDepth = 16;

/** Names whose values are credentials, also those of presigned uploads (Leonardo's S3 form). */
const secretNames =
  /^(?:authorization|x-api-key|xi-api-key|x-goog-api-key|api[-_]?key|(?:access[-_]?)?token|.*secret.*|password|cookie|policy|x-amz-.*|.*signature.*|awsaccesskeyid)$/i;
const unsafeNames = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A request or reply as a run may keep it (security.md S13): without keys, without bytes, without the queries of
 * signed addresses, and no larger than it must be. In: any JSON. Out: a copy.
 */
export function forRecord(value: unknown, secrets: readonly string[]): unknown {
  return keep(value, secrets, 0);
}

/** The same for an object; anything else becomes `{ value }`. */
export function objectForRecord(value: unknown, secrets: readonly string[]): JsonObject {
  const kept = forRecord(value, secrets);
  return isJsonObject(kept) ? kept : { value: kept };
}

function keep(value: unknown, secrets: readonly string[], depth: number): unknown {
  if (typeof value === 'string') return text(value, secrets, depth);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (depth >= maxDepth) return '(cut)';
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item: unknown) => keep(item, secrets, depth + 1));
  if (value instanceof Uint8Array) return `(${value.byteLength} bytes)`;
  if (!isJsonObject(value)) return null;
  const kept: JsonObject = {};
  for (const [name, item] of Object.entries(value).slice(0, maxItems)) {
    if (unsafeNames.has(name)) continue;
    kept[name] = secretNames.test(name) && item !== null ? '(removed)' : keep(item, secrets, depth + 1);
  }
  return kept;
}

function text(value: string, secrets: readonly string[], depth: number): unknown {
  if (looksLikeBytes(value)) return `(${value.length} characters of data)`;
  // Leonardo sends the form of an upload as JSON in a text; its secrets have names only once it is read.
  if (depth < maxDepth && /^\s*[{[]/.test(value) && value.length < maxText) {
    const parsed = parse(value);
    if (isJsonObject(parsed) || Array.isArray(parsed)) return JSON.stringify(keep(parsed, secrets, depth + 1));
  }
  let clean = value.length > maxText ? `${value.slice(0, maxText)} (cut)` : value;
  for (const secret of secrets) if (secret.length > 3) clean = clean.replaceAll(secret, '(removed)');
  return clean.replace(/(https?:\/\/[^\s?#"']{1,2000})\?[^\s"']+/g, '$1?(removed)');
}

/** A data URL, or a long run of base64. */
function looksLikeBytes(value: string): boolean {
  if (/^data:[^,]{0,200},/.test(value)) return true;
  return value.length > 1000 && /^[A-Za-z0-9+/_-]{1000}/.test(value);
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
