import { isJsonObject, type JsonObject } from '../models/json.ts';

/** Hints of the older form by name (format.md 18.5), and the type that a bare key must have to be taken for one. */
const bareTypes: Record<string, (value: unknown) => boolean> = {
  display: (value) =>
    typeof value === 'boolean' || value === 'visible' || value === 'hidden' || value === 'passthrough',
  display_label: isText,
  display_order: isNumber,
  order: isNumber,
  display_format: isText,
  display_mode: isText,
  render_as: isText,
  highlight: isBoolean,
  highlight_color: isText,
  nudges: Array.isArray,
  selectable: isBoolean,
  computed: isJsonObject,
  input_schema: isJsonObject,
  input_type: isText,
  form_type: isText,
  rows: isNumber,
  placeholder: isText,
  step: isNumber,
  enum_labels: (value) => isJsonObject(value) || Array.isArray(value),
  enum: (value) => Array.isArray(value) && value.length > 0 && value.every(isJsonObject),
  enum_source: isText,
  value_key: isText,
  label_key: isText,
  label_format: isText,
  default_index: isNumber,
  reset: isBoolean,
  controls: isJsonObject,
  source_data: (value) => value !== null && value !== undefined,
  source_field: isText,
  destination_field: isText,
  alternative: isJsonObject,
  layout: isText,
  layout_columns: isNumber,
  layout_columns_sm: isNumber,
  layout_gap: (value) => isText(value) || isNumber(value),
  col_span: (value) => isText(value) || isNumber(value),
  row_span: isNumber,
  required: isBoolean,
  provider: isText,
  prompt_id: isText,
  prompt_id_field: isText,
  tab_label: isText,
  tab_label_field: isText,
};

/** Hints that may only stand under `_ux`, since a schema's own words have these names. */
const wordsOfSchemas = ['minimum', 'maximum'];

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}
function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

/** True for a name that the importer knows, so that everything else can be reported. */
export function isKnownHint(name: string): boolean {
  return Object.hasOwn(bareTypes, name) || wordsOfSchemas.includes(name);
}

/** True for a key of a schema node that only carries a hint and leaves with the import. */
export function isHintKey(key: string): boolean {
  return key === '_ux' || key.startsWith('_ux.');
}

/** The bare keys of a node that are hints: known by name and of the right type. */
export function bareHints(node: JsonObject): string[] {
  return Object.keys(node).filter((key) => Object.hasOwn(bareTypes, key) && bareTypes[key]?.(node[key]));
}

/** Where a name would reach a prototype, there is no hint. */
function isSafe(name: string): boolean {
  return name !== '' && name !== '__proto__' && name !== 'constructor' && name !== 'prototype';
}

/**
 * All hints of one schema node as one object: bare keys, then `_ux`, then flat `_ux.a.b` nested by its dots; later
 * ones win (format.md 18.5, 25.9). The node is not changed.
 */
export function readHints(node: JsonObject): JsonObject {
  const hints: JsonObject = {};
  for (const key of bareHints(node)) hints[key] = node[key];
  const nested = node['_ux'];
  if (isJsonObject(nested)) {
    for (const [key, value] of Object.entries(nested)) if (isSafe(key)) hints[key] = merged(hints[key], value);
  }
  for (const key of Object.keys(node)) {
    if (!key.startsWith('_ux.')) continue;
    const names = key.slice('_ux.'.length).split('.');
    if (names.length <= 16 && names.every(isSafe)) setNested(hints, names, node[key]);
  }
  return hints;
}

/** Objects are merged by their keys, since two spellings may each say a part. */
function merged(below: unknown, above: unknown): unknown {
  if (!isJsonObject(below) || !isJsonObject(above)) return above;
  const result = { ...below };
  for (const [key, value] of Object.entries(above)) if (isSafe(key)) result[key] = merged(result[key], value);
  return result;
}

function setNested(target: JsonObject, names: readonly string[], value: unknown): void {
  let node = target;
  for (const name of names.slice(0, -1)) {
    const inner = Object.hasOwn(node, name) ? node[name] : undefined;
    // Copied on the way: the inner object may be the author's.
    const copy: JsonObject = isJsonObject(inner) ? { ...inner } : {};
    node[name] = copy;
    node = copy;
  }
  const last = names.at(-1) as string;
  node[last] = merged(Object.hasOwn(node, last) ? node[last] : undefined, value);
}

/** Words of a schema whose members are schemas by name. */
const nameMaps = ['properties', '$defs', 'definitions'];
/** Words whose value is one schema that describes data, or a form about it. */
const innerSchemas = ['items', 'additionalProperties', 'input_schema'];

/** True when any node of a display schema holds a `_ux` hint: then all of it is of the older form (format.md 18.5). */
export function holdsOlderHints(node: unknown, depth = 0): boolean {
  if (depth > 64 || !isJsonObject(node)) return false;
  if (Object.keys(node).some(isHintKey)) return true;
  if (innerSchemas.some((word) => Object.hasOwn(node, word) && holdsOlderHints(node[word], depth + 1))) return true;
  return nameMaps.some((word) => {
    const members = Object.hasOwn(node, word) ? node[word] : undefined;
    // A property of such a name is a property (format.md 25.8).
    return isJsonObject(members)
      ? Object.entries(members).some(([name, inner]) => !isHintName(name) && holdsOlderHints(inner, depth + 1))
      : false;
  });
}

/** True for a name in `properties` that the importer skips (format.md 25.8). */
export function isHintName(name: string): boolean {
  return name.startsWith('_ux') || name === '__proto__';
}
