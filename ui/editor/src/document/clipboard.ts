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
import { moveReferences, renameFile, renameStateKey } from './references.ts';
import { freeNames, idOf, insertModules, insertSteps, nameOf, retargeted, type Spot, unique } from './structure.ts';

type Item = Readonly<Record<string, unknown>>;

/** Steps or modules that were copied, with the files that they refer to: complete, so that any workflow can take them. */
export interface Fragment {
  readonly wfm_fragment: 1;
  readonly kind: 'modules' | 'steps';
  /** References in them are relative to the root of a package. */
  readonly items: readonly Item[];
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
 * Puts a fragment in. Names are made unique, and what the pasted parts read of each other, in their files too, and where
 * their options lead, follows; a file that is there with other content gets another name, one with the same is shared.
 */
export function paste(document: EditorDocument, spot: Spot, fragment: Fragment): EditorDocument {
  const { list, steps } = outlineOf(document);
  const step = spot.stepId === null ? undefined : steps.find(({ stepId }) => stepId === spot.stepId);
  if (fragment.kind === 'steps') {
    const ids = new Set(steps.map(({ stepId }) => stepId));
    const { document: withFiles, items } = addFiles(document, withFreeIds(parcelOf(fragment), ids));
    return insertSteps(withFiles, spot.index, rebased(items, list.file));
  }
  if (!step) return document;
  const names = new Set(step.modules.map(({ name }) => name));
  const { document: withFiles, items } = addFiles(document, withFreeNames(parcelOf(fragment), names));
  return insertModules(withFiles, spot, rebased(items, step.list.file));
}

/** Modules under free names: templates of the parcel and options within one step follow. */
function withFreeNames(parcel: Parcel, there: ReadonlySet<string>): Parcel {
  const wishes = itemsOf(parcel).map(nameOf);
  return freeNames(wishes, there).reduce((before, name, index) => {
    const wish = wishes[index] ?? name;
    if (name === wish) return before;
    return withItems(renameStateKey(before, wish, name), (item, at) => {
      const own = at === index ? { ...item, name } : item;
      return retargeted(own, 'target_module', wish, name, ({ target_step: elsewhere }) => elsewhere === undefined);
    });
  }, parcel);
}

/** Steps under free ids: options that lead to them follow. */
function withFreeIds(parcel: Parcel, there: ReadonlySet<string>): Parcel {
  const wishes = itemsOf(parcel).map(idOf);
  return freeNames(wishes, there).reduce((before, step_id, index) => {
    const wish = wishes[index] ?? step_id;
    if (step_id === wish) return before;
    return withItems(before, (item, at) => {
      const modules = Array.isArray(item['modules']) ? (item['modules'] as unknown[]) : [];
      const followed = modules.map((module) => retargeted(objectOf(module), 'target_step', wish, step_id));
      return { ...item, modules: followed, ...(at === index ? { step_id } : {}) };
    });
  }, parcel);
}

/** Items whose references are relative to a file of the document instead of to the root. */
function rebased(items: readonly Item[], file: string): Item[] {
  return items.map((item) => objectOf(moveReferences(item, root, file)));
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

/** A fragment as a small package of its own, so that what is renamed in it takes its references along. */
type Parcel = EditorDocument;

function parcelOf({ items, files }: Fragment): Parcel {
  const own: Record<string, DocumentFile> = Object.fromEntries(
    Object.entries(files).map(([path, content]) => [path, readFile(path, content)]),
  );
  const entryPoint = unique('fragment', new Set(Object.keys(own)));
  return { entryPoint, files: { ...own, [entryPoint]: { kind: 'json', value: items } }, preview: null };
}

function itemsOf({ files, entryPoint }: Parcel): readonly Item[] {
  const entry = files[entryPoint];
  return entry?.kind === 'json' ? (entry.value as readonly Item[]) : [];
}

function withItems(parcel: Parcel, change: (item: Item, index: number) => Item): Parcel {
  return withFile(parcel, parcel.entryPoint, { kind: 'json', value: itemsOf(parcel).map(change) });
}

/** The document with a parcel's files, and the items as they refer to them there. */
function addFiles(document: EditorDocument, parcel: Parcel): { document: EditorDocument; items: readonly Item[] } {
  const own = Object.entries(parcel.files).filter(([path]) => path !== parcel.entryPoint);
  const taken = new Set([...Object.keys(document.files), ...Object.keys(parcel.files)]);
  let placed = parcel;
  for (const [path, file] of own) {
    const there = fileAt(document, path);
    if (!there || sameFile(there, file)) continue;
    const free = freeFile(path, taken);
    taken.add(free);
    placed = renameFile(placed, path, free);
  }
  let result = document;
  for (const [path, file] of Object.entries(placed.files)) {
    if (path !== placed.entryPoint && !fileAt(result, path)) result = withFile(result, path, file);
  }
  return { document: result, items: itemsOf(placed) };
}

function freeFile(path: string, taken: ReadonlySet<string>): string {
  const dot = path.lastIndexOf('.');
  const [stem, ending] = dot > path.lastIndexOf('/') ? [path.slice(0, dot), path.slice(dot)] : [path, ''];
  let number = 2;
  while (taken.has(`${stem}-${number}${ending}`)) number += 1;
  return `${stem}-${number}${ending}`;
}
