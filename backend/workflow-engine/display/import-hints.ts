import type { Diagnostic } from '../models/diagnostic.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import { type ImportChange, ImportContext } from './import-context.ts';
import { importNode } from './import-node.ts';
import { holdsOlderHints } from './import-read.ts';
import type { Block } from './view-model.ts';

export type { ImportChange } from './import-context.ts';

export interface ImportedSchema {
  /** JSON Schema with `ui` hints. */
  schema: JsonObject;
  /** Blocks that the older hints describe (format.md 18.4). */
  blocks: Block[];
  /** False for a native schema, which comes back as it is. */
  imported: boolean;
  /** Hints without a meaning (info) and malformed compounds (warning), in order of the document. */
  diagnostics: Diagnostic[];
  /** What became of every older hint. */
  changes: ImportChange[];
}

/**
 * Reads a display schema of format 1 (format.md 18.5, 18.6) into our own hints (18.2). A schema without any `_ux` hint
 * is native and comes back by reference, so importing twice is importing once. The schema given is never changed.
 * `subActions` are those of the question, which blocks refer to; `role: 'form'` reads a form's own schema, whose
 * fields are asked unless a hint hides them.
 */
export function importHints(
  schema: unknown,
  options: { subActions?: readonly unknown[]; place?: string; role?: 'root' | 'form' } = {},
): ImportedSchema {
  const native = isJsonObject(schema) ? schema : {};
  if (!holdsOlderHints(schema)) return { schema: native, blocks: [], imported: false, diagnostics: [], changes: [] };
  const context = new ImportContext((options.subActions ?? []).filter(isJsonObject));
  const { place = '', role = 'root' } = options;
  const imported = importNode(native, { role, path: [], place }, context);
  const { blocks, diagnostics, changes } = context;
  return { schema: imported, blocks, imported: true, diagnostics, changes };
}
