import { isJsonObject, type JsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';
import { validateAgainst } from '../schema/index.ts';
import { byOrder, itemSchema, membersOf, resolveNode, uiOf, wordsOf } from './schema-node.ts';
import { drawExtra, shownText } from './view-text.ts';
import { type ChosenKind, chooseKind } from './view-kind.ts';
import {
  type Block,
  type DataPath,
  leafActions,
  type Mark,
  type Slot,
  slots,
  tones,
  type ViewNode,
} from './view-model.ts';
import { type DisplayScope, renderHint } from './view-scope.ts';

/** Most nodes of one view: more than a page draws at once, less than fills its memory. */
const mostNodes = 50_000;

/** A value on its way to a node. */
interface Spot {
  value: unknown;
  schema: unknown;
  path: DataPath;
  /** Its key in an object; undefined for the root and for items. */
  name?: string;
  /** The object or list around it. */
  parent: unknown;
  scope: DisplayScope;
}

/** Draws data by its schema (format.md 18.7), counting nodes. */
export class ViewBuilder {
  /** Nodes that may still be drawn. */
  left = mostNodes;
  private readonly root: JsonObject;
  /** By the length and the end of their path, so that a node does not ask all of them. */
  private readonly blocks: ReadonlyMap<string, readonly Block[]>;
  private readonly choices: ReadonlySet<string>;

  constructor(root: JsonObject, blocks: readonly Block[], choices: readonly DataPath[]) {
    this.root = root;
    this.blocks = Map.groupBy(blocks, ({ path }) => endOf(path));
    this.choices = new Set(choices.map((path) => JSON.stringify(path)));
  }

  /** The nodes of one value: one as a rule, none where it is hidden, several where its frame is unwrapped. */
  draw(spot: Spot): ViewNode[] {
    const { value, path } = spot;
    const node = resolveNode(spot.schema, this.root);
    const ui = uiOf(node);
    if (ui['show'] === 'no' || !holds(ui, 'show', spot)) return [];
    const blocks = this.blocksAt(path);
    const isAbsent = value === undefined || value === null;
    if (isAbsent && ui['input'] === undefined && blocks.length === 0) return [];
    const chosen = chooseKind(node, value);
    const isDeep = path.length >= limits.jsonDepth - 1 && chosen.isContainer;
    if (isDeep) Object.assign(chosen, { kind: 'json', isContainer: false, marks: ['too_deep'] });
    const canUnwrap = chosen.isContainer && blocks.length === 0 && !this.isChoice(path);
    if (ui['show'] === 'unwrap' && canUnwrap) {
      const { nodes, omitted } = this.children(node, spot);
      return omitted === 0 ? nodes : [{ kind: 'stack', path, slot: 'body', children: nodes, marks: ['cut'], omitted }];
    }
    if (this.left <= 0) return [];
    const view = this.frame(node, spot, chosen);
    if (blocks.length > 0) return [this.withBlocks(view, blocks, chosen.isContainer, isAbsent)];
    if (!isBare(view, ui)) return [view];
    this.left += 1;
    return [];
  }

  /** The node of one value, with all that it holds. */
  private frame(node: JsonObject, spot: Spot, { kind, isContainer, settings, marks }: ChosenKind): ViewNode {
    const { value, path, scope } = spot;
    this.left -= 1;
    const view: ViewNode = { kind, path, slot: slotOf(uiOf(node)) };
    if (settings) view.settings = renderedSettings(settings, value, scope, marks);
    this.dress(view, node, spot, marks);
    if (this.isChoice(path)) view.select = true;
    if (isContainer) this.enter(view, node, spot);
    else shownText(view, node, value, scope, marks);
    if (marks.length > 0) view.marks = [...new Set([...(view.marks ?? []), ...marks])];
    return view;
  }

  private blocksAt(path: DataPath): Block[] {
    if (this.blocks.size === 0) return [];
    const anywhere = path.length === 0 ? [] : (this.blocks.get(endOf([...path.slice(0, -1), '*'])) ?? []);
    const near = [...(this.blocks.get(endOf(path)) ?? []), ...anywhere];
    return near.filter((block) => isAt(block.path, path));
  }

  private isChoice(path: DataPath): boolean {
    return this.choices.size > 0 && this.choices.has(JSON.stringify(path));
  }

  /** Everything about a node but what it holds. */
  private dress(view: ViewNode, node: JsonObject, spot: Spot, marks: Mark[]): void {
    const ui = uiOf(node);
    const label = labelOf(ui, node, spot, marks);
    if (label !== undefined) view.label = label;
    const { actions, tone, layout, input } = ui;
    const known = Array.isArray(actions)
      ? actions.filter((action): action is string => leafActions.includes(action as string))
      : [];
    if (known.length > 0) view.actions = known;
    if (typeof tone === 'string' && (tones.includes(tone) || /^#[0-9a-f]{3,8}$/i.test(tone))) view.tone = tone;
    if (isJsonObject(layout)) view.layout = layout;
    if (typeof input === 'string') view.input = { kind: input };
    else if (isJsonObject(input)) view.input = input;
    if (!holds(ui, 'enable', spot)) view.enabled = false;
  }

  private enter(view: ViewNode, node: JsonObject, spot: Spot): void {
    const { nodes, omitted, title } = this.children(node, spot);
    view.children = nodes;
    if (title !== undefined) view.label = title;
    if (omitted === 0) return;
    view.marks = ['cut'];
    view.omitted = omitted;
  }

  /** Items, or members and extras, in drawing order; `title` is the text of a title that is not drawn itself. */
  private children(node: JsonObject, spot: Spot): { nodes: ViewNode[]; omitted: number; title?: string } {
    const { value, path, scope } = spot;
    const nodes: ViewNode[] = [];
    if (Array.isArray(value)) {
      const items = value as unknown[];
      for (const [index, item] of items.entries()) {
        if (this.left <= 0) return { nodes, omitted: items.length - index };
        const inner: Spot = {
          value: item,
          schema: itemSchema(node, index),
          path: [...path, index],
          parent: value,
          scope: { ...scope, item },
        };
        nodes.push(...this.draw(inner));
      }
      return { nodes, omitted: 0 };
    }
    const data = value as JsonObject;
    let title: string | undefined;
    const extras = Object.entries(isJsonObject(uiOf(node)['extra']) ? (uiOf(node)['extra'] as JsonObject) : {});
    const entries = byOrder(
      [
        ...membersOf(data, node).map(([name, schema]) => ({
          name,
          schema: resolveNode(schema, this.root),
          isExtra: false,
        })),
        ...extras.map(([name, ui]) => ({ name, schema: { ui: isJsonObject(ui) ? ui : {} }, isExtra: true })),
      ],
      ({ schema }) => uiOf(schema)['order'],
    );
    for (const [index, { name, schema, isExtra }] of entries.entries()) {
      if (this.left <= 0) return { nodes, omitted: entries.length - index };
      const member = Object.hasOwn(data, name) ? data[name] : undefined;
      if (isExtra) {
        const extra = drawExtra(name, uiOf(schema), data, path, scope);
        if (extra) this.left -= 1;
        if (extra) nodes.push(extra);
        continue;
      }
      const ui = uiOf(schema);
      // A hidden title still titles (format.md 18.5).
      if (ui['show'] === 'no' && ui['slot'] === 'title' && member != null) title ??= titleText(schema, member, scope);
      nodes.push(...this.draw({ value: member, schema, path: [...path, name], name, parent: data, scope }));
    }
    return { nodes, omitted: 0, ...(title === undefined ? {} : { title }) };
  }

  private withBlocks(view: ViewNode, blocks: readonly Block[], isContainer: boolean, isAbsent: boolean): ViewNode {
    const { path } = view;
    const drawn = blocks.map((block): ViewNode => {
      this.left -= 1;
      const label = block.label === undefined ? {} : { label: block.label };
      return { kind: 'block', path, slot: 'body', block: { ...block, path }, ...label };
    });
    const [only] = drawn;
    const added: ViewNode = drawn.length === 1 && only ? only : { kind: 'tabs', path, slot: 'body', children: drawn };
    if (isContainer) return { ...view, children: [...(view.children ?? []), added] };
    const { label, slot, ...leaf } = view;
    const children = isAbsent ? [added] : [{ ...leaf, slot: 'body' as const }, added];
    return { kind: 'panel', path, slot, ...(label === undefined ? {} : { label }), children };
  }
}

function titleText(schema: JsonObject, value: unknown, scope: DisplayScope): string | undefined {
  const view: ViewNode = { kind: 'text', path: [], slot: 'title' };
  shownText(view, schema, value, scope, []);
  return view.text;
}

/** A container of which nothing is to be seen: no member, no choice, not even the title of an item. */
function isBare(view: ViewNode, ui: JsonObject): boolean {
  if (view.children?.length !== 0 || view.select || view.path.length === 0 || view.marks?.includes('cut')) return false;
  return typeof view.path.at(-1) !== 'number' || view.label === undefined || ui['label'] !== undefined;
}

/** Settings of a kind are texts or templates: what a text is compared against, where a film's captions are. */
function renderedSettings(settings: JsonObject, value: unknown, scope: DisplayScope, marks: Mark[]): JsonObject {
  const entries = Object.entries(settings).map(([name, setting]) => {
    const text = typeof setting === 'string' ? renderHint(setting, value, scope) : setting;
    if (text === undefined) marks.push('template_failed');
    return [name, text ?? setting] as const;
  });
  return Object.fromEntries(entries);
}

function slotOf(ui: JsonObject): Slot {
  return slots.find((slot) => slot === ui['slot']) ?? 'body';
}

/** `label`, else `title`, else the key in words; none where the hint says `false` (format.md 18.2). */
function labelOf(ui: JsonObject, node: JsonObject, { value, name, scope }: Spot, marks: Mark[]): string | undefined {
  const { label } = ui;
  if (label === false) return undefined;
  if (typeof label === 'string') {
    const text = renderHint(label, value, scope);
    if (text === undefined) marks.push('template_failed');
    return text ?? label;
  }
  const { title } = node;
  if (typeof title === 'string' && title !== '') return title;
  return name === undefined ? undefined : wordsOf(name);
}

/** A condition of `when`, matched against the siblings; an unsound one hides nothing. */
function holds(ui: JsonObject, key: 'show' | 'enable', { parent, scope }: Spot): boolean {
  const when = ui['when'];
  const condition = isJsonObject(when) ? when[key] : undefined;
  if (condition === false) return false;
  if (!isJsonObject(condition)) return true;
  try {
    return validateAgainst(condition, { value: parent ?? {}, state: scope.state }).length === 0;
  } catch {
    return true;
  }
}

function endOf(path: DataPath): string {
  return `${path.length}:${path.at(-1) ?? ''}`;
}

/** A block's path matches a data path; `*` stands for any one key. */
function isAt(pattern: DataPath, path: DataPath): boolean {
  return (
    pattern.length === path.length && pattern.every((key, index) => key === '*' || String(key) === String(path[index]))
  );
}
