import type { ViewNode } from '@wfm/workflow-engine/display';
import { useMemo, useRef, useState } from 'react';
import { useLocale } from 'use-intl';
import { Choice } from '../choices/choice.tsx';
import { keyOf } from '../keys.ts';
import { NodeView } from '../node-view.tsx';
import { useWidth } from '../use-width.ts';
import { useView, ViewContext } from '../view-context.ts';
import { Frame } from './frame.tsx';
import { longFrom, LongList } from './long-list.tsx';
import { LongTable } from './long-table.tsx';
import { sortedBy, type Sorting, tableOf, type TableRow } from './table-columns.ts';
import { HeadCells, RowCells, rowLook, useRow } from './table-row.tsx';
import { useArranged } from './use-found.ts';

/** Rows and columns. It sorts by a press on a column's head; on a narrow place its rows are cards. */
export function TableView({ node }: { node: ViewNode }) {
  const place = useRef<HTMLDivElement>(null);
  const isNarrow = useWidth(place) === 'base';
  const { children = [] } = node;
  const isLong = children.length > longFrom;
  return (
    <div ref={place} className="min-w-0">
      {isNarrow ? (
        <Cards node={node} members={children} />
      ) : isLong ? (
        <LongTable node={node} />
      ) : (
        <ShortTable node={node} />
      )}
    </div>
  );
}

/** On a narrow place. */
function Cards({ node, members }: { node: ViewNode; members: readonly ViewNode[] }) {
  const draw = (row: ViewNode) => <CardRow row={row} />;
  if (members.length > longFrom) return <LongList node={node} members={members} draw={draw} />;
  return (
    <div className="grid gap-2">
      {members.map((row) => (
        <CardRow key={keyOf(row)} row={row} />
      ))}
    </div>
  );
}

function CardRow({ row }: { row: ViewNode }) {
  if (!row.children) return <NodeView node={row} />;
  const frame = <Frame node={row} isBare={row.select === true} />;
  return row.select ? <Choice node={row}>{frame}</Choice> : frame;
}

function ShortTable({ node }: { node: ViewNode }) {
  const locale = useLocale();
  const shape = useMemo(() => tableOf(node), [node]);
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const { rows } = shape;
  const sorted = useMemo(() => (sorting ? sortedBy(rows, sorting, locale) : rows), [rows, sorting, locale]);
  const members = useMemo(() => rows.map((row) => row.node), [rows]);
  const shown = useMemo(() => (sorted === rows ? members : sorted.map((row) => row.node)), [sorted, rows, members]);
  useArranged(members, shown);
  const view = useView();
  const inCells = useMemo(() => ({ ...view, compact: true }), [view]);
  const selects = members.some(({ select }) => select === true);
  return (
    <div
      // It can be scrolled by keys, so it can be reached by them.
      tabIndex={0}
      role="group"
      aria-label={node.label}
      className="max-h-[70dvh] overflow-auto rounded-md border border-line bg-surface"
    >
      <table className="w-full border-separate border-spacing-0 text-sm [overflow-wrap:break-word]">
        <thead>
          <tr>
            <HeadCells shape={shape} selects={selects} sorting={sorting} onSort={setSorting} />
          </tr>
        </thead>
        <ViewContext value={inCells}>
          <tbody>
            {sorted.map((row) => (
              <Row key={keyOf(row.node)} row={row} shape={shape} selects={selects} />
            ))}
          </tbody>
        </ViewContext>
      </table>
    </div>
  );
}

function Row({ row, shape, selects }: { row: TableRow; shape: ReturnType<typeof tableOf>; selects: boolean }) {
  const { choice, notes } = useRow(row.node);
  return (
    <tr {...choice.rowProps} className={rowLook(row.node, choice)}>
      <RowCells row={row} shape={shape} selects={selects} control={choice.control} notes={notes} />
    </tr>
  );
}
