import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { WfmError } from '../errors/index.ts';
import { readTypedNode } from './typed-node.ts';

/** Deeper than any JSON that we accept (format.md 23), and shallow enough for the call stack. */
const maxDepth = 1000;

/**
 * Canonical JSON by RFC 8785 (JCS): keys in order of their UTF-16 code units, numbers and texts as ECMAScript writes
 * them, no white space. Properties whose value is `undefined` count as absent. A lone surrogate, which the RFC would
 * refuse, is written as its `\u` escape, so that a text cut in the middle of a character can still be hashed.
 *
 * Throws a TypeError for what is not JSON (functions, dates and other classes, NaN, `undefined` in an array), and
 * `json_too_deep` beyond 1000 levels, which also ends a cycle.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0, false);
}

/** `H(x)` of format.md: lower-case hex SHA-256 of the canonical JSON. */
export function hashOf(value: unknown): string {
  return hashOfBytes(utf8ToBytes(canonicalJson(value)));
}

/** Lower-case hex SHA-256 of bytes. */
export function hashOfBytes(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/** The id of a version, `sha256:<hex>`, and its size in UTF-8 bytes; provenance (`$source`) counts in neither (format.md 1.5). */
export function identify(resolved: unknown): { versionId: string; bytes: number } {
  const bytes = utf8ToBytes(write(resolved, 0, true));
  return { versionId: `sha256:${hashOfBytes(bytes)}`, bytes: bytes.length };
}

/** The id of a resolved definition: `sha256:<hex>` (format.md 1.5). Equal content gives the same id, whatever its upload form. */
export function versionIdOf(resolved: unknown): string {
  return identify(resolved).versionId;
}

function write(value: unknown, depth: number, dropSource: boolean): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} is not JSON`);
      return String(value === 0 ? 0 : value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth >= maxDepth) {
        throw new WfmError('json_too_deep', `The value is nested more than ${maxDepth} levels deep.`, {
          params: { limit: maxDepth },
        });
      }
      return Array.isArray(value) ? writeArray(value, depth, dropSource) : writeObject(value, depth, dropSource);
    default:
      throw new TypeError(`a value of type ${typeof value} is not JSON`);
  }
}

function writeArray(values: unknown[], depth: number, dropSource: boolean): string {
  let text = '[';
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ',';
    text += write(values[index], depth + 1, dropSource);
  }
  return `${text}]`;
}

function writeObject(value: object, depth: number, dropSource: boolean): string {
  if (!isPlain(value)) throw new TypeError(`an object of class ${value.constructor?.name ?? 'unknown'} is not JSON`);
  const record = value as Record<string, unknown>;
  const skipped = dropSource && readTypedNode(record) ? '$source' : undefined;
  let text = '';
  for (const key of sortedKeys(record)) {
    const item = record[key];
    if (item === undefined || key === skipped) continue;
    text += `${text === '' ? '{' : ','}${quote(key)}:${write(item, depth + 1, dropSource)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** Printable ASCII without quote and backslash: most texts are, and need no escaping. */
const plainText = /^[ !#-[\]-~]*$/;

function quote(text: string): string {
  return text.length < 64 && plainText.test(text) ? `"${text}"` : JSON.stringify(text);
}

function sortedKeys(record: Record<string, unknown>): string[] {
  const keys = Object.keys(record);
  for (let index = 1; index < keys.length; index += 1) {
    // Most objects are short and many come in order, so looking first is cheaper than sorting always.
    if ((keys[index - 1] as string) > (keys[index] as string)) return keys.sort();
  }
  return keys;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}
