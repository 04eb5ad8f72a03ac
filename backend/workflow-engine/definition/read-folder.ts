import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { WfmError } from '../errors/index.ts';
import { limits } from '../models/limits.ts';
import type { PackageFiles } from './package-files.ts';
import { readZip } from './read-zip.ts';

/** A package as found on disk; `entryPoint` when the path named a JSON file. */
export interface PackageOnDisk {
  files: PackageFiles;
  entryPoint?: string;
}

/**
 * Reads a package from a path: a folder, a ZIP, or the JSON file in a folder that is its entry point.
 * Throws `entry_point_missing` when there is nothing at the path, and what `readFolder` and `readZip` throw.
 */
export async function readPackage(path: string): Promise<PackageOnDisk> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new WfmError('entry_point_missing', `There is nothing at "${path}".`, { params: { path } });
  if (found.isDirectory()) return { files: await readFolder(path) };
  if (path.toLowerCase().endsWith('.zip')) return { files: await readZip(await readFile(path)) };
  return { files: await readFolder(dirname(path)), entryPoint: basename(path).normalize('NFC') };
}

/**
 * Reads every file below a folder. Names that begin with a point and `node_modules` are passed over; a link is followed
 * when it leads to a file inside the folder.
 * Throws `ref_outside_package` for a link that leaves it, `too_many_refs` over 500 files, `definition_too_large` over
 * 20 MB (the limits of a ZIP, format.md 23).
 */
export async function readFolder(folder: string): Promise<PackageFiles> {
  const reading: Reading = { root: await realpath(folder), files: new Map(), bytes: 0 };
  await readInto(reading, '', 0);
  return reading.files;
}

interface Reading {
  root: string;
  files: PackageFiles;
  bytes: number;
}

async function readInto(reading: Reading, below: string, depth: number): Promise<void> {
  if (depth > limits.jsonDepth) throw tooMuch('definition_too_large', 'levels of folders', limits.jsonDepth);
  const entries = await readdir(join(reading.root, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) await readInto(reading, path, depth + 1);
    else if (entry.isFile() || (entry.isSymbolicLink() && (await leadsToFileInside(reading.root, path)))) {
      await readOne(reading, path);
    }
  }
}

async function leadsToFileInside(root: string, path: string): Promise<boolean> {
  const target = await realpath(join(root, path)).catch(() => undefined);
  if (target === undefined) return false;
  if (target !== root && !target.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw new WfmError('ref_outside_package', `The link "${path}" leads out of the package.`, { params: { path } });
  }
  return (await lstat(target)).isFile();
}

async function readOne(reading: Reading, path: string): Promise<void> {
  if (reading.files.size >= limits.zipEntries) throw tooMuch('too_many_refs', 'files', limits.zipEntries);
  const full = join(reading.root, path);
  // Looked at before it is read, so that one huge file is never in memory.
  reading.bytes += (await stat(full)).size;
  if (reading.bytes > limits.zipInflated) throw tooMuch('definition_too_large', 'bytes', limits.zipInflated);
  reading.files.set(path.normalize('NFC'), new Uint8Array(await readFile(full)));
}

function tooMuch(code: 'too_many_refs' | 'definition_too_large', what: string, limit: number): WfmError {
  return new WfmError(code, `The folder holds more than ${limit} ${what}.`, { params: { what, limit } });
}
