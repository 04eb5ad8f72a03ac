import type { ViewNode } from './view-model.ts';

/** What a mark means to a reader; every printing shows it, so that nothing is wrong in silence. */
const markTexts: Record<NonNullable<ViewNode['marks']>[number], string> = {
  template_failed: 'its template fails',
  kind_unknown: 'unknown view kind',
  kind_unfit: 'view kind does not fit',
  too_deep: 'nested too deep',
  cut: 'too much to show',
};

/** The marks of a node as one note, empty without any. */
export function noteOf({ marks, omitted }: ViewNode): string {
  if (!marks || marks.length === 0) return '';
  const texts = marks.map((mark) => (mark === 'cut' ? `${omitted ?? 0} more left out` : markTexts[mark]));
  return `(! ${texts.join(', ')})`;
}

const longestText = 20_000;

/** The text of a leaf: what is shown, else the value as JSON, cut where nobody reads on. */
export function leafText(node: ViewNode): string {
  const { text, value, settings } = node;
  const shown = text ?? (value === undefined ? '' : JSON.stringify(value, null, 2));
  const unit = typeof settings?.['unit'] === 'string' && shown !== '' ? ` ${settings['unit']}` : '';
  return (shown.length > longestText ? `${shown.slice(0, longestText)}…` : shown) + unit;
}

/** Members of a frame by what they are for. */
export interface FrameParts {
  title: string;
  subtitle: string;
  badges: string[];
  rest: ViewNode[];
}

/** Title, subtitle and badges of a node as texts of one line; everything else in drawing order. */
export function partsOf(node: ViewNode): FrameParts {
  const titles: string[] = [];
  const subtitles: string[] = [];
  const badges: string[] = [];
  const rest: ViewNode[] = [];
  for (const child of node.children ?? []) {
    const line = child.children === undefined && child.kind !== 'block' ? oneLine(child) : undefined;
    if (child.slot === 'title' && line !== undefined) titles.push(line);
    else if (child.slot === 'subtitle' && line !== undefined) subtitles.push(line);
    else if (child.slot === 'badge' && line !== undefined) badges.push(line);
    else rest.push(child);
  }
  const title = titles.join(' ') || (node.label ?? '');
  return { title, subtitle: subtitles.join(' '), badges, rest };
}

function oneLine(node: ViewNode): string | undefined {
  const text = leafText(node);
  if (text.includes('\n') || noteOf(node) !== '') return undefined;
  return text;
}

/** A table's columns in the order of their first appearance, and its rows as leaves by column. */
export function tableOf(node: ViewNode): { columns: string[]; rows: Map<string, string>[] } | undefined {
  const columns = new Set<string>();
  const rows: Map<string, string>[] = [];
  for (const row of node.children ?? []) {
    const cells = new Map<string, string>();
    for (const cell of row.children ?? [row]) {
      const text = cell.children === undefined ? oneLine(cell) : undefined;
      // A cell that holds more than a line makes it no table for a reader of lines.
      if (text === undefined || text.length > 60) return undefined;
      const column = cell.label ?? '';
      columns.add(column);
      cells.set(column, cells.has(column) ? `${cells.get(column)} ${text}` : text);
    }
    rows.push(cells);
  }
  return rows.length > 0 && columns.size > 0 ? { columns: [...columns], rows } : undefined;
}
