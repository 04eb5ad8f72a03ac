import type { ViewNode } from '@wfm/workflow-engine/display';
import type { Annotation } from '@wfm/workflow-engine/models';
import { ArrowDown, ArrowUp, ArrowUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { classNames } from '../../components/class-names.ts';
import { useChoice } from '../choices/choice.tsx';
import { Actions } from '../leaves/actions.tsx';
import { LeafView } from '../leaves/leaf-view.tsx';
import { Marks } from '../marks.tsx';
import { NodeView } from '../node-view.tsx';
import { Notes, useNotes } from '../notes.tsx';
import { inkClass } from '../tone.ts';
import type { Sorting, TableRow, TableShape } from './table-columns.ts';

/** What a row is besides its cells. */
export function useRow(node: ViewNode) {
  return { choice: useChoice(node), notes: useNotes(node) };
}

export function rowLook({ tone }: ViewNode, { rowClass }: ReturnType<typeof useChoice>): string {
  return classNames('align-top transition-colors', inkClass(tone), rowClass);
}

const headClass = 'sticky top-0 z-10 border-b border-line bg-sunken p-0 text-start';

/** The heads of a table's columns: a press sorts, a second one the other way, a third one as it was. */
export function HeadCells({
  shape: { columns, hasNames },
  selects,
  sorting,
  onSort,
  as: Cell = 'th',
}: {
  shape: TableShape;
  selects: boolean;
  sorting: Sorting | null;
  onSort: (sorting: Sorting | null) => void;
  /** In a table that mounts only a part of its rows. */
  as?: 'th' | 'div';
}) {
  const words = useTranslations('view');
  const heads = hasNames ? [{ id: 'name', label: undefined }, ...columns] : columns;
  const role = Cell === 'div' ? { role: 'columnheader' } : { scope: 'col' };
  return (
    <>
      {selects ? (
        <Cell {...role} className={classNames(headClass, 'w-12')}>
          <span className="sr-only">{words('choiceColumn')}</span>
        </Cell>
      ) : null}
      {heads.map(({ id, label }) => {
        const own = sorting?.column === id ? sorting : null;
        const Arrow = own === null ? ArrowUpDown : own.down ? ArrowDown : ArrowUp;
        return (
          <Cell
            key={id}
            {...role}
            aria-sort={own === null ? 'none' : own.down ? 'descending' : 'ascending'}
            className={headClass}
          >
            <button
              type="button"
              title={words('sort')}
              onClick={() => onSort(own?.down ? null : { column: id, down: own !== null })}
              className="group/head flex min-h-11 w-full items-center gap-1 px-3 text-start font-medium text-ink-soft hover:text-ink"
            >
              {label === undefined ? (
                <span className="sr-only">{words(id === 'name' ? 'nameColumn' : 'unnamedColumn')}</span>
              ) : (
                <span data-content dir="auto">
                  {label}
                </span>
              )}
              <Arrow
                aria-hidden
                className={classNames(
                  'size-3.5 shrink-0',
                  own === null && 'opacity-0 group-hover/head:opacity-60 group-focus-visible/head:opacity-60',
                )}
              />
            </button>
          </Cell>
        );
      })}
    </>
  );
}

/** The cells of a row: its control, its name, one for each column; notes and buttons in the last. */
export function RowCells({
  row: { node, cells },
  shape: { columns, hasNames },
  selects,
  control,
  notes,
  as: Cell = 'td',
}: {
  row: TableRow;
  shape: TableShape;
  selects: boolean;
  control: ReactNode;
  notes: readonly Annotation[];
  as?: 'td' | 'div';
}) {
  const role = Cell === 'div' ? { role: 'cell' } : {};
  const cellClass = 'max-w-md min-w-0 border-b border-line px-3 py-2.5 [tr:last-child>&]:border-b-0';
  const isItem = node.children !== undefined;
  return (
    <>
      {selects ? (
        <Cell {...role} className="border-b border-line py-2.5 ps-3">
          {control}
        </Cell>
      ) : null}
      {hasNames ? (
        <Cell {...role} className={classNames(cellClass, 'font-medium')}>
          <span data-content dir="auto">
            {node.label}
          </span>
        </Cell>
      ) : null}
      {columns.map(({ id }, index) => {
        const cell = cells.get(id);
        const isLast = index === columns.length - 1;
        return (
          <Cell key={id} {...role} className={classNames(cellClass, cell?.slot === 'title' && 'font-medium')}>
            {cell === undefined ? null : cell.children || cell.kind === 'block' ? (
              <NodeView node={cell} hideLabel />
            ) : (
              <LeafView node={cell} hideLabel />
            )}
            {isLast && isItem && (notes.length > 0 || node.actions || node.marks) ? (
              <span className="flex flex-wrap items-center gap-1 mt-1">
                <Notes notes={notes} />
                {node.actions === undefined ? null : <Actions node={node} />}
                <Marks node={node} />
              </span>
            ) : null}
          </Cell>
        );
      })}
    </>
  );
}
