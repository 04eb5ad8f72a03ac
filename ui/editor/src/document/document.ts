import { isJsonObject } from '@wfm/workflow-engine/models';
import { type JsonPath, valueAt, withValueAt } from './json-path.ts';

/**
 * A workflow while it is written: the files of its package, those of JSON as values. Immutable; documents that follow
 * each other share what they have in common, so that keeping all of them costs little and comparing two is by identity.
 */
export interface EditorDocument {
  readonly entryPoint: string;
  readonly files: Readonly<Record<string, DocumentFile>>;
  /** Pins, modes and scenarios of the preview: kept with the draft, beside the version (api.md, Draft). */
  readonly preview: unknown;
}

export type DocumentFile =
  /** `text`: as it was written, while nobody has changed the value; so an untouched file is given back as it came. */
  | { readonly kind: 'json'; readonly value: unknown; readonly text?: string }
  /** A prompt, a template, and JSON that cannot be read. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly base64: string };

/** Files as the draft's routes have them (api.md). */
export type StoredFiles = Record<string, string | { base64: string }>;

/** A place in a document: a file and, in one of JSON, the way down to a part. */
export interface Address {
  readonly file: string;
  readonly path: JsonPath;
}

/** Reads stored files. JSON that does not parse stays a text, for the problems list to tell of. */
export function documentOf(stored: StoredFiles, entryPoint: string, preview: unknown = null): EditorDocument {
  const files: Record<string, DocumentFile> = {};
  for (const [path, content] of Object.entries(stored)) files[path] = readFile(path, content);
  return { entryPoint, files, preview };
}

/** One file from what is stored of it. */
export function readFile(path: string, content: string | { base64: string }): DocumentFile {
  if (typeof content !== 'string') return { kind: 'bytes', base64: content.base64 };
  if (!path.toLowerCase().endsWith('.json')) return { kind: 'text', text: content };
  try {
    return { kind: 'json', value: JSON.parse(content) as unknown, text: content };
  } catch {
    return { kind: 'text', text: content };
  }
}

/** What is stored of a file. A changed JSON file is written with two spaces, as its neighbours usually are. */
export function storedFile(file: DocumentFile): string | { base64: string } {
  if (file.kind === 'bytes') return { base64: file.base64 };
  return textOfFile(file);
}

/** The text of a file that has one. */
export function textOfFile(file: Extract<DocumentFile, { kind: 'json' | 'text' }>): string {
  if (file.kind === 'text') return file.text;
  return file.text ?? `${JSON.stringify(file.value, null, 2)}\n`;
}

/** True for files of the same content, however they are held. */
export function sameFile(one: DocumentFile, other: DocumentFile): boolean {
  return one === other || JSON.stringify(storedFile(one)) === JSON.stringify(storedFile(other));
}

export function storedFiles({ files }: EditorDocument): StoredFiles {
  return Object.fromEntries(Object.entries(files).map(([path, file]) => [path, storedFile(file)]));
}

/** What has to be sent to turn one document's files into another's: `PATCH` of the draft. */
export function filesDelta(before: EditorDocument, after: EditorDocument): { put: StoredFiles; remove: string[] } {
  const put: StoredFiles = {};
  for (const [path, file] of Object.entries(after.files)) {
    if (before.files[path] !== file) put[path] = storedFile(file);
  }
  return { put, remove: Object.keys(before.files).filter((path) => !Object.hasOwn(after.files, path)) };
}

/** The part of a document at an address; undefined where there is none. */
export function partAt(document: EditorDocument, { file, path }: Address): unknown {
  const found = fileAt(document, file);
  return found?.kind === 'json' ? valueAt(found.value, path) : undefined;
}

/** The document with the part at an address replaced, or taken out where `next` is undefined. */
export function withPartAt(document: EditorDocument, { file, path }: Address, next: unknown): EditorDocument {
  const found = fileAt(document, file);
  if (found?.kind !== 'json') return document;
  const value = withValueAt(found.value, path, next);
  return Object.is(value, found.value) ? document : withFile(document, file, { kind: 'json', value });
}

/** The document with a file put in, or taken out where it is undefined. */
export function withFile(document: EditorDocument, path: string, file: DocumentFile | undefined): EditorDocument {
  const entries = Object.entries(document.files).filter(([name]) => name !== path || file !== undefined);
  const files = Object.fromEntries(entries.map(([name, old]) => [name, name === path && file ? file : old]));
  if (file && !Object.hasOwn(files, path)) files[path] = file;
  return { ...document, files };
}

export function fileAt(document: EditorDocument, path: string): DocumentFile | undefined {
  return Object.hasOwn(document.files, path) ? document.files[path] : undefined;
}

/** An object, or an empty one in place of anything else: what an author writes may have any shape. */
export function objectOf(value: unknown): Record<string, unknown> {
  return isJsonObject(value) ? value : {};
}
