import type { ViewNode } from '@wfm/workflow-engine/display';
import { type CSSProperties, useMemo, useRef, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { keyOf } from '../keys.ts';
import { useView, ViewContext } from '../view-context.ts';
import { SearchBox } from './search-box.tsx';
import { sortedBy, type Sorting, tableOf, type TableRow, type TableShape } from './table-columns.ts';
import { HeadCells, RowCells, rowLook, useRow } from './table-row.tsx';
import { useArranged, useFound } from './use-found.ts';
import { useMountedRows } from './use-mounted-rows.ts';

/** A table of many rows: only those in sight are mounted, so its columns are as wide as they are told to be. */
export function LongTable({ node }: { node: ViewNode }) {
  const words = useTranslations('view');
  const locale = useLocale();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const { children = [] } = node;
  const shape = useMemo(() => tableOf(node), [node]);
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const { query, setQuery, shown: found } = useFound(children);
  const rows = useMemo(() => {
    const wanted = found === children ? shape.rows : rowsOf(found, shape);
    return sorting ? sortedBy(wanted, sorting, locale) : wanted;
  }, [found, children, shape, sorting, locale]);
  const nodes = useMemo(() => rows.map((row) => row.node), [rows]);
  useArranged(children, sorting ? nodes : found);
  const { keepMounted, onFocus } = useMountedRows(
    useMemo(() => nodes.map((row) => [row]), [nodes]),
    list,
  );
  const view = useView();
  const inCells = useMemo(() => ({ ...view, compact: true }), [view]);
  const selects = children.some(({ select }) => select === true);
  const { columns, hasNames } = shape;
  const template = [
    selects ? '3rem' : '',
    hasNames ? 'minmax(8rem, 1fr)' : '',
    ...columns.map(() => 'minmax(8rem, 1fr)'),
  ];
  const style: CSSProperties = { gridTemplateColumns: template.join(' ') };
  return (
    <div className="grid min-w-0 gap-2">
      <SearchBox value={query} onChange={setQuery} count={children.length} found={rows.length} />
      {rows.length === 0 ? <p className="p-3 text-sm text-ink-soft">{words('noneFound')}</p> : null}
      <div
        ref={scroller}
        role="table"
        aria-label={node.label ?? words('table')}
        aria-rowcount={rows.length + 1}
        tabIndex={0}
        data-columns={1}
        onFocus={onFocus}
        className="max-h-[70dvh] overflow-auto overscroll-contain rounded-md border border-line bg-surface text-sm"
      >
        <div role="row" aria-rowindex={1} className="sticky top-0 z-10 grid min-w-fit" style={style}>
          <HeadCells shape={shape} selects={selects} sorting={sorting} onSort={setSorting} as="div" />
        </div>
        <ViewContext value={inCells}>
          <Virtualizer ref={list} scrollRef={scroller} startMargin={44} data={rows} keepMounted={keepMounted}>
            {(row, index) => (
              <Row key={keyOf(row.node)} row={row} index={index} shape={shape} selects={selects} style={style} />
            )}
          </Virtualizer>
        </ViewContext>
      </div>
    </div>
  );
}

function Row({
  row,
  index,
  shape,
  selects,
  style,
}: {
  row: TableRow;
  index: number;
  shape: TableShape;
  selects: boolean;
  style: CSSProperties;
}) {
  const { choice, notes } = useRow(row.node);
  return (
    <div
      {...choice.rowProps}
      role="row"
      aria-rowindex={index + 2}
      data-row-index={index}
      className={`grid min-w-fit ${rowLook(row.node, choice)}`}
      style={style}
    >
      <RowCells row={row} shape={shape} selects={selects} control={choice.control} notes={notes} as="div" />
    </div>
  );
}

function rowsOf(nodes: readonly ViewNode[], { rows }: TableShape): TableRow[] {
  const wanted = new Set(nodes);
  return rows.filter(({ node }) => wanted.has(node));
}
