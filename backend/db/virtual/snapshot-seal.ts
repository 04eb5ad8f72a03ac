import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type ErrorCode, WfmError } from '@wfm/workflow-engine/errors';
import { limits } from '@wfm/workflow-engine/models';
import { giveExtra, looksLikeMember, takeExtra } from './gzip-member.ts';

/**
 * The outside of a snapshot (format.md 22): base64 of a gzip file whose extra field holds version, key id, run and MAC.
 * Whoever holds the keys seals and unseals, and never needs to inflate; plain gunzip reads the file all the same.
 */
export interface SnapshotSeal {
  /** Signs a gzip file for its user and run. Throws `snapshot_too_large`. */
  seal(gzip: Uint8Array, owner: SnapshotOwner): string;
  /**
   * The gzip file without the field. Throws `snapshot_malformed`, `snapshot_too_large`, `snapshot_signature` (also for
   * another user's), `snapshot_version`, and `snapshot_foreign` when it is of another run than the one that is named.
   */
  unseal(text: string, owner: { userId: string; runId?: string | undefined }): { gzip: Buffer; runId: string };
}

export interface SnapshotOwner {
  userId: string;
  runId: string;
}

const VERSION = 1;
const SUBFIELD = 'WF';
const base64Limit = Math.ceil(limits.snapshotCompressed / 3) * 4;

/**
 * @param secrets the first one signs; the others are still accepted, so that a secret can be replaced without losing
 *   the snapshots that clients hold
 */
export function createSnapshotSeal(secrets: readonly string[]): SnapshotSeal {
  const keys = secrets.map(keyOf);
  const [current] = keys;
  if (!current) throw new TypeError('a snapshot needs a secret');
  return {
    seal(gzip, { userId, runId }) {
      const file = Buffer.from(gzip.buffer, gzip.byteOffset, gzip.byteLength);
      const mac = macOf(current.key, [String(VERSION), current.kid, userId, runId], file);
      const field = prefixed([Buffer.from(String(VERSION)), Buffer.from(current.kid), Buffer.from(runId), mac], 2);
      const sealed = giveExtra(file, SUBFIELD, field);
      if (sealed.length > limits.snapshotCompressed) throw tooLarge(sealed.length);
      return sealed.toString('base64');
    },
    unseal(text, { userId, runId }) {
      const bytes = decode(text);
      const taken = takeExtra(bytes, SUBFIELD);
      if (!taken) throw refusal('snapshot_signature', 'The snapshot carries no signature of this server.');
      const parts = readPrefixed(taken.data);
      const [version, kid, sealedRun] = parts.map((part) => part.toString('utf8'));
      if (parts.length !== 4 || version === undefined || kid === undefined || sealedRun === undefined) {
        throw refusal('snapshot_malformed', 'The signature of the snapshot cannot be read.');
      }
      const key = keys.find((candidate) => candidate.kid === kid);
      const expected = macOf((key ?? current).key, [version, kid, userId, sealedRun], taken.member);
      const given = parts[3] ?? Buffer.alloc(0);
      const equal = given.length === expected.length && timingSafeEqual(given, expected);
      if (!key || !equal) {
        throw refusal(
          'snapshot_signature',
          'The snapshot was not signed by this server for you, or was changed since.',
        );
      }
      if (version !== String(VERSION)) throw newer(version);
      if (runId !== undefined && runId !== sealedRun) {
        throw refusal('snapshot_foreign', 'The snapshot belongs to another preview than the request names.');
      }
      return { gzip: taken.member, runId: sealedRun };
    },
  };
}

/** Key and key id of a secret, by HKDF: the secret itself never touches a message. */
function keyOf(secret: string): { kid: string; key: Buffer } {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'wfm snapshot mac', 32));
  const id = hkdfSync('sha256', secret, '', 'wfm snapshot key id', 32);
  return { key, kid: createHash('sha256').update(Buffer.from(id)).digest('hex').slice(0, 12) };
}

function macOf(key: Buffer, texts: readonly string[], file: Buffer): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of [...texts.map((text) => Buffer.from(text, 'utf8')), file]) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    hmac.update(length).update(part);
  }
  return hmac.digest();
}

function prefixed(parts: readonly Buffer[], bytes: number): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(bytes);
      length.writeUIntBE(part.length, 0, bytes);
      return [length, part];
    }),
  );
}

function readPrefixed(data: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < data.length; ) {
    if (at + 2 > data.length) return [];
    const end = at + 2 + data.readUInt16BE(at);
    if (end > data.length) return [];
    parts.push(data.subarray(at + 2, end));
    at = end;
  }
  return parts;
}

/** Only the one spelling of the bytes that we write: a text that decodes alike is not the same snapshot. */
function decode(text: string): Buffer {
  if (text.length > base64Limit) throw tooLarge(Math.floor((text.length / 4) * 3));
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== text) {
    throw refusal('snapshot_malformed', 'The snapshot is not base64 text. Send it back exactly as it was received.');
  }
  if (bytes.length > limits.snapshotCompressed) throw tooLarge(bytes.length);
  if (!looksLikeMember(bytes)) {
    throw refusal('snapshot_malformed', 'The snapshot is not a gzip file. Send it back exactly as it was received.');
  }
  return bytes;
}

function newer(version: string): WfmError {
  return new WfmError('snapshot_version', 'The snapshot was made by a newer version of this server.', {
    params: { version, known: VERSION },
    place: 'virtual_db',
  });
}

function refusal(code: ErrorCode, message: string): WfmError {
  return new WfmError(code, message, { place: 'virtual_db' });
}

function tooLarge(actual: number): WfmError {
  const limit = limits.snapshotCompressed;
  return new WfmError('snapshot_too_large', `The snapshot has ${actual} bytes; ${limit} are allowed.`, {
    params: { limit, actual },
    place: 'virtual_db',
  });
}
