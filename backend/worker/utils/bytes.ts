import type { MediaFiles } from '@wfm/workflow-engine/ports';

/** All bytes of a stream, which the caller knows to be small enough. */
export async function readAll(data: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of data) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A stream of one chunk. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A kept file as `MediaInspect` wants it. */
export function rangesOf(
  files: Pick<MediaFiles, 'read'>,
  file: { runId: string; sha256: string; bytes: number },
): { size: number; read(start: number, end: number): Promise<Uint8Array> } {
  return {
    size: file.bytes,
    async read(start, end) {
      const found = await files.read({ runId: file.runId, sha256: file.sha256, start, end });
      return found ? readAll(found.data) : new Uint8Array();
    },
  };
}
