import { isJsonObject, type JsonObject } from '../models/json.ts';
import { at } from '../definition/place.ts';
import { generationKind, isCompound, parseCompound } from './import-compound.ts';
import type { NodeDraft } from './import-context.ts';
import type { Block } from './view-model.ts';

/** Values of `render_as` that are a view kind of ours under one name or another (format.md 18.6). */
const kinds: Record<string, string> = {
  'card-stack': 'stack',
  grid: 'grid',
  list: 'list',
  'section-list': 'sections',
  tabs: 'tabs',
  table: 'table',
  'content-panel': 'panel',
  media: 'panel',
  text: 'text',
  number: 'number',
  image: 'image',
  color: 'color',
  url: 'link',
  datetime: 'date',
};

/** Frames that the container around them implies; anywhere else each is a panel of its own. */
const frames: Record<string, readonly string[]> = {
  card: ['stack', 'grid', 'list'],
  section: ['sections'],
  tab: ['tabs'],
  row: ['table'],
};

const slotNames: Record<string, string> = {
  'card-title': 'title',
  'section-title': 'title',
  'card-subtitle': 'subtitle',
  'section-summary': 'subtitle',
  'section-badge': 'badge',
};

/** Providers by the id that a path segment may name (format.md 15.1, 18.5). */
const providerIds = new Set([
  'midjourney',
  'leonardo',
  'openai',
  'stable_diffusion',
  'elevenlabs',
  'google',
  'fal',
  'replicate',
  'black_forest_labs',
  'luma',
  'deepgram',
  'local',
]);

/** `render_as` of a node as `as`, `slot` or a block (format.md 18.6). What it cannot mean is drawn by type. */
export function importRenderAs(draft: NodeDraft): void {
  const renderAs = draft.text('render_as');
  if (renderAs === undefined) return;
  if (isCompound(renderAs)) importCompound(draft, renderAs);
  else if (!importName(draft, renderAs)) draft.unknown('render_as', renderAs);
}

/** True when `render_as` alone makes a root or an item visible (format.md 18.5). */
export function showsItself(renderAs: string | undefined): boolean {
  if (renderAs === undefined) return false;
  if (['tabs', 'tab', 'table', 'content-panel', 'media'].includes(renderAs)) return true;
  return generationKind(renderAs) !== undefined || isCompound(renderAs);
}

function importName(draft: NodeDraft, name: string): boolean {
  const kind = own(kinds, name);
  const slot = own(slotNames, name);
  const around = own(frames, name);
  if (kind !== undefined) draft.set('as', kind, 'render_as');
  else if (slot !== undefined) draft.set('slot', slot, 'render_as');
  else if (around !== undefined) {
    if (!around.includes(draft.standing.around ?? '')) draft.set('as', 'panel', 'render_as');
  } else if (name === 'section-header') {
    const display = draft.hint('display');
    if (display !== false && display !== 'hidden') draft.ui['show'] = 'unwrap';
  } else if (generationKind(name) !== undefined) addBlock(draft, name, false);
  else if (name !== 'column' && name !== 'cell') return false;
  return true;
}

function own<T>(table: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function importCompound(draft: NodeDraft, text: string): void {
  const parts = parseCompound(text);
  if (parts === undefined) {
    const message = `"${text}" is no list of view names; the node is drawn by its type.`;
    const place = at(at(draft.standing.place, '_ux'), 'render_as');
    draft.context.report('hint_unknown', 'warning', place, message, { hint: 'render_as', value: text });
    return;
  }
  const names = parts.flatMap(({ name, children }) => [name, ...children]);
  const withForm = names.includes('input_schema');
  // The innermost frame is the node's own; what lies around it is the container's doing.
  for (const name of parts.map((part) => part.name).toReversed()) {
    if (generationKind(name) !== undefined || name === 'input_schema') continue;
    if (!importName(draft, name)) draft.unknown('render_as', name);
  }
  for (const name of names) if (generationKind(name) !== undefined) addBlock(draft, name, withForm);
  for (const name of parts.flatMap(({ children }) => children)) {
    const known = generationKind(name) ?? own(kinds, name) ?? own(slotNames, name) ?? own(frames, name);
    if (known === undefined && name !== 'input_schema') draft.unknown('render_as', name);
  }
}

function addBlock(draft: NodeDraft, name: string, withForm: boolean): void {
  const { path, place } = draft.standing;
  const { blocks, subActions } = draft.context;
  const form = draft.hint('input_schema');
  const provider = draft.text('provider') ?? path.find((key) => providerIds.has(String(key)));
  const named = subActions.find(({ id }) => id === name);
  const action = named ?? subActions.find((entry) => startsItself(entry));
  const generate: JsonObject = { action: action?.['id'] ?? name, kind: generationKind(name) };
  if (provider !== undefined) generate['provider'] = provider;
  for (const key of ['prompt_id', 'prompt_id_field']) {
    const value = draft.text(key);
    if (value !== undefined) generate[key] = value;
  }
  const stem = [...path.filter((key) => key !== '*'), name].join('.');
  const taken = draft.context.countOf(stem);
  const label = draft.text('display_label');
  const block: Block = { id: taken === 0 ? stem : `${stem}#${taken + 1}`, path, generate };
  if (label !== undefined) block.label = label;
  if (withForm && isJsonObject(form)) block.form = form;
  blocks.push(block);
  draft.blocks.push(block);
  draft.ui['as'] ??= 'panel';
  draft.context.changes.push({ place, hint: 'render_as', becomes: `blocks.${block.id}` });
}

function startsItself(action: JsonObject): boolean {
  if (action['type'] === 'self_sub_action' || isJsonObject(action['self_sub_action'])) return true;
  const actions = action['actions'];
  return Array.isArray(actions) && actions.some((entry) => isJsonObject(entry) && startsItself(entry));
}
