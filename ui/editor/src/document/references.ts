import { parseTemplate, readFileReference, readsOf, targetOf } from '@wfm/workflow-engine/definition';
import { isJsonObject } from '@wfm/workflow-engine/models';
import { type DocumentFile, type EditorDocument, withFile } from './document.ts';

/** Every string of a JSON value through `change`, and every object through `object` first; what is unchanged is shared. */
function mapJson(
  value: unknown,
  change: { text?: (text: string) => string; object?: (object: Record<string, unknown>) => Record<string, unknown> },
): unknown {
  if (typeof value === 'string') return change.text?.(value) ?? value;
  if (Array.isArray(value)) {
    const items = value as unknown[];
    const mapped = items.map((item) => mapJson(item, change));
    return mapped.some((item, index) => item !== items[index]) ? mapped : items;
  }
  if (!isJsonObject(value)) return value;
  const object = change.object?.(value) ?? value;
  let changed = object !== value;
  const entries = Object.entries(object).map(([key, item]): [string, unknown] => {
    const mapped = mapJson(item, change);
    changed ||= mapped !== item;
    return [key, mapped];
  });
  return changed ? Object.fromEntries(entries) : value;
}

/**
 * A part of a definition as it has to read in another file: references to files are relative to the file that holds
 * them (format.md 3.2), so they change with its folder.
 */
export function moveReferences(value: unknown, from: string, to: string): unknown {
  if (folderOf(from) === folderOf(to)) return value;
  return mapReferences(value, from, to, (target) => target);
}

/** A file under another name, with all references to it. */
export function renameFile(document: EditorDocument, from: string, to: string): EditorDocument {
  const file = document.files[from];
  if (!file || from === to || Object.hasOwn(document.files, to)) return document;
  const files: Record<string, DocumentFile> = {};
  for (const [path, old] of Object.entries(document.files)) {
    const name = path === from ? to : path;
    files[name] = mapFile(old, (value) =>
      mapReferences(value, path, name, (target) => (target === from ? to : target)),
    );
  }
  return { ...document, entryPoint: document.entryPoint === from ? to : document.entryPoint, files };
}

function mapReferences(value: unknown, from: string, to: string, rename: (target: string) => string): unknown {
  return mapJson(value, {
    object(object) {
      const reference = readFileReference(object);
      const target = reference && targetOf(reference.path, from);
      if (reference === undefined || target === undefined) return object;
      const path = relativePath(to, rename(target));
      return target === targetOf(path, to) && targetOf(reference.path, to) === target
        ? object
        : { ...object, $ref: path };
    },
  });
}

/** From the folder of one file to another: `steps/a.json` to `prompts/x.j2` is `../prompts/x.j2`. */
export function relativePath(from: string, to: string): string {
  const base = from.split('/').slice(0, -1);
  const target = to.split('/');
  let shared = 0;
  while (shared < base.length && shared < target.length - 1 && base[shared] === target[shared]) shared += 1;
  return [...base.slice(shared).map(() => '..'), ...target.slice(shared)].join('/');
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The document with every template that reads a state key reading another instead: `state.a.b` to `state.c.b`. */
export function renameStateKey(document: EditorDocument, from: string, to: string): EditorDocument {
  const text = (source: string): string => renameInTemplate(source, from, to);
  const templates = templateFiles(document);
  let result = document;
  for (const [path, file] of Object.entries(document.files)) {
    if (file.kind === 'text' && !templates.has(path)) continue;
    const changed = mapFile(file, (value) => mapJson(value, { text }), text);
    if (changed !== file) result = withFile(result, path, changed);
  }
  return result;
}

/** Files that something refers to as a template; a text is a literal, whatever stands in it (format.md 3.4). */
function templateFiles(document: EditorDocument): Set<string> {
  const found = new Set<string>();
  for (const [path, file] of Object.entries(document.files)) {
    if (file.kind !== 'json') continue;
    mapJson(file.value, {
      object(object) {
        const reference = readFileReference(object);
        const target = reference?.type === 'jinja2' ? targetOf(reference.path, path) : undefined;
        if (target !== undefined) found.add(target);
        return object;
      },
    });
  }
  return found;
}

function mapFile(
  file: DocumentFile,
  json: (value: unknown) => unknown,
  text: (source: string) => string = (source) => source,
): DocumentFile {
  if (file.kind === 'json') {
    const value = json(file.value);
    return value === file.value ? file : { kind: 'json', value };
  }
  if (file.kind === 'bytes') return file;
  const changed = text(file.text);
  return changed === file.text ? file : { kind: 'text', text: changed };
}

/** `state.key`, `state['key']`, and the beginning of `state.get('key', …)`. */
const readPattern =
  /^state\s*(?:\.\s*get\(\s*(?<got>'[^'\\]*'|"[^"\\]*")|\.\s*(?<attribute>[\p{L}_][\p{L}\p{N}_]*)|\[\s*(?<item>'[^'\\]*'|"[^"\\]*")\s*\])/u;
const unquoted = (text: string | undefined): string | undefined => text?.slice(1, -1);
const identifier = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** Only where the template really reads the key: a word in its text, or a name of its own, stays. */
export function renameInTemplate(source: string, from: string, to: string): string {
  if (!source.includes(from) || !/\{[{%]/.test(source)) return source;
  const places = readsAt(source, from).sort((a, b) => b - a);
  let result = source;
  for (const offset of new Set(places)) {
    const found = readPattern.exec(result.slice(offset));
    const { attribute, item, got } = found?.groups ?? {};
    if (!found || (attribute ?? unquoted(item ?? got)) !== from) continue;
    const quoted = JSON.stringify(to);
    const plain = identifier.test(to) ? `state.${to}` : `state[${quoted}]`;
    const name = got === undefined ? plain : `state.get(${quoted}`;
    result = result.slice(0, offset) + name + result.slice(offset + found[0].length);
  }
  return result;
}

function readsAt(source: string, key: string): number[] {
  try {
    const starts = lineStarts(source);
    return readsOf(parseTemplate(source))
      .filter(({ root, path }) => root === 'state' && path[0] === key)
      .map(({ line, column }) => (starts[line - 1] ?? 0) + column - 1);
  } catch {
    // A template that cannot be read is left as it is; the problems list tells of it.
    return [];
  }
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (const { index } of source.matchAll(/\n/g)) starts.push(index + 1);
  return starts;
}
