import { at } from '../definition/place.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import { type ImportContext, NodeDraft, type Standing } from './import-context.ts';
import { importControls, importField } from './import-fields.ts';
import { bareHints, isHintKey, isHintName, isKnownHint, readHints } from './import-read.ts';
import { importRenderAs, showsItself } from './import-render-as.ts';
import { containerKinds, leafActions } from './view-model.ts';

const deepest = 64;

/** One node of an older display schema and all below it, as a schema with `ui` hints (format.md 18.5). */
export function importNode(node: JsonObject, standing: Standing, context: ImportContext, depth = 0): JsonObject {
  return depth > deepest ? {} : importDraft(node, standing, context, depth).schema;
}

function importDraft(node: JsonObject, standing: Standing, context: ImportContext, depth: number): NodeDraft {
  const draft = new NodeDraft(withoutHints(node), readHints(node), standing, context);
  for (const name of Object.keys(draft.hints)) if (!isKnownHint(name)) draft.unknown(name);
  importShow(draft);
  importRenderAs(draft);
  importLook(draft);
  importLayout(draft);
  importField(draft);
  importForm(draft, depth);
  importMembers(draft, node, depth);
  importItems(draft, node, depth);
  importShared(draft, node, depth);
  // What already stands in our own spelling is meant as it stands.
  const ui = { ...draft.ui, ...(isJsonObject(node['ui']) ? node['ui'] : {}) };
  if (Object.keys(ui).length > 0) draft.schema['ui'] = ui;
  return draft;
}

/** The node without what only carries hints; a list of objects under `enum` stays until it becomes options. */
function withoutHints(node: JsonObject): JsonObject {
  const bare = new Set(bareHints(node));
  const kept = Object.entries(node).filter(([key]) => !isHintKey(key) && !(bare.has(key) && key !== 'enum'));
  return Object.fromEntries(kept);
}

function importShow(draft: NodeDraft): void {
  const display = draft.hint('display');
  if (display === true || display === 'visible') draft.set('show', 'yes', 'display');
  else if (display === 'passthrough') draft.set('show', 'unwrap', 'display');
  else if (display === false || display === 'hidden') draft.set('show', 'no', 'display');
  else if (display !== undefined) draft.unknown('display', display);
  if (draft.ui['show'] === undefined && !isShownUnsaid(draft)) draft.set('show', 'no', 'display absent');
}

/** Which nodes are shown though nobody says so. Fields of a form are asked: a form without them could not be sent. */
function isShownUnsaid(draft: NodeDraft): boolean {
  const { role } = draft.standing;
  // What is shared says it where it is defined.
  if (typeof draft.schema['$ref'] === 'string') return true;
  if (role === 'form' || role === 'field') return true;
  if (role === 'member') return false;
  if (draft.hint('display_format') !== undefined || draft.hint('input_type') !== undefined) return true;
  return showsItself(draft.text('render_as'));
}

function importLook(draft: NodeDraft): void {
  draft.set('label', draft.text('display_label'), 'display_label');
  draft.set('label', draft.text('tab_label'), 'tab_label');
  draft.set('order', draft.number('display_order'), 'display_order');
  draft.set('order', draft.number('order'), 'order');
  if (draft.text('render_as') === undefined) draft.set('text', draft.text('display_format'), 'display_format');
  const mode = draft.text('display_mode');
  if (mode === 'cards' || mode === 'list') draft.set('as', mode === 'cards' ? 'stack' : 'list', 'display_mode');
  else if (mode !== undefined) draft.unknown('display_mode', mode);
  if (draft.hint('highlight') === true) draft.set('tone', draft.text('highlight_color') ?? 'accent', 'highlight');
  importNudges(draft);
  if (draft.standing.role === 'root' && draft.hint('selectable') === true) draft.set('select', {}, 'selectable');
  importComputed(draft);
}

const nudgeActions: Record<string, string> = {
  copy: 'copy',
  'external-link': 'open',
  preview: 'zoom',
  download: 'download',
  'index-badge': 'number',
};

function importNudges(draft: NodeDraft): void {
  const nudges = draft.hint('nudges');
  if (!Array.isArray(nudges)) return;
  const actions: string[] = [];
  for (const nudge of nudges as unknown[]) {
    const action = typeof nudge === 'string' && Object.hasOwn(nudgeActions, nudge) ? nudgeActions[nudge] : undefined;
    if (nudge === 'swatch') draft.set('as', 'color', 'nudges');
    else if (action === undefined) draft.unknown('nudges', nudge);
    else if (leafActions.includes(action)) actions.push(action);
  }
  if (actions.length > 0) draft.set('actions', [...new Set(actions)], 'nudges');
}

function importComputed(draft: NodeDraft): void {
  const computed = draft.hint('computed');
  if (!isJsonObject(computed)) return;
  const extra: JsonObject = {};
  for (const [name, value] of Object.entries(computed)) {
    const hints = typeof value === 'string' ? { display_format: value } : value;
    if (!isJsonObject(hints)) continue;
    const place = at(at(draft.standing.place, 'computed'), name);
    // A computed text is there to be shown: only what says otherwise is hidden.
    const inner = new NodeDraft(
      {},
      { display: true, ...hints },
      { ...draft.standing, role: 'member', place },
      draft.context,
    );
    importShow(inner);
    importRenderAs(inner);
    importLook(inner);
    const text = inner.text('display_format');
    if (text !== undefined) inner.ui['text'] = text;
    extra[name] = inner.ui;
  }
  if (Object.keys(extra).length > 0) draft.set('extra', extra, 'computed');
}

function importLayout(draft: NodeDraft): void {
  const layout = draft.text('layout');
  if (layout !== undefined && containerKinds.includes(layout)) draft.set('as', layout, 'layout');
  else if (layout !== undefined) draft.unknown('layout', layout);
  const columns = draft.number('layout_columns');
  const base = draft.number('layout_columns_sm');
  if (columns !== undefined || base !== undefined) {
    draft.set('as', 'grid', 'layout_columns');
    const widths = { base: base ?? 1, ...(columns === undefined ? {} : { md: columns }) };
    draft.setInside('layout', 'columns', widths, 'layout_columns');
  }
  draft.setInside('layout', 'gap', draft.hint('layout_gap'), 'layout_gap');
  draft.setInside('layout', 'span', draft.hint('col_span'), 'col_span');
  draft.setInside('layout', 'rows', draft.number('row_span'), 'row_span');
}

/** A form that no block takes is kept in the node, under its own name, for whoever asks with it. */
function importForm(draft: NodeDraft, depth: number): void {
  const form = draft.hint('input_schema');
  if (!isJsonObject(form)) return;
  const { standing, context } = draft;
  const place = at(standing.place, 'input_schema');
  const imported = importNode(form, { role: 'form', path: standing.path, place }, context, depth + 1);
  const as = draft.text('form_type');
  if (as !== undefined) imported['ui'] = { as, ...(isJsonObject(imported['ui']) ? imported['ui'] : {}) };
  for (const block of draft.blocks) if (block.form === form) block.form = imported;
  draft.schema['input_schema'] = imported;
}

function importMembers(draft: NodeDraft, node: JsonObject, depth: number): void {
  const { properties } = node;
  const { standing, context, schema } = draft;
  if (!isJsonObject(properties)) return;
  const drafts = new Map<string, NodeDraft>();
  const isForm = standing.role === 'form' || standing.role === 'field';
  for (const [name, member] of Object.entries(properties)) {
    if (isHintName(name) || !isJsonObject(member) || depth >= deepest) continue;
    const place = at(at(standing.place, 'properties'), name);
    const inner: Standing = { role: isForm ? 'field' : 'member', path: [...standing.path, name], place };
    drafts.set(name, importDraft(member, { ...inner, around: aroundOf(draft) }, context, depth + 1));
  }
  const members = new Map([...drafts].map(([name, inner]) => [name, inner.schema]));
  const required = new Set(Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : []);
  for (const [name, inner] of drafts) {
    importControls(name, inner, members);
    if (inner.hint('required') === true) required.add(name);
    if (inner.hint('selectable') === true) draft.set('select', {}, 'selectable');
  }
  if (required.size > 0) schema['required'] = [...required];
  schema['properties'] = Object.fromEntries(members);
  titleMembers(draft, members);
  hideOthers(draft);
}

/** The container that a node is for those inside it. */
function aroundOf(draft: NodeDraft): string {
  const as = draft.ui['as'];
  return typeof as === 'string' ? as : 'stack';
}

function titleMembers(draft: NodeDraft, members: ReadonlyMap<string, JsonObject>): void {
  const field = draft.text('tab_label_field');
  const title = field === undefined ? undefined : members.get(field);
  if (title) giveSlot(title);
  else if (field !== undefined) draft.unknown('tab_label_field', field);
  if (draft.text('render_as') === 'section-header') for (const member of members.values()) giveSlot(member);
}

function giveSlot(member: JsonObject): void {
  const ui = isJsonObject(member['ui']) ? member['ui'] : {};
  member['ui'] = { slot: 'title', ...ui };
}

/** What an older schema does not list is hidden, being without a visible hint. Validity stays as it was. */
function hideOthers({ schema, standing }: NodeDraft): void {
  if (standing.role === 'form' || standing.role === 'field') return;
  const others = schema['additionalProperties'];
  if (others === undefined || others === true) schema['additionalProperties'] = { ui: { show: 'no' } };
  else if (others === false) schema['additionalProperties'] = { not: {}, ui: { show: 'no' } };
}

function importItems(draft: NodeDraft, node: JsonObject, depth: number): void {
  for (const word of ['items', 'additionalProperties'] as const) {
    const inner = node[word];
    if (!isJsonObject(inner) || depth >= deepest) continue;
    const { standing, context, schema } = draft;
    const isForm = standing.role === 'form' || standing.role === 'field';
    const role = isForm ? 'field' : word === 'items' ? 'item' : 'member';
    const place = at(standing.place, word);
    const below: Standing = { role, path: [...standing.path, '*'], place, around: aroundOf(draft) };
    const imported = importDraft(inner, below, context, depth + 1);
    schema[word] = imported.schema;
    if (imported.hint('selectable') === true) draft.set('select', {}, 'selectable');
  }
}

/** Schemas that others refer to by `#/$defs/name`: each as a member, wherever it is used. */
function importShared(draft: NodeDraft, node: JsonObject, depth: number): void {
  for (const word of ['$defs', 'definitions']) {
    const shared = node[word];
    if (!isJsonObject(shared) || depth >= deepest) continue;
    const { standing, context } = draft;
    const imported = Object.entries(shared).flatMap(([name, inner]): [string, unknown][] => {
      if (isHintName(name)) return [];
      if (!isJsonObject(inner)) return [[name, inner]];
      const place = at(at(standing.place, word), name);
      const role = standing.role === 'form' || standing.role === 'field' ? 'field' : 'member';
      const below: Standing = { role, path: [...standing.path, '*'], place, around: 'stack' };
      return [[name, importDraft(inner, below, context, depth + 1).schema]];
    });
    draft.schema[word] = Object.fromEntries(imported);
  }
}
