import { isJsonObject, type JsonObject } from '../models/json.ts';
import { validateAgainst } from '../schema/index.ts';
import { hint, ownMember, propertySchemas } from './hints.ts';
import { byOrder, resolveNode, uiOf } from './schema-node.ts';

/** One field of a form: its name and its schema with references followed. */
export interface FormField {
  name: string;
  schema: JsonObject;
  ui: JsonObject;
  /** Dotted name in the answer (format.md 19.5). */
  to: string;
}

/** The fields of an object schema with `ui` hints, in the order of 18.2 (format.md 19.1). */
export function formFields(schema: unknown): FormField[] {
  const root = isJsonObject(schema) ? schema : {};
  const fields = propertySchemas(root).map(([name, node]) => {
    const resolved = resolveNode(node, root);
    return { name, schema: resolved, ui: uiOf(resolved), to: answerName(name, resolved) };
  });
  return byOrder(fields, ({ ui }) => ui['order']);
}

/** Forms asked before older hints were imported are answered under the name that their hint gave. */
function answerName(name: string, node: JsonObject): string {
  const to = hint(node, 'to') ?? hint(node, 'destination_field');
  return typeof to === 'string' && to !== '' ? to : name;
}

/** Names of the fields whose `when.show` does not hold for these values (format.md 18.2, 19.4). */
export function hiddenFields(fields: readonly FormField[], values: JsonObject, state: unknown = {}): string[] {
  return failing('show', fields, values, state);
}

/** Names of the fields whose `when.enable` does not hold: they are shown, and cannot be changed (format.md 18.2). */
export function disabledFields(fields: readonly FormField[], values: JsonObject, state: unknown = {}): string[] {
  return failing('enable', fields, values, state);
}

function failing(key: 'show' | 'enable', fields: readonly FormField[], values: JsonObject, state: unknown): string[] {
  return fields.flatMap(({ name, ui }) => {
    const condition = ownMember(ui['when'], key);
    if (condition === false) return [name];
    if (!isJsonObject(condition)) return [];
    return validateAgainst(condition, { value: values, state }).length > 0 ? [name] : [];
  });
}

/** A value by its dotted path, of own members alone. */
export function readDotted(row: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => {
    return Array.isArray(node) && /^\d{1,6}$/.test(key) ? (node as unknown[])[Number(key)] : ownMember(node, key);
  }, row);
}

/** Sets a value by its dotted path, making objects on the way; never a prototype's key. */
export function setDotted(target: JsonObject, path: string, value: unknown): void {
  const keys = path.split('.');
  if (keys.some((key) => key === '__proto__' || key === 'constructor' || key === 'prototype')) return;
  let node = target;
  for (const key of keys.slice(0, -1)) {
    const inner = Object.hasOwn(node, key) ? node[key] : undefined;
    const next: JsonObject = isJsonObject(inner) ? inner : {};
    node[key] = next;
    node = next;
  }
  node[keys.at(-1) as string] = value;
}
