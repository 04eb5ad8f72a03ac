import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaSource } from './media-source.ts';

/** Each read may be a request to a store far away. */
const CHUNK = 8 * 1024 * 1024;

/** Gives a program a source as a file of its own, which is removed afterwards; tools for video need to seek. */
export async function withScratchFile<T>(source: MediaSource, use: (path: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'wfm-media-'));
  try {
    const path = join(directory, 'source');
    const handle = await open(path, 'wx', 0o600);
    try {
      for (let at = 0; at < source.size; at += CHUNK) {
        await handle.writeFile(await source.read(at, Math.min(source.size, at + CHUNK)));
      }
    } finally {
      await handle.close();
    }
    return await use(path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
