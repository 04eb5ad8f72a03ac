import { isJsonObject, type JsonObject } from '../models/json.ts';
import { type FormField, readDotted } from './form-fields.ts';
import { type DisplayScope, evaluateHint } from './view-scope.ts';

/** One thing that a field offers. */
export interface FieldOption {
  value: unknown;
  label: string;
  group?: string;
  /** The whole entry of the source: what `selected.<field>` stands for. */
  item: unknown;
}

const mostOptions = 10_000;

/**
 * What a field offers (format.md 18.2, `options`; else the schema's `oneOf` or `enum`); undefined where it is free.
 * `selected` holds the option objects chosen in the other fields.
 */
export function optionsOf(field: FormField, selected: JsonObject, scope: DisplayScope): FieldOption[] | undefined {
  const { options } = field.ui;
  if (isJsonObject(options)) return fromSource(options, selected, scope);
  const { enum: values, oneOf } = field.schema;
  if (Array.isArray(values)) return values.map((value: unknown) => ({ value, label: labelOf(value), item: value }));
  if (!Array.isArray(oneOf) || !oneOf.every((entry) => isJsonObject(entry) && Object.hasOwn(entry, 'const'))) {
    return undefined;
  }
  return (oneOf as JsonObject[]).map(({ const: value, title }) => {
    return { value, label: typeof title === 'string' ? title : labelOf(value), item: value };
  });
}

function fromSource(options: JsonObject, selected: JsonObject, scope: DisplayScope): FieldOption[] {
  return entriesOf(sourceOf(options['from'], selected, scope)).map((item) => {
    const { value: key, label, group } = options;
    const value = typeof key === 'string' && key !== '' ? readDotted(item, key) : item;
    const text = (source: unknown): string | undefined => {
      if (typeof source !== 'string') return undefined;
      const rendered = evaluateHint(source, item, { ...scope, item })?.value;
      return rendered === undefined || rendered === null ? undefined : labelOf(rendered);
    };
    const section = text(group);
    return { value, label: text(label) ?? labelOf(value), item, ...(section === undefined ? {} : { group: section }) };
  });
}

/** A literal, or what a path into `data`, `state` or `selected` leads to. */
export function sourceOf(from: unknown, selected: JsonObject, { data, state }: DisplayScope): unknown {
  if (typeof from !== 'string') return from;
  const dot = from.indexOf('.');
  const roots: JsonObject = { data, state, selected };
  const name = dot < 0 ? from : from.slice(0, dot);
  const root = Object.hasOwn(roots, name) ? roots[name] : undefined;
  return dot < 0 ? root : readDotted(root, from.slice(dot + 1));
}

/** The entries of a list; of an object its values, each with its key as `key` where it is an object itself. */
function entriesOf(source: unknown): unknown[] {
  if (Array.isArray(source)) return (source as unknown[]).slice(0, mostOptions);
  if (!isJsonObject(source)) return [];
  const entries = Object.entries(source).slice(0, mostOptions);
  return entries.map(([key, value]) => (isJsonObject(value) ? { key, ...value } : value));
}

function labelOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** The option that a field starts with: `pick` by index, none for -1 or where there is none (format.md 18.2). */
export function pickedOption(options: JsonObject, offered: readonly FieldOption[]): FieldOption | undefined {
  const { pick } = options;
  return typeof pick === 'number' && Number.isInteger(pick) && pick >= 0 ? offered[pick] : undefined;
}
