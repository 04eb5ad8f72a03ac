import { Check, ChevronLeft, ChevronRight, Download, Info, SlidersHorizontal, X, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button, IconButton } from '../components/button.tsx';
import { isShortcut } from '../core/index.ts';
import { ItemFacts } from './item-facts.tsx';
import { LargeDialog } from './large-dialog.tsx';
import { isPicture, type MediaItem, saveItem } from './media-item.ts';
import { MediaView } from './media-view.tsx';
import { Zoomable, zoomStep } from './zoomable.tsx';

export interface LightboxProps {
  items: readonly MediaItem[];
  at: number;
  onAt: (index: number) => void;
  chosen?: readonly string[];
  onChoose?: (item: MediaItem) => void;
  onUse?: (item: MediaItem) => void;
  onClose: () => void;
}

/** One item large, among its neighbours; closing gives the focus back to whoever opened it. */
export function Lightbox({ items, at, onAt, chosen = [], onChoose, onUse, onClose }: LightboxProps) {
  const words = useTranslations('media');
  const common = useTranslations('common');
  const [zoom, setZoom] = useState(1);
  const [withFacts, setWithFacts] = useState(false);
  const item = items[at];
  const place = useRef<HTMLDivElement>(null);
  // A film after a picture is another element: the keys must not go astray with the one that had the focus.
  useEffect(() => {
    if (document.activeElement === document.body)
      place.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
  }, [item?.id]);
  if (!item) return null;
  const isChosen = chosen.includes(item.id);
  const go = (to: number): void => {
    setZoom(1);
    onAt(Math.min(items.length - 1, Math.max(0, to)));
  };
  const onKey = (event: KeyboardEvent): void => {
    const press = event.nativeEvent;
    const isControl = (event.target as HTMLElement).closest('button, audio, video, [role="slider"]') !== null;
    const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const backward = forward === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight';
    const acts: [string, () => void, boolean?][] = [
      // Enlarged, the arrows move the picture itself.
      [forward, () => go(at + 1), zoom === 1 && !isControl],
      [backward, () => go(at - 1), zoom === 1 && !isControl],
      ['PageDown', () => go(at + 1)],
      ['PageUp', () => go(at - 1)],
      ['Home', () => go(0), !isControl],
      ['End', () => go(items.length - 1), !isControl],
      ['+', () => setZoom(zoomStep(zoom, 1))],
      ['-', () => setZoom(zoomStep(zoom, -1))],
      ['0', () => setZoom(1)],
      ['d', () => void saveItem(item)],
      ['i', () => setWithFacts(!withFacts)],
      [' ', () => onChoose?.(item), onChoose !== undefined && !isControl],
    ];
    const act = acts.find(([key, , applies = true]) => applies && isShortcut(press, key));
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act[1]();
  };
  return (
    <LargeDialog
      label={words('nth', { index: at + 1, count: items.length, name: item.alt })}
      onClose={onClose}
      onKeyDown={onKey}
    >
      <header className="flex items-center border-b border-line bg-surface px-2 py-1 sm:gap-1 sm:px-4">
        <p aria-live="polite" className="me-auto flex min-w-0 flex-1 items-baseline gap-3">
          <span className="text-sm whitespace-nowrap text-ink-soft tabular-nums">
            {words('ofAll', { index: at + 1, count: items.length })}
          </span>
          <span className="truncate text-sm font-medium" data-content dir="auto">
            {item.alt}
          </span>
        </p>
        {isPicture(item) ? (
          <>
            <IconButton
              label={words('zoomOut')}
              icon={<ZoomOut aria-hidden className="size-5" />}
              aria-disabled={zoom === 1}
              onClick={() => setZoom(zoomStep(zoom, -1))}
            />
            <IconButton
              label={words('zoomIn')}
              icon={<ZoomIn aria-hidden className="size-5" />}
              onClick={() => setZoom(zoomStep(zoom, 1))}
            />
          </>
        ) : null}
        <IconButton
          label={words('facts')}
          icon={<Info aria-hidden className="size-5" />}
          aria-pressed={withFacts}
          onClick={() => setWithFacts(!withFacts)}
        />
        <IconButton
          label={words('download')}
          icon={<Download aria-hidden className="size-5" />}
          onClick={() => void saveItem(item)}
        />
        <IconButton label={common('close')} icon={<X aria-hidden className="size-5" />} onClick={onClose} />
      </header>
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <div ref={place} className="relative flex min-h-0 flex-1 items-center justify-center p-2 sm:p-4">
          {isPicture(item) ? (
            <Zoomable item={item} zoom={zoom} onZoom={setZoom} className="size-full" />
          ) : (
            <div tabIndex={-1} data-autofocus className="w-full max-w-4xl outline-none">
              <MediaView
                url={item.url}
                mime={item.mime}
                alt={item.alt}
                className="max-h-[75dvh]"
                {...(item.posterUrl === undefined ? {} : { posterUrl: item.posterUrl })}
              />
            </div>
          )}
          {at > 0 ? <Step side="start" label={words('previous')} onClick={() => go(at - 1)} /> : null}
          {at < items.length - 1 ? <Step side="end" label={words('next')} onClick={() => go(at + 1)} /> : null}
        </div>
        {withFacts ? (
          <aside
            aria-label={words('facts')}
            tabIndex={0}
            className="max-h-[40dvh] overflow-auto border-line bg-surface p-4 max-lg:border-t lg:max-h-none lg:w-80 lg:border-s"
          >
            <ItemFacts item={item} />
          </aside>
        ) : null}
      </div>
      {onChoose || onUse ? (
        <footer className="flex flex-wrap items-center justify-center gap-2 border-t border-line bg-surface px-2 py-2">
          {onChoose ? (
            <Button
              look={isChosen ? 'plain' : 'primary'}
              aria-pressed={isChosen}
              icon={<Check aria-hidden className="size-4" />}
              onClick={() => onChoose(item)}
            >
              {isChosen ? words('chosen') : words('choose')}
            </Button>
          ) : null}
          {onUse && item.params ? (
            <Button
              icon={<SlidersHorizontal aria-hidden className="size-4" />}
              onClick={() => {
                onClose();
                onUse(item);
              }}
            >
              {words('useSettings')}
            </Button>
          ) : null}
        </footer>
      ) : null}
    </LargeDialog>
  );
}

function Step({ side, label, onClick }: { side: 'start' | 'end'; label: string; onClick: () => void }) {
  const Icon = side === 'start' ? ChevronLeft : ChevronRight;
  return (
    <IconButton
      label={label}
      icon={<Icon aria-hidden className="size-6 rtl:-scale-x-100" />}
      look="plain"
      onClick={onClick}
      className={
        side === 'start' ? 'absolute start-2 top-1/2 -translate-y-1/2' : 'absolute end-2 top-1/2 -translate-y-1/2'
      }
    />
  );
}
