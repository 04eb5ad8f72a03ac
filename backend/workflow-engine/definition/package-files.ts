import { type ErrorItem, isWfmError, WfmError } from '../errors/index.ts';
import { isJsonObject } from '../models/json.ts';
import { parseJson } from './json-position.ts';

/** The files of a package by their path inside it: `/` between segments, NFC, no `.` or `..`. */
export type PackageFiles = Map<string, Uint8Array>;

/** A definition as its author wrote it: files, and the one that it starts with. */
export interface WorkflowPackage {
  entryPoint: string;
  files: PackageFiles;
}

/** As the name of a file in JSON they would mean something else to who reads it carelessly. */
const reserved = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A name as an archive gives it, brought to the form of `PackageFiles` (format.md 1.2); undefined for a directory.
 * Throws `zip_entry_refused` for an absolute path, a drive letter, NUL, a path that climbs above the root, or a
 * name that an object of JavaScript has by itself.
 */
export function packagePath(name: string): string | undefined {
  if (name.includes('\0')) throw refusedEntry(name, 'its name holds a NUL character');
  const slashed = name.replaceAll('\\', '/');
  if (slashed.startsWith('/')) throw refusedEntry(name, 'its path is absolute');
  if (/^[A-Za-z]:/.test(slashed)) throw refusedEntry(name, 'its path begins with a drive letter');
  const segments: string[] = [];
  for (const segment of slashed.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) throw refusedEntry(name, 'its path climbs above the root of the package');
  }
  if (slashed.endsWith('/') || segments.length === 0) return undefined;
  const path = segments.join('/').normalize('NFC');
  if (reserved.has(path)) throw refusedEntry(name, 'its name is reserved');
  return path;
}

/** `zip_entry_refused`, naming the entry (shortened, control characters made visible). */
export function refusedEntry(name: string, reason: string): WfmError {
  const shown = JSON.stringify(name.slice(0, 200));
  return new WfmError('zip_entry_refused', `The entry ${shown} is refused: ${reason}.`, {
    params: { entry: name.slice(0, 200), reason },
  });
}

/** Two names that a file system may hold to be one fold to the same text (format.md 1.2). */
export function foldName(path: string): string {
  // Upper case first, so that letters with several lower forms (ß and ss, σ and ς) meet.
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The text of a file without its byte order mark; undefined when it is not UTF-8 (format.md 1.3). */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * The file that a package starts with (format.md 1.1): the one named, else the only JSON file at the root that has
 * `workflow_id` and `steps`. Throws `entry_point_missing`; `errors` tells of root files whose JSON is broken.
 */
export function chooseEntryPoint(files: PackageFiles, named?: string): string {
  if (named !== undefined) {
    const path = safePath(named);
    if (path !== undefined && files.has(path)) return path;
    throw new WfmError('entry_point_missing', `The package has no file "${named.slice(0, 200)}".`, {
      params: { entry_point: named.slice(0, 200) },
    });
  }
  const candidates: string[] = [];
  const errors: ErrorItem[] = [];
  for (const [path, bytes] of files) {
    if (path.includes('/') || !path.toLowerCase().endsWith('.json')) continue;
    const verdict = looksLikeWorkflow(path, bytes);
    if (verdict === true) candidates.push(path);
    else if (verdict !== false) errors.push(verdict);
  }
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  throw new WfmError('entry_point_missing', entryPointSentence(candidates, errors), { params: { candidates }, errors });
}

function entryPointSentence(candidates: string[], errors: ErrorItem[]): string {
  if (candidates.length > 1) {
    return `Name the entry point: ${candidates.slice(0, 5).join(', ')} all look like a workflow.`;
  }
  const broken = errors[0] ? ` ${errors[0].message}` : '';
  return `No JSON file at the root of the package has "workflow_id" and "steps".${broken}`;
}

function looksLikeWorkflow(path: string, bytes: Uint8Array): boolean | ErrorItem {
  const text = textOf(bytes);
  if (text === undefined) return false;
  try {
    const json = parseJson(text, path);
    return isJsonObject(json) && Object.hasOwn(json, 'workflow_id') && Object.hasOwn(json, 'steps');
  } catch (thrown) {
    if (!isWfmError(thrown)) throw thrown;
    return { path: '', code: thrown.code, params: thrown.params, message: thrown.message };
  }
}

function safePath(name: string): string | undefined {
  try {
    return packagePath(name);
  } catch {
    return undefined;
  }
}
