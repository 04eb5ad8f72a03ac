import { ErrorCard, useCopy, useLate } from '@wfm/shared/app';
import { Button, classNames, Dialog, EmptyState, IconButton, Skeleton } from '@wfm/shared/components';
import { Braces, ChevronRight, Copy, Search } from 'lucide-react';
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { focusWhenMounted } from '../focus-when-mounted.ts';
import { TextBox } from '../text-box.tsx';
import { valueText } from '../value-text.ts';
import { searchState, shortValue, type StateRow, stateRows } from './state-rows.ts';
import { useStateEntries } from './use-state-entries.ts';

const noneOpen: ReadonlySet<string> = new Set();

/** What the run's modules have left behind, live: search, open, copy a path. What comes new moves nothing (U17). */
export function StatePanel() {
  const words = useTranslations('run.state');
  const { entries, version, fresh, error, reload } = useStateEntries();
  const late = useLate(entries === null && !error);
  const [query, setQuery] = useState('');
  const wanted = useDeferredValue(query);
  const [open, setOpen] = useState(noneOpen);
  const found = useMemo(() => {
    if (!entries) return { rows: [], more: false };
    return wanted.trim() === '' ? { rows: stateRows(entries, open), more: false } : searchState(entries, wanted);
    // The entries are written into; their version says when.
  }, [entries, version, open, wanted]);
  const [whole, setWhole] = useState<StateRow | null>(null);
  const toggle = (path: string): void =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(path)) after.add(path);
      return after;
    });
  if (error && !entries) return <ErrorCard error={error} onRetry={reload} />;
  if (!entries) return late ? <Skeleton className="m-3 h-48" /> : null;
  if (entries.size === 0)
    return (
      <EmptyState icon={<Braces aria-hidden className="size-6" />} title={words('empty')}>
        {words('emptyText')}
      </EmptyState>
    );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="border-b border-line p-2">
        <label className="relative block">
          <span className="sr-only">{words('search')}</span>
          <Search aria-hidden className="absolute start-3 top-3.5 size-4 text-ink-faint" />
          <input
            type="search"
            dir="auto"
            value={query}
            placeholder={words('search')}
            onChange={(event) => setQuery(event.target.value)}
            className="min-h-11 w-full rounded-md border border-line bg-ground ps-9 pe-3 text-sm placeholder:text-ink-faint"
          />
        </label>
      </div>
      {found.rows.length === 0 ? (
        <p className="p-4 text-center text-sm text-ink-soft">{words('nothingFits')}</p>
      ) : (
        <StateTree
          rows={found.rows}
          fresh={fresh}
          isSearch={wanted.trim() !== ''}
          onToggle={toggle}
          onShow={setWhole}
        />
      )}
      {whole ? <WholeValue row={whole} onClose={() => setWhole(null)} /> : null}
      {found.more ? (
        <p className="border-t border-line p-2 text-center text-xs text-ink-soft">{words('more')}</p>
      ) : null}
    </div>
  );
}

/** A value that a row has no room for. */
function WholeValue({ row, onClose }: { row: StateRow; onClose: () => void }) {
  const words = useTranslations('run.state');
  const copy = useCopy();
  const text = valueText(row.value);
  return (
    <Dialog
      open
      onClose={onClose}
      title={
        <code className="text-base" data-content dir="ltr">
          {row.path}
        </code>
      }
      footer={
        <Button icon={<Copy aria-hidden className="size-4" />} onClick={() => copy(text)}>
          {words('copyValue')}
        </Button>
      }
    >
      <TextBox code={typeof row.value !== 'string'} className="max-h-[60dvh]">
        {text}
      </TextBox>
    </Dialog>
  );
}

const ROW_PX = 36;

/** A tree of which only the rows in view are mounted; arrow keys walk it, left and right close and open. */
function StateTree({
  rows,
  fresh,
  isSearch,
  onToggle,
  onShow,
}: {
  rows: readonly StateRow[];
  fresh: ReadonlySet<string>;
  isSearch: boolean;
  onToggle: (path: string) => void;
  onShow: (row: StateRow) => void;
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
              fresh.has(row.name) && row.depth === 0 && 'bg-accent-soft transition-colors',
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
              {row.count === undefined || isSearch ? shortValue(row.value) : words('items', { count: row.count })}
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
