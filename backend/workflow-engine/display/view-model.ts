import type { JsonObject } from '../models/json.ts';

/** Keys and indices from the root of the data: also the path of a selection (format.md 18.7). */
export type DataPath = (string | number)[];

/** View kinds that hold others (format.md 18.3). */
export const containerKinds = ['stack', 'grid', 'list', 'table', 'tabs', 'sections', 'panel', 'gallery', 'compare'];

/** View kinds that show one value (format.md 18.3). */
export const leafKinds = [
  'text',
  'markdown',
  'code',
  'number',
  'date',
  'link',
  'color',
  'chips',
  'badge',
  'progress',
  'rating',
  'image',
  'audio',
  'video',
  'file',
  'json',
  'diff',
];

/** Kinds of inputs (format.md 18.3). */
export const inputKinds = [
  'text',
  'textarea',
  'number',
  'slider',
  'select',
  'combobox',
  'radio',
  'checkbox',
  'switch',
  'checks',
  'tags',
  'date',
  'color',
  'file',
  'image-pick',
  'crop',
  'list',
  'json',
];

export const slots = ['title', 'subtitle', 'media', 'badge', 'body', 'footer', 'aside'] as const;
export type Slot = (typeof slots)[number];

export const leafActions = ['copy', 'open', 'zoom', 'download', 'number'];
export const tones = ['accent', 'good', 'warn', 'bad', 'muted'];

/**
 * Why a node does not look as its author meant it: `template_failed` (a template of its hints does not render),
 * `kind_unknown` (its kind does not exist), `kind_unfit` (its kind does not fit the value), `too_deep` (drawn as one
 * JSON value), `cut` (more members than a view may have nodes).
 */
export type Mark = 'template_failed' | 'kind_unknown' | 'kind_unfit' | 'too_deep' | 'cut';

/** A form with a button, its results and a choice (format.md 18.4). */
export interface Block {
  id: string;
  /** Path of the data node; `*` stands for any index or key. */
  path: DataPath;
  label?: string;
  /** Object schema with hints: the parameters. */
  form?: JsonObject;
  generate: JsonObject;
  gallery?: JsonObject;
  choose?: JsonObject;
}

/** One node of a view: plain JSON, drawn by every client (format.md 18.1). */
export interface ViewNode {
  /** A kind of 18.3, or `block`. */
  kind: string;
  path: DataPath;
  slot: Slot;
  label?: string;
  /** The shown text of a leaf. */
  text?: string;
  /** The value of a leaf as the data has it. */
  value?: unknown;
  /** Name of the member that `extra` adds; its path is that of the object. */
  extra?: string;
  children?: ViewNode[];
  actions?: string[];
  tone?: string;
  /** Present on whatever can be chosen. */
  select?: true;
  /** The input that edits the value, `kind` always there. */
  input?: JsonObject;
  /** False where `when.enable` does not hold. */
  enabled?: false;
  /** Further settings of the kind: `against`, `source`, `unit`, `captions`. */
  settings?: JsonObject;
  layout?: JsonObject;
  block?: Block;
  marks?: Mark[];
  /** How many members were left out where a node is `cut`. */
  omitted?: number;
}
