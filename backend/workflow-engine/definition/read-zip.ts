import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import * as yauzl from 'yauzl';
import { type ErrorCode, isWfmError, WfmError } from '../errors/index.ts';
import { limits } from '../models/limits.ts';
import { foldName, type PackageFiles, packagePath, refusedEntry, textOf } from './package-files.ts';

/** What yauzl 3 has beyond its published types. */
interface ZipFile extends Omit<yauzl.ZipFile, 'readLocalFileHeader'> {
  readLocalFileHeader(
    entry: yauzl.Entry,
    options: { minimal: true },
    callback: (error: Error | null, header: { fileDataStart: number }) => void,
  ): void;
}
interface Entry extends yauzl.Entry {
  fileNameRaw: Buffer;
}

interface Listed {
  entry: Entry;
  /** As the archive has it, for messages. */
  name: string;
  /** Undefined for a directory. */
  path: string | undefined;
}

/**
 * The files of a ZIP (format.md 1.2, 23). All names are judged before anything is inflated, and sizes are counted while
 * inflating: what a header says about them is believed by nobody.
 * Throws `zip_invalid`, `zip_entry_refused`, `zip_too_many_entries`, `zip_too_large`, `zip_ratio`; all but the first
 * name the entry in `params.entry`.
 */
export async function readZip(bytes: Uint8Array): Promise<PackageFiles> {
  if (bytes.length > limits.packageBytes) {
    throw tooLarge(
      'zip_too_large',
      `The ZIP file is larger than ${limits.packageBytes} bytes.`,
      limits.packageBytes,
      bytes.length,
    );
  }
  const zip = await openZip(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (zip.entryCount > limits.zipEntries) {
    const message = `The ZIP file has ${zip.entryCount} entries; ${limits.zipEntries} are allowed.`;
    throw tooLarge('zip_too_many_entries', message, limits.zipEntries, zip.entryCount);
  }
  const listed = judgeNames(await listEntries(zip));
  await refuseOverlaps(zip, listed);
  const files: PackageFiles = new Map();
  let total = 0;
  for (const { entry, name, path } of listed) {
    if (path === undefined) continue;
    const content = await inflate(zip, entry, name, total);
    total += content.length;
    files.set(path, content);
  }
  return files;
}

function openZip(buffer: Buffer): Promise<ZipFile> {
  // Names are decoded here, and sizes checked here, because yauzl would refuse names that rule 1.2 allows.
  const options = { lazyEntries: true, decodeStrings: false, validateEntrySizes: false };
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(buffer, options, (error, zip) => {
      if (error) reject(invalid(error));
      else resolve(zip as unknown as ZipFile);
    });
  });
}

function listEntries(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('error', (error: Error) => reject(invalid(error)));
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

function judgeNames(entries: Entry[]): Listed[] {
  const taken = new Map<string, string>();
  return entries.map((entry) => {
    const name = nameOf(entry);
    const path = packagePath(name);
    if (entry.isEncrypted()) throw refusedEntry(name, 'it is encrypted');
    if (isSpecialFile(entry)) throw refusedEntry(name, 'it is a link or another special file');
    if (path !== undefined) {
      const folded = foldName(path);
      const earlier = taken.get(folded);
      if (earlier !== undefined) throw refusedEntry(name, `it is the same file as "${earlier.slice(0, 200)}"`);
      taken.set(folded, name);
    }
    return { entry, name, path };
  });
}

/** Many tools write UTF-8 without saying so; what is not UTF-8 is read byte by byte. */
function nameOf(entry: Entry): string {
  return textOf(entry.fileNameRaw) ?? entry.fileNameRaw.toString('latin1');
}

/** Unix keeps the file type in the upper half of the external attributes; systems without one leave it 0. */
function isSpecialFile(entry: Entry): boolean {
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  return type !== 0 && type !== 0o100000 && type !== 0o040000;
}

/** Entries that share bytes are how a small archive holds a huge one without compressing well. */
async function refuseOverlaps(zip: ZipFile, listed: Listed[]): Promise<void> {
  const extents: { start: number; end: number; name: string }[] = [];
  for (const { entry, name } of listed) {
    const start = entry.relativeOffsetOfLocalHeader;
    const end = (await dataStart(zip, entry)) + entry.compressedSize;
    extents.push({ start, end, name });
  }
  extents.sort((a, b) => a.start - b.start);
  for (const [index, extent] of extents.entries()) {
    const before = extents[index - 1];
    if (before && extent.start < before.end)
      throw refusedEntry(extent.name, `it shares bytes with "${before.name.slice(0, 200)}"`);
  }
}

function dataStart(zip: ZipFile, entry: Entry): Promise<number> {
  return new Promise((resolve, reject) => {
    zip.readLocalFileHeader(entry, { minimal: true }, (error, header) => {
      if (error) reject(invalid(error));
      else resolve(header.fileDataStart);
    });
  });
}

async function inflate(zip: ZipFile, entry: Entry, name: string, before: number): Promise<Uint8Array> {
  const stream = await openStream(zip, entry, name);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (before + size > limits.zipInflated) {
        const message = `The ZIP file inflates to more than ${limits.zipInflated} bytes, at the entry ${JSON.stringify(name.slice(0, 200))}.`;
        throw tooLarge('zip_too_large', message, limits.zipInflated, before + size, name);
      }
      if (size > limits.zipRatio * entry.compressedSize) {
        const message = `The entry ${JSON.stringify(name.slice(0, 200))} inflates to more than ${limits.zipRatio} times its size.`;
        throw tooLarge(
          'zip_ratio',
          message,
          limits.zipRatio,
          Math.floor(size / Math.max(1, entry.compressedSize)),
          name,
        );
      }
      chunks.push(chunk);
    }
  } catch (thrown) {
    stream.destroy();
    throw isWfmError(thrown) ? thrown : invalid(thrown, name);
  }
  const content = Buffer.concat(chunks);
  if (content.length !== entry.uncompressedSize || crc32(content) !== entry.crc32) {
    throw invalid(new Error('its content does not match its header'), name);
  }
  return new Uint8Array(content.buffer, content.byteOffset, content.length);
}

function openStream(zip: ZipFile, entry: Entry, name: string): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(refusedEntry(name, error.message));
      else resolve(stream);
    });
  });
}

function tooLarge(code: ErrorCode, message: string, limit: number, actual: number, entry?: string): WfmError {
  return new WfmError(code, message, {
    params: { limit, actual, ...(entry === undefined ? {} : { entry: entry.slice(0, 200) }) },
  });
}

function invalid(thrown: unknown, name?: string): WfmError {
  const reason = thrown instanceof Error ? thrown.message.slice(0, 200) : 'unknown reason';
  if (/encrypt/.test(reason)) return refusedEntry(name ?? '', 'it is encrypted');
  const where = name === undefined ? '' : ` at the entry ${JSON.stringify(name.slice(0, 200))}`;
  return new WfmError('zip_invalid', `The ZIP file cannot be read${where}: ${reason}.`, {
    params: { reason, ...(name === undefined ? {} : { entry: name.slice(0, 200) }) },
    cause: thrown,
  });
}
