import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { assertMediaNames, boundedStream, rangeWithin } from '../media-file-rules.ts';
import type { MediaFiles } from '../media-files.ts';

/** `MediaFiles` in memory, for tests and for programs that keep nothing. */
export function memoryMediaFiles(): MediaFiles {
  const runs = new Map<string, Map<string, Uint8Array>>();
  const making = new Map<string, Promise<Uint8Array>>();
  return {
    async put({ runId, data, maxBytes, signal }) {
      assertMediaNames({ runId });
      const chunks: Uint8Array[] = [];
      const hash = sha256.create();
      for await (const chunk of boundedStream(data, { maxBytes, signal })) {
        hash.update(chunk);
        chunks.push(chunk.slice());
      }
      const name = bytesToHex(hash.digest());
      const bytes = joinChunks(chunks);
      const files = runs.get(runId) ?? new Map<string, Uint8Array>();
      runs.set(runId, files.set(name, bytes));
      return { sha256: name, bytes: bytes.length };
    },
    async read({ runId, sha256: name, ...range }) {
      assertMediaNames({ runId, sha256: name });
      const bytes = runs.get(runId)?.get(name);
      if (!bytes) return null;
      const { start, end } = rangeWithin(bytes.length, range);
      return { data: onceOf(bytes.slice(start, end)), size: bytes.length };
    },
    async derived({ runId, sha256: of, name, make }) {
      assertMediaNames({ runId, sha256: of, derived: name });
      const key = `${of}.${name}`;
      const known = runs.get(runId)?.get(key);
      if (known) return known.slice();
      const made = making.get(`${runId}/${key}`) ?? make();
      making.set(`${runId}/${key}`, made);
      try {
        const value = await made;
        runs.get(runId)?.set(key, value.slice());
        return value.slice();
      } finally {
        making.delete(`${runId}/${key}`);
      }
    },
    async deleteRun({ runId }) {
      assertMediaNames({ runId });
      runs.delete(runId);
    },
    async *runs() {
      yield* runs.keys();
    },
  };
}

function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

async function* onceOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
