import type { ViewNode } from '@wfm/workflow-engine/display';

/** A column: what all rows have at one place. */
export interface Column {
  readonly id: string;
  readonly label: string | undefined;
}

/** A row's cells by their column. */
export interface TableRow {
  readonly node: ViewNode;
  readonly cells: ReadonlyMap<string, ViewNode>;
}

export interface TableShape {
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
  /** Rows have names of their own: the keys of an object, a title that is hidden. */
  readonly hasNames: boolean;
}

/** Columns in the order of their first appearance; a plain row is one cell. */
export function tableOf({ children = [] }: ViewNode): TableShape {
  const columns = new Map<string, Column>();
  const rows = children.map((node): TableRow => {
    const cells = new Map<string, ViewNode>();
    for (const cell of node.children ?? [node]) {
      const id = columnOf(node, cell);
      cells.set(id, cell);
      const known = columns.get(id);
      if (known?.label === undefined) columns.set(id, { id, label: cell === node ? undefined : cell.label });
    }
    return { node, cells };
  });
  const hasNames = children.some((node) => node.children !== undefined && node.label !== undefined);
  return { columns: [...columns.values()], rows, hasNames };
}

/** What a cell is within its row: the rest of its path, the name of an extra, the id of a block. */
function columnOf(row: ViewNode, cell: ViewNode): string {
  return JSON.stringify([cell.path.slice(row.path.length), cell.extra ?? '', cell.block?.id ?? '']);
}

export interface Sorting {
  /** Id of a column, or `name` for the names of rows. */
  readonly column: string;
  readonly down: boolean;
}

/** Rows by the values of a column: numbers by size, texts by the locale, what is missing last. */
export function sortedBy(rows: readonly TableRow[], { column, down }: Sorting, locale: string): readonly TableRow[] {
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  const keyed = rows.map((row) => ({
    row,
    value: column === 'name' ? row.node.label : valueOf(row.cells.get(column)),
  }));
  const sign = down ? -1 : 1;
  return keyed
    .toSorted(({ value: a }, { value: b }) => {
      if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
      if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
      return sign * collator.compare(textOf(a), textOf(b));
    })
    .map(({ row }) => row);
}

function valueOf(cell: ViewNode | undefined): unknown {
  return cell?.value ?? cell?.text;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
