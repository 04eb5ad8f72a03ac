import { ChevronRight, Copy } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { useCopy } from '../app/use-copy.ts';
import { IconButton } from '../components/button.tsx';
import { classNames } from '../components/class-names.ts';
import { focusWhenMounted } from './focus-when-mounted.ts';
import { shortValue, type StateRow } from './state-rows.ts';

const ROW_PX = 36;

/** A tree of which only the rows in view are mounted; arrow keys walk it, left and right close and open. */
export function StateTree({
  rows,
  fresh,
  isSearch,
  onToggle,
  onShow,
  isMarked,
  unset,
}: {
  rows: readonly StateRow[];
  fresh: ReadonlySet<string>;
  isSearch: boolean;
  onToggle: (path: string) => void;
  onShow: (row: StateRow) => void;
  /** The row that something beside the tree tells of. */
  isMarked?: (row: StateRow) => boolean;
  /** What stands for a value that is not there. */
  unset?: string;
}) {
  const words = useTranslations('run.state');
  const copy = useCopy();
  const list = useRef<VirtualizerHandle>(null);
  const [lastAt, setAt] = useState(0);
  // A search leaves fewer rows; one of them is still the one that Tab leads to.
  const at = Math.min(lastAt, rows.length - 1);
  const box = useRef<HTMLDivElement>(null);
  const focusRow = (index: number): void => {
    const next = Math.max(0, Math.min(index, rows.length - 1));
    setAt(next);
    list.current?.scrollToIndex(next, { align: 'nearest' });
    if (box.current) focusWhenMounted(`[data-row="${next}"]`, box.current);
  };
  const open = (row: StateRow): void => {
    if (row.count === undefined || isSearch) onShow(row);
    else onToggle(row.path);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[at];
    if (!row || event.nativeEvent.isComposing) return;
    const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const back = forward === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
    const acts: Record<string, () => void> = {
      ArrowDown: () => focusRow(at + 1),
      ArrowUp: () => focusRow(at - 1),
      Home: () => focusRow(0),
      End: () => focusRow(rows.length - 1),
      [forward]: () => (row.count !== undefined && !row.isOpen ? onToggle(row.path) : focusRow(at + 1)),
      [back]: () => (row.isOpen ? onToggle(row.path) : focusRow(parentOf(rows, at))),
      Enter: () => open(row),
      ' ': () => open(row),
      c: () => {
        if (!event.ctrlKey && !event.metaKey) copy(row.path);
      },
    };
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <div
      ref={box}
      role="tree"
      aria-label={words('title')}
      onKeyDown={onKeyDown}
      className="min-h-0 flex-1 overflow-auto"
    >
      <Virtualizer ref={list} data={rows} itemSize={ROW_PX} keepMounted={[at]}>
        {(row, index) => (
          <div
            key={row.path}
            role="treeitem"
            data-row={index}
            tabIndex={index === at ? 0 : -1}
            aria-level={row.depth + 1}
            aria-setsize={rows.length}
            aria-posinset={index + 1}
            aria-selected={index === at}
            {...(row.count === undefined || isSearch ? {} : { 'aria-expanded': row.isOpen })}
            onFocus={() => setAt(index)}
            onClick={() => open(row)}
            className={classNames(
              'group flex min-h-9 cursor-default items-center gap-1 pe-1 text-sm -outline-offset-2 hover:bg-sunken',
              ((fresh.has(row.name) && row.depth === 0) || isMarked?.(row)) && 'bg-accent-soft transition-colors',
            )}
            style={{ paddingInlineStart: `${0.5 + Math.min(row.depth, 10) * 0.875}rem` }}
          >
            <ChevronRight
              aria-hidden
              className={classNames(
                'size-3.5 shrink-0 text-ink-faint rtl:-scale-x-100',
                row.isOpen && 'rotate-90 rtl:rotate-90',
                (row.count === undefined || isSearch) && 'invisible',
              )}
            />
            <span className="max-w-[60%] shrink-0 truncate font-mono text-xs" data-content dir="ltr" title={row.path}>
              {row.name}
            </span>
            <span className="min-w-0 flex-1 truncate text-xs text-ink-soft" data-content dir="auto">
              {row.value === undefined && unset !== undefined
                ? unset
                : row.count === undefined || isSearch
                  ? shortValue(row.value)
                  : words('items', { count: row.count })}
            </span>
            <IconButton
              size="small"
              tabIndex={-1}
              label={words('copyPath', { path: row.path })}
              icon={<Copy aria-hidden className="size-3.5" />}
              className="opacity-0 group-hover:opacity-100 group-focus-within:opacity-100 group-focus:opacity-100 pointer-coarse:opacity-100"
              onClick={(event) => {
                event.stopPropagation();
                copy(row.path);
              }}
            />
          </div>
        )}
      </Virtualizer>
    </div>
  );
}

function parentOf(rows: readonly StateRow[], at: number): number {
  const depth = rows[at]?.depth ?? 0;
  for (let index = at - 1; index >= 0; index -= 1) if ((rows[index]?.depth ?? 0) < depth) return index;
  return at;
}
