import { Readable } from 'node:stream';
import type { RunFileRow } from '@wfm/workflow-engine/ports';
import { Zip, ZipDeflate } from 'fflate';

/** Files as a ZIP, one in memory at a time; `null` bytes are passed over. */
export function zipStream(
  files: readonly RunFileRow[],
  bytes: (file: RunFileRow) => Promise<Uint8Array | null>,
): Readable {
  return Readable.from(chunks(files, bytes), { objectMode: false });
}

async function* chunks(
  files: readonly RunFileRow[],
  bytes: (file: RunFileRow) => Promise<Uint8Array | null>,
): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
  });
  const names = new Set<string>();
  for (const file of files) {
    const data = await bytes(file);
    if (!data) continue;
    const entry = new ZipDeflate(freeName(names, entryName(file)), { level: 6 });
    entry.mtime = file.created_at;
    zip.add(entry);
    entry.push(data, true);
    yield* ready;
    ready = [];
  }
  zip.end();
  yield* ready;
}

/** `category/step/name`, with no part that could climb out of the folder where somebody unpacks it. */
function entryName(file: RunFileRow): string {
  const folders = [file.category, file.step_id, ...(file.group === null ? [] : [file.group])];
  const names = file.filename.split(/[\\/]/).map(plainName);
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
