import { isJsonObject, type Diagnostic } from '@wfm/workflow-engine/models';
import { setPart, setText } from '../document/commands.ts';
import { type EditorDocument, fileAt, partAt } from '../document/document.ts';
import type { Command } from '../document/history.ts';
import type { JsonPath } from '../document/json-path.ts';
import type { Selection } from '../document/history.ts';

/** Codes whose place is the name itself, as a value. */
const named = new Set(['module_not_registered', 'retry_target_unknown', 'rule_unknown']);
/** Codes whose place is a key of an object, under the wrong name. */
const keyed = new Set(['input_unknown', 'output_unknown', 'hint_unknown']);

/**
 * What mends a finding that says what was probably meant; null where nobody can tell. A misspelt key of state is replaced
 * wherever the text at its place reads it.
 */
export function fixOf(
  document: EditorDocument,
  { code, params, file, pointer }: Diagnostic,
  at: Selection,
): Command | null {
  const { nearest } = params;
  if (typeof nearest !== 'string' || file === undefined || pointer === undefined) return null;
  const found = fileAt(document, file);
  if (found?.kind === 'text') {
    const key = code === 'state_key_unknown' ? params['key'] : undefined;
    return typeof key === 'string' ? setText(file, withKey(found.text, key, nearest), at) : null;
  }
  if (found?.kind !== 'json') return null;
  const path = pathOf(pointer, found.value);
  const part = partAt(document, { file, path });
  if (code === 'state_key_unknown') {
    const { key } = params;
    if (typeof part !== 'string' || typeof key !== 'string') return null;
    return setPart({ file, path }, withKey(part, key, nearest), at);
  }
  if (named.has(code)) return typeof part === 'string' ? setPart({ file, path }, nearest, at) : null;
  if (!keyed.has(code)) return null;
  const holder = partAt(document, { file, path: path.slice(0, -1) });
  const wrong = path.at(-1);
  if (!isJsonObject(holder) || Object.hasOwn(holder, nearest)) return null;
  // Under its right name it stays where it was among its siblings.
  const entries = Object.entries(holder).map(([key, value]) => [key === wrong ? nearest : key, value]);
  return setPart({ file, path: path.slice(0, -1) }, Object.fromEntries(entries), at);
}

function withKey(text: string, key: string, nearest: string): string {
  return text
    .replaceAll(/\bstate\.(\w+)/g, (whole, name: string) => (name === key ? `state.${nearest}` : whole))
    .replaceAll(/\bstate\[(["'])([^"']*)\1\]/g, (whole, quote: string, name: string) =>
      name === key ? `state[${quote}${nearest}${quote}]` : whole,
    );
}

/** A JSON pointer as keys and, where a list is, indices. */
function pathOf(pointer: string, value: unknown): JsonPath {
  const path: (string | number)[] = [];
  let part = value;
  for (const piece of pointer.split('/').slice(1)) {
    const key = piece.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(part)) {
      path.push(Number(key));
      part = (part as unknown[])[Number(key)];
    } else {
      path.push(key);
      part = isJsonObject(part) && Object.hasOwn(part, key) ? part[key] : undefined;
    }
  }
  return path;
}
