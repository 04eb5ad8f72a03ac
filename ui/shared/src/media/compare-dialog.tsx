import { Check, X, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button, IconButton } from '../components/button.tsx';
import { isShortcut } from '../core/index.ts';
import { ItemFacts } from './item-facts.tsx';
import { LargeDialog } from './large-dialog.tsx';
import { isPicture, type MediaItem } from './media-item.ts';
import { MediaView } from './media-view.tsx';
import { Zoomable, zoomStep } from './zoomable.tsx';

/** Two items side by side, equally large, with what differs in how they were made. */
export function CompareDialog({
  items,
  chosen,
  onChoose,
  onClose,
}: {
  items: readonly [MediaItem, MediaItem];
  chosen: readonly string[];
  onChoose?: (item: MediaItem) => void;
  onClose: () => void;
}) {
  const words = useTranslations('media');
  const common = useTranslations('common');
  const [zoom, setZoom] = useState(1);
  const onKey = (event: KeyboardEvent): void => {
    const to = { '+': zoomStep(zoom, 1), '-': zoomStep(zoom, -1), '0': 1 }[event.key];
    if (to === undefined || !isShortcut(event.nativeEvent, event.key)) return;
    event.preventDefault();
    setZoom(to);
  };
  const pairs = [
    [items[0], items[1]],
    [items[1], items[0]],
  ] as const;
  return (
    <LargeDialog label={words('compareTitle')} onClose={onClose} onKeyDown={onKey}>
      <header className="flex items-center gap-1 border-b border-line bg-surface px-2 py-1 sm:px-4">
        <h2 className="me-auto text-sm font-semibold">{words('compareTitle')}</h2>
        <IconButton
          label={words('zoomOut')}
          icon={<ZoomOut aria-hidden className="size-5" />}
          onClick={() => setZoom(zoomStep(zoom, -1))}
        />
        <IconButton
          label={words('zoomIn')}
          icon={<ZoomIn aria-hidden className="size-5" />}
          onClick={() => setZoom(zoomStep(zoom, 1))}
        />
        <IconButton label={common('close')} icon={<X aria-hidden className="size-5" />} onClick={onClose} />
      </header>
      <div className="grid min-h-0 flex-1 auto-rows-fr gap-px bg-line sm:grid-cols-2 sm:grid-rows-1">
        {pairs.map(([item, other], index) => {
          const isChosen = chosen.includes(item.id);
          return (
            <section
              key={item.id}
              aria-label={words('nth', { index: index + 1, count: 2, name: item.alt })}
              className="flex min-h-0 flex-col gap-3 bg-ground p-2 sm:p-4"
            >
              {isPicture(item) ? (
                <Zoomable item={item} zoom={zoom} onZoom={setZoom} />
              ) : (
                <div className="grid flex-1 place-items-center">
                  <MediaView url={item.url} mime={item.mime} alt={item.alt} />
                </div>
              )}
              <div
                tabIndex={0}
                role="group"
                aria-label={words('facts')}
                className="max-h-[25dvh] shrink-0 overflow-auto"
              >
                <ItemFacts item={item} against={other} />
              </div>
              {onChoose ? (
                <Button
                  look={isChosen ? 'plain' : 'primary'}
                  aria-pressed={isChosen}
                  icon={<Check aria-hidden className="size-4" />}
                  className="shrink-0 self-center"
                  onClick={() => onChoose(item)}
                >
                  {isChosen ? words('chosen') : words('choose')}
                </Button>
              ) : null}
            </section>
          );
        })}
      </div>
    </LargeDialog>
  );
}
