import type { Diagnostic } from '../models/diagnostic.ts';
import { formatPointer, parsePlace } from './place.ts';

export type ReferenceType = 'json' | 'text' | 'jinja2';

/** A file that took part in a resolved definition, and what it refers to. */
export interface SourceFile {
  bytes: number;
  sha256: string;
  /** JSON pointer inside this file → what is spliced in there. */
  references: Record<string, { path: string; type: ReferenceType }>;
}

/** Which file every part of a resolved definition came from (format.md 4). Plain data. */
export interface SourceMap {
  entryPoint: string;
  /** By path. */
  files: Record<string, SourceFile>;
  /** Files of the package that nothing refers to (format.md 3.8). */
  unused: string[];
}

/** The file and the JSON pointer in it of a place in the resolved definition. */
export function locate(sources: SourceMap, place: string): { file: string; pointer: string } {
  const segments = parsePlace(place);
  let file = sources.entryPoint;
  let start = 0;
  for (let end = 0; end <= segments.length; end += 1) {
    const references = sources.files[file]?.references;
    const pointer = formatPointer(segments.slice(start, end));
    if (!references || !Object.hasOwn(references, pointer)) continue;
    const reference = references[pointer] as { path: string; type: ReferenceType };
    file = reference.path;
    start = end;
    // A text has no inside.
    if (reference.type !== 'json') return { file, pointer: '' };
    // The root of the new file may itself be a reference: look at the same place again.
    end -= 1;
  }
  return { file, pointer: formatPointer(segments.slice(start)) };
}

/** The same findings, each with its `file` and `pointer` where it has none. */
export function withSources(diagnostics: readonly Diagnostic[], sources: SourceMap | undefined): Diagnostic[] {
  if (!sources) return [...diagnostics];
  return diagnostics.map((diagnostic) =>
    diagnostic.file === undefined ? { ...diagnostic, ...locate(sources, diagnostic.place) } : diagnostic,
  );
}
