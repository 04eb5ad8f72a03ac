import { compileView, selectableItems, type ViewNode } from '@wfm/workflow-engine/display';

type Path = (string | number)[];

/** One item that can be chosen, as a line of a menu. */
export interface Choice {
  path: Path;
  label: string;
  /** The rest of the item, for whoever stands on its line. */
  hint: string;
}

const longestHint = 240;

/** What can be chosen in `data` (format.md 11.4), in drawing order; each as its view draws it. */
export function choicesOf(data: unknown, schema: unknown): Choice[] {
  const drawn = new Map<string, ViewNode>();
  const collect = (node: ViewNode): void => {
    if (node.select) drawn.set(JSON.stringify(node.path), node);
    for (const child of node.children ?? []) collect(child);
  };
  const { root } = compileView({ schema, data, selecting: true });
  if (root) collect(root);
  return selectableItems(data, schema).paths.map((path) => {
    const node = drawn.get(JSON.stringify(path));
    const group = path.length > 1 ? `${nameOf(path[0])}: ` : '';
    return { path, ...describe(node, group, nameOf(path.at(-1))) };
  });
}

/** A key, or a place as people count. */
function nameOf(key: string | number | undefined): string {
  return typeof key === 'number' ? `${key + 1}` : (key ?? '');
}

const usualTitles = ['label', 'title', 'name', 'id'];

/** Title and the rest of one choice; one that is not drawn is called by its place. */
function describe(node: ViewNode | undefined, group: string, fallback: string): { label: string; hint: string } {
  if (!node) return { label: group + fallback, hint: '' };
  if (!node.children) return { label: group + oneLine(node), hint: '' };
  const lines = node.children.filter((child) => !child.children && child.kind !== 'block');
  const usual = usualTitles.flatMap((key) => lines.filter(({ path, extra }) => !extra && path.at(-1) === key));
  const title = lines.find(({ slot }) => slot === 'title') ?? usual[0];
  const named = title ? oneLine(title) : typeof node.path.at(-1) === 'number' ? (node.label ?? fallback) : fallback;
  const rest = lines.filter((line) => line !== title).map(oneLine);
  const hint = rest.filter((text) => text !== '').join(' · ');
  return { label: group + named, hint: hint.length > longestHint ? `${hint.slice(0, longestHint)}…` : hint };
}

function oneLine({ text, value }: ViewNode): string {
  const shown = text ?? (value === undefined ? '' : JSON.stringify(value));
  return shown.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** Chosen paths as an answer has them: plain indices or keys where every path has one part. */
export function selectedIndices(paths: readonly Path[]): unknown[] {
  return paths.every((path) => path.length === 1) ? paths.map(([only]) => only) : [...paths];
}
