import type { ViewNode } from '@wfm/workflow-engine/display';
import { type ReactNode, useMemo, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { VList, type VListHandle } from 'virtua';
import { useChoices } from '../choices/choice-context.ts';
import { keyOf } from '../keys.ts';
import { columnsOf } from '../layout.ts';
import { NodeView } from '../node-view.tsx';
import { useWidth } from '../use-width.ts';
import { SearchBox } from './search-box.tsx';
import { useFound } from './use-found.ts';
import { useMountedRows } from './use-mounted-rows.ts';

/** From here on only what is in sight is mounted (ux.md 3.3, promise 4). */
export const longFrom = 200;

export interface LongListProps {
  node: ViewNode;
  members: readonly ViewNode[];
  /** How a member is drawn; by its kind as a rule. */
  draw?: (member: ViewNode) => ReactNode;
}

/** Many members: a window over them, with a search box of its own. */
export function LongList({ node, members, draw = plainly }: LongListProps) {
  const words = useTranslations('view');
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<VListHandle>(null);
  const { query, setQuery, shown } = useFound(members);
  const columns = columnsOf(node)[useWidth(box)];
  const rows = useMemo(() => inRows(shown, columns), [shown, columns]);
  const { keepMounted, onFocus } = useMountedRows(rows, list);
  const hasChoices = useChoices() !== null;
  return (
    <div ref={box} className="grid min-w-0 gap-2">
      <SearchBox value={query} onChange={setQuery} count={members.length} found={shown.length} />
      {rows.length === 0 ? <p className="p-3 text-sm text-ink-soft">{words('noneFound')}</p> : null}
      <div data-columns={columns} onFocus={onFocus}>
        <VList
          ref={list}
          role="list"
          // Choices are reached by Tab themselves; without any, the list is what keys scroll.
          tabIndex={hasChoices ? -1 : 0}
          className="overscroll-contain rounded-md"
          style={{ height: `min(70dvh, ${rows.length * 8 + 1}rem)` }}
          data={rows}
          keepMounted={keepMounted}
        >
          {(row, index) => (
            <div
              key={keyOf(row[0] as ViewNode)}
              data-row-index={index}
              className="grid gap-3 p-1 pb-2"
              style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
            >
              {row.map((member, column) => (
                <div
                  key={keyOf(member)}
                  role="listitem"
                  aria-setsize={shown.length}
                  aria-posinset={index * columns + column + 1}
                  className="min-w-0"
                >
                  {draw(member)}
                </div>
              ))}
            </div>
          )}
        </VList>
      </div>
    </div>
  );
}

function plainly(member: ViewNode): ReactNode {
  return <NodeView node={member} />;
}

function inRows(members: readonly ViewNode[], columns: number): ViewNode[][] {
  const rows: ViewNode[][] = [];
  for (let at = 0; at < members.length; at += columns) rows.push(members.slice(at, at + columns));
  return rows;
}
