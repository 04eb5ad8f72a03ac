import { isJsonObject, type JsonObject } from '../models/json.ts';
import { uiOf, wordsOf } from './schema-node.ts';
import {
  type DataPath,
  leafActions,
  leafKinds,
  type Mark,
  type Slot,
  slots,
  tones,
  type ViewNode,
} from './view-model.ts';
import { type DisplayScope, renderHint } from './view-scope.ts';

/** Gives a leaf its value and text: its own template, else the title of its option, else the value as text. */
export function shownText(view: ViewNode, node: JsonObject, value: unknown, scope: DisplayScope, marks: Mark[]): void {
  if (value === undefined || value === null) return;
  view.value = value;
  const source = uiOf(node)['text'];
  const rendered = typeof source === 'string' ? renderHint(source, value, scope) : undefined;
  if (typeof source === 'string' && rendered === undefined) marks.push('template_failed');
  const text = rendered ?? optionTitle(node, value) ?? plainText(value);
  if (text !== undefined) view.text = text;
}

/** The title of a `oneOf` entry whose `const` the value is. */
function optionTitle(node: JsonObject, value: unknown): string | undefined {
  const { oneOf } = node;
  if (!Array.isArray(oneOf) || typeof value === 'object') return undefined;
  const entry = (oneOf as unknown[]).find((option) => isJsonObject(option) && option['const'] === value);
  const title = isJsonObject(entry) ? entry['title'] : undefined;
  return typeof title === 'string' ? title : undefined;
}

/** A value as text; lists of plain values by commas, nothing for other structures: a client draws those itself. */
function plainText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return JSON.stringify(value);
  if (!Array.isArray(value) || value.some((item) => typeof item === 'object' && item !== null)) return undefined;
  return value.map((item: unknown) => plainText(item) ?? '').join(', ');
}

/** A text that an object shows besides its members (format.md 18.2, `extra`); undefined when hidden or empty. */
export function drawExtra(
  name: string,
  ui: JsonObject,
  data: JsonObject,
  path: DataPath,
  scope: DisplayScope,
): ViewNode | undefined {
  if (ui['show'] === 'no' || typeof ui['text'] !== 'string') return undefined;
  const text = renderHint(ui['text'], data, scope);
  if (text?.trim() === '') return undefined;
  const { as, slot, label, tone, actions } = ui;
  const kind = typeof as === 'string' && leafKinds.includes(as) ? as : 'text';
  const view: ViewNode = {
    kind,
    path,
    slot: slots.find((known): known is Slot => known === slot) ?? 'body',
    extra: name,
  };
  view.text = text ?? ui['text'];
  if (text === undefined) view.marks = ['template_failed'];
  if (label !== false)
    view.label = (typeof label === 'string' ? renderHint(label, data, scope) : undefined) ?? wordsOf(name);
  if (typeof tone === 'string' && (tones.includes(tone) || /^#[0-9a-f]{3,8}$/i.test(tone))) view.tone = tone;
  const known = Array.isArray(actions) ? actions.filter((action) => leafActions.includes(action as string)) : [];
  if (known.length > 0) view.actions = known as string[];
  return view;
}
