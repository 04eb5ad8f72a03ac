import { Columns2 } from 'lucide-react';
import { type KeyboardEvent, lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { Button } from '../components/button.tsx';
import { SearchField } from '../components/search-field.tsx';
import { isShortcut } from '../core/index.ts';
import { gridTarget } from './grid-keys.ts';
import { type MediaItem, saveItem } from './media-item.ts';
import { MediaTile } from './media-tile.tsx';
import { useColumns } from './use-columns.ts';

const Lightbox = lazy(() => import('./lightbox.tsx').then((file) => ({ default: file.Lightbox })));
const CompareDialog = lazy(() => import('./compare-dialog.tsx').then((file) => ({ default: file.CompareDialog })));

export interface GalleryProps {
  items: readonly MediaItem[];
  /** What is in it. */
  label: string;
  /** Ids of what is chosen; without `onChoose` nothing can be. */
  chosen?: readonly string[];
  /** Somebody chooses an item, or takes the choice back. */
  onChoose?: (item: MediaItem) => void;
  /** Puts the settings with which an item was made where more is made. */
  onUse?: (item: MediaItem) => void;
  disabled?: boolean;
}

const LEAST_WIDTH = 180;
const GAP = 12;
/** Above so many, only those that are seen are drawn; above the second number one can search (ux.md 3.3, promise 4). */
const MANY = 60;
const VERY_MANY = 200;
const PAGE_ROWS = 3;

/** Pictures and films as a grid: arrows, Home and End move, Space chooses, Enter shows large, D downloads, C compares. */
export function Gallery({ items, label, chosen = [], onChoose, onUse, disabled = false }: GalleryProps) {
  const words = useTranslations('media');
  const grid = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const [wanted, setWanted] = useState('');
  const [current, setCurrent] = useState<string | null>(null);
  const [opened, setOpened] = useState<number | null>(null);
  const [marked, setMarked] = useState<readonly string[] | null>(null);
  const shown = useMemo(() => matching(items, wanted), [items, wanted]);
  const columns = useColumns(grid, LEAST_WIDTH, GAP);
  const rows = useMemo(
    () => Array.from({ length: Math.ceil(shown.length / columns) }, (_, row) => row),
    [shown, columns],
  );
  const found = shown.findIndex(({ id }) => id === (current ?? chosen[0]));
  const at = Math.max(0, found);
  const isVirtual = shown.length > MANY;
  const [asked, askFocus] = useState(0);

  const live = useRef({ shown, chosen, onChoose, marked, disabled });
  live.current = { shown, chosen, onChoose, marked, disabled };
  const mark = useCallback((index: number) => {
    const id = live.current.shown[index]?.id;
    if (id === undefined) return;
    setMarked((before = []) => {
      const list = before ?? [];
      return list.includes(id) ? list.filter((other) => other !== id) : [...list, id].slice(-2);
    });
  }, []);
  const press = useCallback(
    (index: number) => {
      const { shown: all, onChoose: choose, marked: marks, disabled: isOff } = live.current;
      const item = all[index];
      if (!item) return;
      setCurrent(item.id);
      if (marks) mark(index);
      else if (!choose) setOpened(index);
      else if (!isOff) choose(item);
    },
    [mark],
  );
  const focusOn = useCallback((index: number) => setCurrent(live.current.shown[index]?.id ?? null), []);
  const moveTo = (index: number): void => {
    setCurrent(shown[index]?.id ?? null);
    askFocus((count) => count + 1);
    if (isVirtual) list.current?.scrollToIndex(Math.floor(index / columns), { align: 'nearest' });
  };
  const focusOnCurrent = useRef<(tries: number) => void>(() => undefined);
  focusOnCurrent.current = (tries) => {
    const cell = grid.current?.querySelector<HTMLElement>(`[data-media-index="${at}"]`);
    cell?.focus({ preventScroll: isVirtual });
    // A cell that has just come into view is mounted, measured and shown a few frames later.
    if (document.activeElement !== cell && tries > 0) requestAnimationFrame(() => focusOnCurrent.current(tries - 1));
  };
  useEffect(() => {
    if (asked > 0) focusOnCurrent.current(60);
  }, [asked]);

  const onKey = (event: KeyboardEvent): void => {
    const key = event.nativeEvent;
    if (event.defaultPrevented || !(event.target as HTMLElement).matches('[data-media-index]')) return;
    const take = (act: () => void): void => {
      event.preventDefault();
      act();
    };
    if (isShortcut(key, ' ')) return take(() => press(at));
    if (isShortcut(key, 'Enter')) return take(() => setOpened(at));
    if (isShortcut(key, 'd')) return take(() => void saveItem(shown[at] as MediaItem));
    if (isShortcut(key, 'c')) return take(() => mark(at));
    if (/^[1-9]$/.test(event.key) && isShortcut(key, event.key) && onChoose)
      return take(() => {
        const index = Math.min(shown.length, Number(event.key)) - 1;
        moveTo(index);
        press(index);
      });
    if (!isShortcut(key, event.key)) return undefined;
    const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl';
    const to = gridTarget(event.key, at, { count: shown.length, columns, pageRows: PAGE_ROWS, isRtl });
    if (to !== undefined) take(() => moveTo(to));
  };

  const row = (index: number) => (
    <div
      key={index}
      role="row"
      aria-rowindex={index + 1}
      className="grid gap-3 pb-3"
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {shown.slice(index * columns, (index + 1) * columns).map((item, column) => {
        const own = index * columns + column;
        return (
          <MediaTile
            key={item.id}
            item={item}
            index={own}
            count={shown.length}
            column={column}
            isChosen={chosen.includes(item.id)}
            isMarked={marked?.includes(item.id) ?? false}
            isCurrent={own === at}
            canChoose={onChoose !== undefined}
            isDisabled={disabled}
            onFocus={focusOn}
            onPress={press}
            onOpen={setOpened}
          />
        );
      })}
    </div>
  );
  const pair = marked?.length === 2 ? marked.map((id) => items.find((item) => item.id === id)) : [];
  const [first, second] = pair;
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-2">
        {items.length > VERY_MANY ? (
          <SearchField
            label={words('search')}
            value={wanted}
            onChange={setWanted}
            found={words('found', { count: shown.length })}
            className="min-w-48 flex-1"
          />
        ) : null}
        {items.length > 1 ? (
          <Button
            size="medium"
            look={marked ? 'plain' : 'quiet'}
            aria-pressed={marked !== null}
            icon={<Columns2 aria-hidden className="size-4" />}
            onClick={() => setMarked(marked ? null : [])}
          >
            {words('compare')}
          </Button>
        ) : null}
        {marked ? (
          <span role="status" className="text-sm text-ink-soft">
            {words('markTwo', { count: marked.length })}
          </span>
        ) : null}
      </div>
      <div
        ref={grid}
        role="grid"
        aria-label={label}
        aria-rowcount={rows.length}
        aria-colcount={columns}
        aria-multiselectable={onChoose === undefined ? undefined : false}
        onKeyDown={onKey}
        className={isVirtual ? 'max-h-[min(80dvh,60rem)] overflow-y-auto overscroll-contain p-1' : 'p-1'}
      >
        {isVirtual ? (
          <Virtualizer ref={list} scrollRef={grid} data={rows} keepMounted={[Math.floor(at / columns)]}>
            {row}
          </Virtualizer>
        ) : (
          rows.map(row)
        )}
      </div>
      {shown.length === 0 ? <p className="text-sm text-ink-soft">{words('nothingFound')}</p> : null}
      <Suspense>
        {opened === null ? null : (
          <Lightbox
            items={shown}
            at={opened}
            onAt={setOpened}
            chosen={chosen}
            {...(onChoose === undefined || disabled ? {} : { onChoose })}
            {...(onUse === undefined ? {} : { onUse })}
            onClose={() => {
              setOpened(null);
              moveTo(opened);
            }}
          />
        )}
        {first && second ? (
          <CompareDialog
            items={[first, second]}
            chosen={chosen}
            {...(onChoose === undefined || disabled ? {} : { onChoose })}
            onClose={() => {
              setMarked(null);
              moveTo(shown.indexOf(second));
            }}
          />
        ) : null}
      </Suspense>
    </div>
  );
}

/** Items in whose words, provider or seed the text is found. */
function matching(items: readonly MediaItem[], wanted: string): readonly MediaItem[] {
  const needle = wanted.trim().toLowerCase();
  if (needle === '') return items;
  return items.filter((item) =>
    `${item.alt}\n${item.provider ?? ''}\n${item.seed ?? ''}`.toLowerCase().includes(needle),
  );
}
