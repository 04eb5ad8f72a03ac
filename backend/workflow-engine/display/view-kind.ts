import { isJsonObject, type JsonObject } from '../models/json.ts';
import { contentFamily } from '../models/media.ts';
import { inferLeafKind } from './infer-kind.ts';
import { uiOf } from './schema-node.ts';
import { containerKinds, leafKinds, type Mark } from './view-model.ts';

/** How one node is drawn. */
export interface ChosenKind {
  kind: string;
  isContainer: boolean;
  /** What `as` says besides the kind: `against`, `source`, `unit`, `captions`. */
  settings?: JsonObject;
  marks: Mark[];
}

/** Containers that hold a node with a `text` of its own; in the others the text stands for the members (18.7). */
const beforeText = new Set(['tabs', 'panel', 'table', 'sections', 'gallery', 'compare']);
/** Leaves that take an object or a list as it is. */
const wholeLeaves = new Set(['json', 'code', 'diff', 'image', 'audio', 'video', 'file']);

/**
 * The kind of a node by its hints, its schema and its value (format.md 18.7). A kind that does not exist or does not
 * fit is not obeyed but marked: the value is drawn by its type.
 */
export function chooseKind(node: JsonObject, value: unknown): ChosenKind {
  const ui = uiOf(node);
  const { as, text } = ui;
  const name = isJsonObject(as) ? as['kind'] : as;
  const settings = isJsonObject(as) ? settingsOf(as) : {};
  const hasText = text !== undefined;
  const marks: Mark[] = [];
  if (typeof name === 'string') {
    const holds = typeof value === 'object' && value !== null;
    if (containerKinds.includes(name)) {
      if (holds && (!hasText || beforeText.has(name))) return { kind: name, isContainer: true, marks, ...settings };
      if (!holds && !hasText) marks.push('kind_unfit');
    } else if (leafKinds.includes(name)) {
      if (hasText || fits(name, value)) return { kind: name, isContainer: false, marks, ...settings };
      marks.push('kind_unfit');
    } else marks.push('kind_unknown');
  } else if (as !== undefined) marks.push('kind_unknown');
  return { ...byType(node, ui, value), marks, ...settings };
}

function byType(node: JsonObject, ui: JsonObject, value: unknown): { kind: string; isContainer: boolean } {
  if (ui['text'] !== undefined) return { kind: 'text', isContainer: false };
  const holds = typeof value === 'object' && value !== null;
  if (ui['input'] !== undefined) {
    const kind = !holds ? inferLeafKind(node, value) : fits('chips', value) ? 'chips' : 'json';
    return { kind, isContainer: false };
  }
  // A generated content of which the author says nothing is seen or heard, not read.
  const family = node['properties'] === undefined ? contentFamily(value) : undefined;
  if (family !== undefined) return { kind: family, isContainer: false };
  if (Array.isArray(value)) {
    const areSeen = value.length > 0 && node['items'] === undefined && value.every(isSeen);
    return { kind: areSeen ? 'gallery' : value.every(isPlain) ? 'list' : 'stack', isContainer: true };
  }
  if (holds) return { kind: 'stack', isContainer: true };
  return { kind: inferLeafKind(node, value), isContainer: false };
}

function isSeen(item: unknown): boolean {
  const family = contentFamily(item);
  return family === 'image' || family === 'video';
}

function fits(kind: string, value: unknown): boolean {
  if (isPlain(value) || kind === 'json') return true;
  if (kind === 'chips') return Array.isArray(value) && value.every(isPlain);
  return wholeLeaves.has(kind) && (isJsonObject(value) || kind === 'code' || kind === 'diff');
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function settingsOf(as: JsonObject): { settings?: JsonObject } {
  const { kind: _kind, ...settings } = as;
  return Object.keys(settings).length > 0 ? { settings } : {};
}
