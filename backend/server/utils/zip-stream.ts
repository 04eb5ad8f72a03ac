import { Readable } from 'node:stream';
import type { RunFileRow } from '@wfm/workflow-engine/ports';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

/** One file of a ZIP. */
export interface ZipItem {
  /** Names of folders; those that are empty are left out. */
  folders: readonly string[];
  filename: string;
  /** ISO time. */
  createdAt: string;
  /** Pictures, sounds and videos are packed already, and kept as they are. */
  isPacked: boolean;
  /** Null: it is gone, and passed over. */
  open(): Promise<AsyncIterable<Uint8Array> | null>;
}

/** Files as a ZIP, a piece of one in memory at a time. */
export function zipStream(items: Iterable<ZipItem>): Readable {
  return Readable.from(chunks(items), { objectMode: false });
}

/** A file that a run has written, as one of a ZIP. */
export function fileItem(file: RunFileRow, bytes: (file: RunFileRow) => Promise<Uint8Array | null>): ZipItem {
  return {
    folders: [file.category, file.step_id, file.group ?? ''],
    filename: file.filename,
    createdAt: file.created_at,
    isPacked: false,
    async open() {
      const data = await bytes(file);
      return data && onceOf(data);
    },
  };
}

async function* onceOf(data: Uint8Array): AsyncGenerator<Uint8Array> {
  yield data;
}

async function* chunks(items: Iterable<ZipItem>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
  });
  const names = new Set<string>();
  for (const item of items) {
    const data = await item.open();
    if (!data) continue;
    const name = freeName(names, entryName(item));
    const entry = item.isPacked ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 });
    entry.mtime = item.createdAt;
    zip.add(entry);
    for await (const piece of data) {
      // The entry may keep what it is given until its stream ends.
      entry.push(piece.slice());
      yield* ready;
      ready = [];
    }
    entry.push(new Uint8Array(0), true);
    yield* ready;
    ready = [];
  }
  zip.end();
  yield* ready;
}

/** `category/step/name`, with no part that could climb out of the folder where somebody unpacks it. */
function entryName({ folders, filename }: ZipItem): string {
  const names = filename.split(/[\\/]/).map(plainName);
  const last = names.pop();
  return [...folders.map(plainName), ...names]
    .filter((part) => part !== '')
    .concat(last || 'file')
    .join('/');
}

/** Without control characters and those that Windows refuses in names; no dots or blanks at its ends. */
function plainName(part: string): string {
  return part
    .replaceAll(/[\p{Cc}<>:"|?*\\/]/gu, '_')
    .replace(/^[. ]+/, '')
    .slice(0, 200)
    .replace(/[. ]+$/, '');
}

function freeName(taken: Set<string>, name: string): string {
  let free = name;
  const dot = name.lastIndexOf('.');
  const cut = dot > name.lastIndexOf('/') + 1 ? dot : name.length;
  for (let count = 2; taken.has(free.toLowerCase()); count += 1)
    free = `${name.slice(0, cut)} (${count})${name.slice(cut)}`;
  taken.add(free.toLowerCase());
  return free;
}
