import { Download, SlidersHorizontal } from 'lucide-react';
import { useId } from 'react';
import { useTranslations } from 'use-intl';
import { IconButton } from '../components/button.tsx';
import { classNames } from '../components/class-names.ts';
import type { GalleryProps } from './gallery.tsx';
import { saveItem } from './media-item.ts';
import { MediaView } from './media-view.tsx';

/** Sounds, and files of other kinds, one below the other: each is played in its place. */
export function SoundList({ items, label, chosen = [], onChoose, onUse, disabled = false }: GalleryProps) {
  const words = useTranslations('media');
  const group = useId();
  return (
    <ul aria-label={label} className="grid gap-3">
      {items.map((item, index) => {
        const isChosen = chosen.includes(item.id);
        return (
          <li
            key={item.id}
            className={classNames(
              'grid gap-1 rounded-md border bg-surface p-2',
              isChosen ? 'border-accent ring-2 ring-accent' : 'border-line',
            )}
          >
            <div className="flex items-center gap-2">
              <label className="flex min-h-11 min-w-0 flex-1 items-center gap-3 px-1 text-sm">
                {onChoose ? (
                  <input
                    type="radio"
                    name={group}
                    checked={isChosen}
                    disabled={disabled}
                    onChange={() => onChoose(item)}
                    className="size-5 shrink-0 accent-accent"
                  />
                ) : null}
                <span className="text-ink-soft tabular-nums">
                  {words('ofAll', { index: index + 1, count: items.length })}
                </span>
                <span className="line-clamp-2" data-content dir="auto">
                  {item.alt}
                </span>
                {item.note === undefined ? null : <span className="text-xs text-ink-soft">{item.note}</span>}
              </label>
              {onUse ? (
                <IconButton
                  label={words('useSettings')}
                  icon={<SlidersHorizontal aria-hidden className="size-4" />}
                  onClick={() => onUse(item)}
                />
              ) : null}
              <IconButton
                label={words('download')}
                icon={<Download aria-hidden className="size-4" />}
                onClick={() => void saveItem(item)}
              />
            </div>
            <MediaView url={item.url} mime={item.mime} alt={item.alt} className="max-w-none" />
          </li>
        );
      })}
    </ul>
  );
}
