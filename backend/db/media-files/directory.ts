import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, opendir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  assertMediaNames,
  boundedStream,
  isMediaRunId,
  type MediaFiles,
  rangeWithin,
} from '@wfm/workflow-engine/ports';
import { storageUnavailable } from '../storage-errors.ts';
import { codeOf, toMediaFault } from './faults.ts';

/** Where bytes lie until they are whole; no run can be called so. */
const INCOMING = '.incoming';
const CHUNK = 64 * 1024;

export interface MediaDirectory extends MediaFiles {
  /** Removes what crashed writes have left for longer than `olderThanMs`, an hour by default. How many. */
  sweepIncoming(params?: { olderThanMs?: number }): Promise<number>;
}

/**
 * `MediaFiles` in a directory, `<dataDir>/media/<run>/<sha256>`, for its user alone. A file is written under a name of its
 * own, synced, and then renamed, so that it is there whole or not at all. Symbolic links below the directory are never
 * followed (S15).
 */
export function mediaDirectory(dataDir: string): MediaDirectory {
  const root = join(dataDir, 'media');
  const incoming = join(root, INCOMING);
  const making = new Map<string, Promise<Uint8Array>>();
  const runDir = (runId: string) => join(root, runId);

  /** Writes to a name of its own, then moves it to where `target` says. */
  const place = async (chunks: AsyncIterable<Uint8Array>, target: () => Promise<string>): Promise<void> => {
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    const draft = join(incoming, randomUUID());
    try {
      await writeDraft(draft, chunks);
      await rename(draft, await target());
    } finally {
      await rm(draft, { force: true });
    }
  };

  const makeDerived = async (directory: string, file: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> => {
    const known = (await isDirectory(directory)) ? await readIfThere(file) : undefined;
    if (known) return known;
    const value = await make();
    // It can be made again: where it cannot be kept (a full disk, a run just deleted) the value is still an answer.
    if (await isDirectory(directory)) await place(onceOf(value), async () => file).catch(() => undefined);
    return value;
  };

  return {
    async put({ runId, data, maxBytes, signal }) {
      assertMediaNames({ runId });
      const hash = createHash('sha256');
      const measured = { bytes: 0, sha256: '' };
      const directory = runDir(runId);
      let isSourceFault = false;
      async function* measure() {
        try {
          for await (const chunk of boundedStream(data, { maxBytes, signal })) {
            hash.update(chunk);
            measured.bytes += chunk.byteLength;
            yield chunk;
          }
        } catch (error) {
          isSourceFault = true;
          throw error;
        }
        measured.sha256 = hash.digest('hex');
      }
      try {
        await place(measure(), async () => {
          await makeRunDirectory(root, directory);
          return join(directory, measured.sha256);
        });
        await syncDirectory(directory);
      } catch (error) {
        throw isSourceFault ? error : toMediaFault(error);
      }
      return { sha256: measured.sha256, bytes: measured.bytes };
    },

    async read({ runId, sha256, ...range }) {
      assertMediaNames({ runId, sha256 });
      const file = join(runDir(runId), sha256);
      const size = await sizeOf(runDir(runId), file);
      if (size === null) return null;
      return { data: readRange(file, rangeWithin(size, range)), size };
    },

    async derived({ runId, sha256, name, make }) {
      assertMediaNames({ runId, sha256, derived: name });
      const file = join(runDir(runId), `${sha256}.${name}`);
      const made = making.get(file) ?? makeDerived(runDir(runId), file, make);
      making.set(file, made);
      try {
        return await made;
      } finally {
        making.delete(file);
      }
    },

    async deleteRun({ runId }) {
      assertMediaNames({ runId });
      try {
        await mkdir(incoming, { recursive: true, mode: 0o700 });
        const gone = join(incoming, randomUUID());
        // Moved away first: nobody sees a run that has half of its files.
        await rename(runDir(runId), gone).catch(ignoreMissing);
        await rm(gone, { recursive: true, force: true });
      } catch (error) {
        throw toMediaFault(error);
      }
    },

    async *runs() {
      const directory = await opendir(root).catch(ignoreMissing);
      if (!directory) return;
      for await (const entry of directory) if (entry.isDirectory() && isMediaRunId(entry.name)) yield entry.name;
    },

    async sweepIncoming({ olderThanMs = 3_600_000 } = {}) {
      let removed = 0;
      for (const name of (await readdir(incoming).catch(ignoreMissing)) ?? []) {
        const path = join(incoming, name);
        const found = await lstat(path).catch(ignoreMissing);
        if (!found || Date.now() - found.mtimeMs < olderThanMs) continue;
        await rm(path, { recursive: true, force: true });
        removed += 1;
      }
      return removed;
    },
  };
}

async function writeDraft(draft: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const handle = await open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    for await (const chunk of chunks) await writeAll(handle, chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.byteLength; ) at += (await handle.write(chunk, at)).bytesWritten;
}

/** The run's directory, which must be one: a link in its place could lead out of the root. */
async function makeRunDirectory(root: string, directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
    await syncDirectory(root);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  if (!(await isDirectory(directory))) throw storageUnavailable('The place of a run’s media is not a directory.');
}

async function isDirectory(path: string): Promise<boolean> {
  return (await lstat(path).catch(ignoreMissing))?.isDirectory() ?? false;
}

/** Makes the new name durable, not only the bytes. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Null where there is no plain file below a plain directory. */
async function sizeOf(directory: string, file: string): Promise<number | null> {
  try {
    if (!(await isDirectory(directory))) return null;
    const found = await lstat(file);
    return found.isFile() ? found.size : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw toMediaFault(error);
  }
}

/** Opened when the first chunk is asked for, so that an answer nobody reads holds no file open. */
async function* readRange(file: string, { start, end }: { start: number; end: number }): AsyncGenerator<Uint8Array> {
  if (start >= end) return;
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    throw toMediaFault(error);
  });
  try {
    for (let at = start; at < end; ) {
      const buffer = new Uint8Array(Math.min(CHUNK, end - at));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) throw storageUnavailable('A media file is shorter than it was.');
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  const found = await lstat(file).catch(ignoreMissing);
  return found?.isFile() ? await readFile(file) : undefined;
}

async function* onceOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function ignoreMissing(error: unknown): undefined {
  if (!isMissing(error)) throw toMediaFault(error);
}
