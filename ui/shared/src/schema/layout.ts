import type { ViewNode } from '@wfm/workflow-engine/display';
import type { CSSProperties } from 'react';

const defaultColumns: Readonly<Record<string, { base: number; md: number; lg: number }>> = {
  grid: { base: 1, md: 2, lg: 3 },
  gallery: { base: 2, md: 3, lg: 4 },
};

/** Columns of a container, by how wide it is drawn itself (format.md 18.2, `layout`). */
export function columnsOf({ kind, layout }: ViewNode): { base: number; md: number; lg: number } {
  const fallback = defaultColumns[kind] ?? { base: 1, md: 1, lg: 1 };
  const columns = layout?.['columns'];
  if (isCount(columns)) return { base: Math.min(columns, 2), md: columns, lg: columns };
  if (typeof columns !== 'object' || columns === null) return fallback;
  const { base, md, lg } = columns as Record<string, unknown>;
  const first = isCount(base) ? base : 1;
  const middle = isCount(md) ? md : first;
  return { base: first, md: middle, lg: isCount(lg) ? lg : middle };
}

/** Class and variables of a container's grid; the classes stand in base.css, as container queries. */
export function gridOf(node: ViewNode): { className: string; style: CSSProperties } {
  const { base, md, lg } = columnsOf(node);
  const gap = node.layout?.['gap'];
  const style: Record<string, string | number> = { '--columns': base, '--columns-md': md, '--columns-lg': lg };
  if (typeof gap === 'number' && gap >= 0 && gap <= 64) style['--gap'] = `${gap * 0.25}rem`;
  return { className: 'view-grid', style };
}

/** How much of its container's grid a member takes. */
export function spanOf({ layout }: ViewNode): CSSProperties | undefined {
  const span = layout?.['span'];
  const rows = layout?.['rows'];
  const style: CSSProperties = {};
  if (span === 'full') style.gridColumn = '1 / -1';
  else if (isCount(span)) style.gridColumn = `span min(${span}, var(--columns-now))`;
  if (isCount(rows)) style.gridRow = `span ${rows}`;
  return Object.keys(style).length > 0 ? style : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 12;
}
