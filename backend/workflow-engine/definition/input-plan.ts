import { isJsonObject, type JsonObject } from '../models/json.ts';
import type { Module } from '../modules/module.ts';
import { at } from './place.ts';
import { contentType, materialise, readTypedNode, type TypedNode } from './typed-node.ts';

/**
 * How one input gets its value when its module starts (format.md 5), worked out once per version: what holds no
 * template is a constant and is handed out by reference.
 */
export type InputPlan =
  | { kind: 'constant'; value: unknown }
  | { kind: 'template'; source: string; place: string; node?: TypedNode }
  | { kind: 'array'; items: InputPlan[] }
  | { kind: 'object'; entries: [string, InputPlan][] };

/** The parts of a display schema that the client renders (format.md 5.7). */
const displayKeys = new Set(['display_format', 'label_format', 'source_data', 'compose', 'computed', '_ux', 'ui']);

/** True for a key of a display schema whose value is the client's to render, at any depth (format.md 5.7). */
export function isClientDisplayKey(key: string): boolean {
  return displayKeys.has(key) || key.startsWith('_ux.');
}

/** True when a text holds anything that rendering would act on. */
export function hasTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

type Walk = 'server' | 'display' | 'client';

/**
 * The plan of each input of a module, without `resolver_schema` (5.1). `place` is that of `inputs`.
 * Which inputs are rendered: those that `resolver_schema` lists as `server`; in format 2 also those that it does not
 * list, save what the module declares as the client's (format.md 5.1 to 5.3, 26).
 */
export function planInputs(
  inputs: JsonObject,
  module: Module | undefined,
  format: 1 | 2,
  place: string,
): [string, InputPlan][] {
  const listings = readListings(inputs['resolver_schema']);
  const planned: [string, InputPlan][] = [];
  for (const [name, value] of Object.entries(inputs)) {
    if (name === 'resolver_schema') continue;
    const below = at(place, name);
    const walk: Walk = module?.displaySchemaInputs?.includes(name) ? 'display' : 'server';
    const listing = listings && Object.hasOwn(listings, name) ? listings[name] : undefined;
    if (listing !== undefined) planned.push([name, planListed(value, listing, walk, below)]);
    else {
      const rendered = format === 2 && !module?.clientInputs?.includes(name);
      planned.push([name, planValue(value, rendered ? walk : 'client', below)]);
    }
  }
  return planned;
}

function readListings(schema: unknown): JsonObject | undefined {
  if (!isJsonObject(schema)) return undefined;
  return isJsonObject(schema['properties']) ? schema['properties'] : undefined;
}

function planListed(value: unknown, listing: unknown, walk: Walk, place: string): InputPlan {
  const nested = readListings(listing);
  if (nested === undefined) {
    const rendered = isJsonObject(listing) && listing['resolver'] === 'server';
    return planValue(value, rendered ? walk : 'client', place);
  }
  if (!isJsonObject(value) || readTypedNode(value)) return planValue(value, 'client', place);
  const entries = Object.entries(value).map(([key, item]): [string, InputPlan] => {
    const below = at(place, key);
    return Object.hasOwn(nested, key)
      ? [key, planListed(item, nested[key], walk, below)]
      : [key, planValue(item, 'client', below)];
  });
  return foldObject(value, entries);
}

/** The plan of any value that is rendered deeply by the server (5.1, 5.4): a mock output, an addon's inputs. */
export function planRendered(value: unknown, place: string): InputPlan {
  return planValue(value, 'server', place);
}

function planValue(value: unknown, walk: Walk, place: string): InputPlan {
  if (typeof value === 'string') {
    if (walk === 'client' || !hasTemplate(value)) return { kind: 'constant', value };
    return { kind: 'template', source: value, place };
  }
  if (typeof value !== 'object' || value === null) return { kind: 'constant', value };
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) => planValue(item, walk, at(place, index)));
    return foldArray(value, items);
  }
  const record = value as JsonObject;
  const type = contentType(record);
  const node = type === null ? undefined : readTypedNode(record);
  if (node) {
    // The client gets the source (5.2); caching is a matter between the server and a provider.
    if (walk === 'client') return { kind: 'constant', value: node.content };
    if (node.type === 'jinja2') return { kind: 'template', source: node.content, place, node };
    return { kind: 'constant', value: materialise(node, node.content) };
  }
  const entries = Object.entries(record).map(([key, item]): [string, InputPlan] => {
    const below = at(place, key);
    if (type !== null && key === 'content' && walk !== 'client') return [key, planContent(type, item as string, below)];
    return [key, planValue(item, walk === 'display' && isClientDisplayKey(key) ? 'client' : walk, below)];
  });
  return foldObject(record, entries);
}

/** The content of a prompt part that stays an object: its type still says how it is meant (3.4, 3.5). */
function planContent(type: 'text' | 'jinja2', content: string, place: string): InputPlan {
  if (type === 'text') return { kind: 'constant', value: content };
  return { kind: 'template', source: content, place, node: { type, content } };
}

function foldArray(original: unknown[], items: InputPlan[]): InputPlan {
  const values: unknown[] = [];
  for (const item of items) {
    if (item.kind !== 'constant') return { kind: 'array', items };
    values.push(item.value);
  }
  const same = values.every((value, index) => value === original[index]);
  return { kind: 'constant', value: same ? original : values };
}

function foldObject(original: JsonObject, entries: [string, InputPlan][]): InputPlan {
  const values: JsonObject = {};
  let same = true;
  for (const [key, plan] of entries) {
    if (plan.kind !== 'constant') return { kind: 'object', entries };
    values[key] = plan.value;
    same &&= plan.value === original[key];
  }
  return { kind: 'constant', value: same ? original : values };
}

/** Every template of a plan, in order. */
export function* templatesOf(plan: InputPlan): Generator<Extract<InputPlan, { kind: 'template' }>> {
  if (plan.kind === 'template') yield plan;
  else if (plan.kind === 'array') for (const item of plan.items) yield* templatesOf(item);
  else if (plan.kind === 'object') for (const [, item] of plan.entries) yield* templatesOf(item);
}

/** The value of a plan with its templates left as text: what a check sees that runs before the workflow does. */
export function probeOf(plan: InputPlan): unknown {
  switch (plan.kind) {
    case 'constant':
      return plan.value;
    case 'template':
      return plan.source;
    case 'array':
      return plan.items.map(probeOf);
    case 'object':
      return Object.fromEntries(plan.entries.map(([key, item]) => [key, probeOf(item)]));
  }
}
