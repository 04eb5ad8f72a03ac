import type { ViewNode } from '@wfm/workflow-engine/display';

type SlotName = ViewNode['slot'];
export type Slots = Readonly<Record<SlotName, readonly ViewNode[]>>;

/** Kinds that can stand in a line: in a heading, on a badge. */
const lines = new Set(['text', 'number', 'date', 'link', 'color', 'chips', 'badge', 'rating', 'markdown']);
const inLine: readonly SlotName[] = ['title', 'subtitle', 'badge'];
const known = new WeakMap<ViewNode, Slots>();

/** The members of an object by their slot, in drawing order. A title that is no line of text stands in the body. */
export function slotsOf(node: ViewNode): Slots {
  const found = known.get(node);
  if (found) return found;
  const slots: Record<SlotName, ViewNode[]> = {
    title: [],
    subtitle: [],
    media: [],
    badge: [],
    body: [],
    footer: [],
    aside: [],
  };
  for (const child of node.children ?? []) {
    const isLine = child.children === undefined && child.text !== undefined && lines.has(child.kind);
    slots[inLine.includes(child.slot) && !isLine ? 'body' : child.slot].push(child);
  }
  known.set(node, slots);
  return slots;
}

const longestName = 120;

/** What names an item: its title, else its label, else the first words in it. */
export function nameOf(node: ViewNode): string {
  const name = titleOf(node) ?? firstText(node) ?? String(node.path.at(-1) ?? '');
  return name.length > longestName ? `${name.slice(0, longestName)}…` : name;
}

/** The words of its title slot, else its label. */
export function titleOf(node: ViewNode): string | undefined {
  return slotTitleOf(node) ?? node.label;
}

/** The words of its title slot: what its pictures are called. */
export function slotTitleOf(node: ViewNode): string | undefined {
  const title = slotsOf(node)
    .title.map(({ text = '' }) => text)
    .join(' ');
  return title.trim() === '' ? undefined : title;
}

function firstText(node: ViewNode): string | undefined {
  const { text, children = [], kind } = node;
  // The address of a picture says nothing.
  if (text !== undefined && text !== '' && !wordless.has(kind)) return text;
  for (const child of children) {
    const found = firstText(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

const wordless = new Set(['image', 'audio', 'video', 'file']);
