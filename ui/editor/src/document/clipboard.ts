import { isJsonObject } from '@wfm/workflow-engine/models';
import {
  type DocumentFile,
  type EditorDocument,
  fileAt,
  objectOf,
  readFile,
  sameFile,
  storedFile,
  type StoredFiles,
  withFile,
} from './document.ts';
import { referenceTarget } from './follow.ts';
import { findModule, findStep, modulesOf, outlineOf } from './outline.ts';
import { moveReferences, renameFile, renameStateKeyIn } from './references.ts';
import { insertModules, insertSteps, type Spot, unique } from './structure.ts';

/** Steps or modules that were copied, with the files that they refer to: complete, so that any workflow can take them. */
export interface Fragment {
  readonly wfm_fragment: 1;
  readonly kind: 'modules' | 'steps';
  /** References in them are relative to the root of a package. */
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly files: StoredFiles;
}

/** References are written as from a file in the root. */
const root = '';

/** Copies steps (by id) or modules (by key); steps where both are asked for. */
export function copyNodes(document: EditorDocument, keys: readonly string[]): Fragment | null {
  const outline = outlineOf(document);
  const steps = keys.flatMap((key) => findStep(outline, key) ?? []);
  const modules = keys.flatMap((key) => findModule(outline, key) ?? []);
  if (steps.length + modules.length === 0) return null;
  const inOrder = modulesOf(outline).filter((module) => modules.includes(module));
  const items =
    steps.length > 0
      ? steps.map(({ value, address, modules: own }) => ({
          ...objectOf(moveReferences(value, address.file, root)),
          modules: own.map((module) => moveReferences(module.value, module.address.file, root)),
        }))
      : inOrder.map(({ value, address }) => objectOf(moveReferences(value, address.file, root)));
  const files: StoredFiles = {};
  collect(document, items, root, files);
  return { wfm_fragment: 1, kind: steps.length > 0 ? 'steps' : 'modules', items, files };
}

/** Reads what was copied from a text; null for any other text. */
export function readFragment(text: string): Fragment | null {
  if (!text.includes('wfm_fragment')) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value) || value['wfm_fragment'] !== 1) return null;
    const { kind, items, files } = value;
    if ((kind !== 'modules' && kind !== 'steps') || !Array.isArray(items) || !items.every(isJsonObject)) return null;
    return { wfm_fragment: 1, kind, items, files: storedIn(files) };
  } catch {
    return null;
  }
}

function storedIn(files: unknown): StoredFiles {
  const stored: StoredFiles = {};
  for (const [path, content] of Object.entries(objectOf(files))) {
    if (typeof content === 'string') stored[path] = content;
    else if (isJsonObject(content) && typeof content['base64'] === 'string')
      stored[path] = { base64: content['base64'] };
  }
  return stored;
}

/**
 * Puts a fragment in. Names are made unique and what the pasted modules read of each other follows; a file that is there
 * with other content gets another name, one with the same content is shared.
 */
export function paste(document: EditorDocument, spot: Spot, fragment: Fragment): EditorDocument {
  const { document: withFiles, items } = addFiles(document, fragment);
  const outline = outlineOf(withFiles);
  if (fragment.kind === 'steps') {
    const file = outline.list.file;
    return insertSteps(
      withFiles,
      spot.index,
      items.map((item) => objectOf(moveReferences(item, root, file))),
    );
  }
  const step = spot.stepId === null ? undefined : findStep(outline, spot.stepId);
  if (!step) return document;
  const taken = new Set(step.modules.map(({ name }) => name));
  let moved: readonly unknown[] = items;
  const names = items.map((item) => textOf(item['name']));
  for (const [index, name] of names.entries()) {
    if (name === undefined) continue;
    const free = unique(name, taken);
    taken.add(free);
    if (free === name) continue;
    moved = moved.map((item, at) => {
      const followed = renameStateKeyIn(item, name, free);
      return at === index ? { ...objectOf(followed), name: free } : followed;
    });
  }
  return insertModules(
    withFiles,
    spot,
    moved.map((item) => objectOf(moveReferences(item, root, step.list.file))),
  );
}

/** Files that items refer to, and what those refer to in turn. */
function collect(document: EditorDocument, value: unknown, from: string, files: StoredFiles): void {
  if (Array.isArray(value)) for (const item of value) collect(document, item, from, files);
  if (!isJsonObject(value)) return;
  const target = referenceTarget(value, from);
  const file = target && fileAt(document, target.file);
  if (target && file && !Object.hasOwn(files, target.file)) {
    files[target.file] = storedFile(file);
    if (file.kind === 'json') collect(document, file.value, target.file, files);
  }
  if (!target) for (const item of Object.values(value)) collect(document, item, from, files);
}

function addFiles(
  document: EditorDocument,
  { items, files }: Fragment,
): { document: EditorDocument; items: readonly Readonly<Record<string, unknown>>[] } {
  // The fragment as a small package of its own, so that a file renamed in it takes its references along.
  const own: Record<string, DocumentFile> = Object.fromEntries(
    Object.entries(files).map(([path, content]) => [path, readFile(path, content)]),
  );
  const entryPoint = unique('fragment', new Set(Object.keys(own)));
  let parcel: EditorDocument = {
    entryPoint,
    files: { ...own, [entryPoint]: { kind: 'json', value: items } },
    preview: null,
  };
  const taken = new Set([...Object.keys(document.files), ...Object.keys(own)]);
  for (const path of Object.keys(own)) {
    const there = fileAt(document, path);
    if (!there || sameFile(there, own[path] as DocumentFile)) continue;
    const free = freeFile(path, taken);
    taken.add(free);
    parcel = renameFile(parcel, path, free);
  }
  let result = document;
  for (const [path, file] of Object.entries(parcel.files)) {
    if (path !== parcel.entryPoint && !fileAt(result, path)) result = withFile(result, path, file);
  }
  const entry = parcel.files[parcel.entryPoint];
  return { document: result, items: entry?.kind === 'json' ? (entry.value as Fragment['items']) : items };
}

function freeFile(path: string, taken: ReadonlySet<string>): string {
  const dot = path.lastIndexOf('.');
  const [stem, ending] = dot > path.lastIndexOf('/') ? [path.slice(0, dot), path.slice(dot)] : [path, ''];
  let number = 2;
  while (taken.has(`${stem}-${number}${ending}`)) number += 1;
  return `${stem}-${number}${ending}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
