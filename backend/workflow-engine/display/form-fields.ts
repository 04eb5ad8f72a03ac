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
  return fields.flatMap(({ name, ui }) => {
    const show = ownMember(ui['when'], 'show');
    if (show === false) return [name];
    if (!isJsonObject(show)) return [];
    return validateAgainst(show, { value: values, state }).length > 0 ? [name] : [];
  });
}

/** A value by its dotted path, of own members alone. */
export function readDotted(row: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => {
    return Array.isArray(node) && /^\d{1,6}$/.test(key) ? (node as unknown[])[Number(key)] : ownMember(node, key);
  }, row);
}
