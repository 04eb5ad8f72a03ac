import { crc32, gzip, inflateRaw, type InputType, type ZlibOptions } from 'node:zlib';
import { promisify } from 'node:util';
import { type ErrorCode, isWfmError, WfmError } from '@wfm/workflow-engine/errors';
import { isJsonObject, limits } from '@wfm/workflow-engine/models';
import type { StoreRows } from '@wfm/workflow-engine/ports/memory';
import { z } from 'zod';
import { bodyOfMember } from './gzip-member.ts';
import { largestValue } from './largest-value.ts';

/** The inside of a snapshot (format.md 22): gzip of JSON. Knows nothing of keys or signatures. */

const headSchema = z.strictObject({
  snapshot: z.literal(1),
  engine: z.string(),
  user_id: z.string(),
  virtual_run_id: z.string(),
  target: z.strictObject({ step_id: z.string(), module_name: z.string() }).nullable(),
  /** Of an opened production run: the last event that was taken of it, and a name of this copy alone. */
  opened: z.strictObject({ branch_id: z.string(), seq: z.number().int().min(0), copy: z.string() }).optional(),
});

/** What a snapshot says beside its rows. */
export type SnapshotHead = Omit<z.infer<typeof headSchema>, 'snapshot'>;

const compress = promisify(gzip);
/** Room for the signature, which is added later and counts. */
const SEAL_BYTES = 512;

/**
 * The gzip file of a state. Stores, rows and columns come in a fixed order and values keep the order of their keys, so
 * the same state gives the same bytes before compression. Throws `snapshot_too_large`, naming the largest value.
 */
export async function packSnapshot(head: SnapshotHead, stores: StoreRows): Promise<Buffer> {
  const { engine, user_id, virtual_run_id, target, opened } = head;
  const json = Buffer.from(JSON.stringify({ snapshot: 1, engine, user_id, virtual_run_id, target, opened, stores }));
  if (json.length > limits.snapshotInflated) {
    throw tooLargeToKeep(stores, json.length, limits.snapshotInflated, 'uncompressed');
  }
  const packed = await compress(json, { level: 6 });
  if (packed.length > limits.snapshotCompressed - SEAL_BYTES) {
    throw tooLargeToKeep(stores, packed.length, limits.snapshotCompressed, 'compressed');
  }
  return packed;
}

/**
 * Head and rows in a gzip file whose signature has been checked; the rows are still to be checked by whoever imports
 * them. Throws `snapshot_too_large`, `snapshot_version`, `snapshot_malformed`, and `snapshot_foreign` for another
 * user's or run's.
 */
export async function unpackSnapshot(
  file: Buffer,
  owner: { userId: string; runId: string },
): Promise<{ head: SnapshotHead; stores: unknown }> {
  const value = parse(await inflateMember(file));
  const { stores, ...rest } = isJsonObject(value) ? value : {};
  if (typeof rest.snapshot === 'number' && rest.snapshot > 1) {
    const version = rest.snapshot;
    throw refusal('snapshot_version', 'The snapshot was made by a newer version of this server.', { version });
  }
  const head = headSchema.safeParse(rest);
  if (!head.success) {
    throw malformed(`it has the wrong shape at "${head.error.issues[0]?.path.map(String).join('.') ?? ''}"`);
  }
  const { snapshot: _version, ...said } = head.data;
  if (said.user_id !== owner.userId || said.virtual_run_id !== owner.runId) {
    throw refusal('snapshot_foreign', 'The snapshot belongs to another preview.');
  }
  return { head: said, stores };
}

/** One member of deflate data, all of it and nothing behind it; a bomb is given up at the limit. */
async function inflateMember(file: Buffer): Promise<Buffer> {
  const body = bodyOfMember(file);
  if (!body) throw malformed('it is not one gzip file');
  let inflated: { buffer: Buffer; read: number };
  try {
    inflated = await inflate(body.deflated, limits.snapshotInflated);
  } catch (error) {
    if (isWfmError(error)) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw refusal('snapshot_too_large', `The snapshot inflates to more than ${limits.snapshotInflated} bytes.`, {
        limit: limits.snapshotInflated,
      });
    }
    throw malformed('its data is damaged');
  }
  const { buffer, read } = inflated;
  const whole = read === body.deflated.length && buffer.length === body.length && crc32(buffer) === body.crc;
  if (!whole) throw malformed('it is not one whole gzip file');
  return buffer;
}

function inflate(data: InputType, maxOutputLength: number): Promise<{ buffer: Buffer; read: number }> {
  const options: ZlibOptions = { maxOutputLength, info: true };
  return new Promise((resolve, reject) => {
    inflateRaw(data, options, (error, result) => {
      if (error) {
        reject(error);
        return;
      }
      // With `info`, Node hands out the engine beside the buffer; it knows how much input it took.
      const { buffer, engine } = result as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
      resolve({ buffer, read: engine.bytesWritten });
    });
  });
}

function parse(json: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    throw malformed('it is not JSON');
  }
}

function tooLargeToKeep(stores: StoreRows, actual: number, limit: number, form: string): WfmError {
  const largest = largestValue(stores);
  const hint = largest ? ` The largest value in it is ${largest.what} (${largest.bytes} bytes).` : '';
  const message = `The state of this preview takes ${actual} bytes ${form}; ${limit} are allowed.${hint} Make it smaller, or keep large data in a file that the workflow does not load.`;
  return new WfmError('snapshot_too_large', message, { params: { limit, actual, form, largest } });
}

function malformed(fault: string): WfmError {
  return refusal('snapshot_malformed', `The snapshot cannot be used: ${fault}.`, { fault });
}

function refusal(code: ErrorCode, message: string, params: Record<string, unknown> = {}): WfmError {
  return new WfmError(code, message, { params, place: 'virtual_db' });
}
