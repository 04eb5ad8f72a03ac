import { Check, Columns2, Maximize2, Play } from 'lucide-react';
import { memo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { classNames } from '../components/class-names.ts';
import { mediaAddress, pictureAddress } from './media-address.ts';
import { isFilm, type MediaItem } from './media-item.ts';

export interface TileProps {
  item: MediaItem;
  index: number;
  /** Of all, for those who hear the grid. */
  count: number;
  column: number;
  isChosen: boolean;
  isMarked: boolean;
  /** True for the one cell that Tab reaches. */
  isCurrent: boolean;
  canChoose: boolean;
  isDisabled: boolean;
  onFocus: (index: number) => void;
  /** The tile itself is pressed: it is chosen, or opened where nothing is chosen. */
  onPress: (index: number) => void;
  onOpen: (index: number) => void;
}

/** One cell of a gallery. */
export const MediaTile = memo(function MediaTile(props: TileProps) {
  const { item, index, count, column, isChosen, isMarked, isCurrent, canChoose, isDisabled } = props;
  const words = useTranslations('media');
  const name = words('nth', { index: index + 1, count, name: item.alt });
  return (
    <div
      role="gridcell"
      aria-colindex={column + 1}
      aria-label={isMarked ? words('nthMarked', { name }) : name}
      aria-selected={canChoose ? isChosen : undefined}
      aria-disabled={isDisabled || undefined}
      data-media-index={index}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={() => props.onFocus(index)}
      onClick={() => props.onPress(index)}
      onDoubleClick={() => props.onOpen(index)}
      className={classNames(
        'group relative grid aspect-square cursor-pointer place-items-center overflow-hidden rounded-md border bg-sunken',
        isChosen ? 'border-accent ring-2 ring-accent' : 'border-line hover:border-line-strong',
        isMarked && 'outline-2 outline-offset-2 outline-warn outline-dashed',
      )}
    >
      <Still item={item} />
      {isFilm(item) ? (
        <Play
          aria-hidden
          className="absolute size-10 rounded-full bg-surface/85 p-2.5 text-ink shadow-1"
          fill="currentColor"
        />
      ) : null}
      {isChosen ? (
        <Check
          aria-hidden
          className="absolute start-2 top-2 size-6 rounded-full bg-accent p-1 text-on-accent shadow-1"
        />
      ) : null}
      {isMarked ? (
        <Columns2 aria-hidden className="absolute start-2 bottom-2 size-6 rounded-full bg-warn p-1 text-surface" />
      ) : null}
      {item.note === undefined ? null : (
        <span className="absolute inset-x-2 bottom-2 truncate rounded-sm bg-surface/90 px-2 py-0.5 text-xs text-ink-soft">
          {item.note}
        </span>
      )}
      {/* With keys this is Enter on the tile. */}
      <span
        aria-hidden
        title={words('enlarge')}
        onClick={(event) => {
          event.stopPropagation();
          props.onOpen(index);
        }}
        className="absolute end-0 top-0 grid size-11 place-items-center"
      >
        <Maximize2 className="size-8 rounded-md bg-surface/85 p-2 text-ink shadow-1 transition-colors hover:bg-surface" />
      </span>
    </div>
  );
});

function Still({ item }: { item: MediaItem }) {
  const words = useTranslations('media');
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return <span className="p-3 text-center text-xs text-ink-soft">{words('cannotShow')}</span>;
  if (isFilm(item) && item.posterUrl === undefined)
    return (
      <video muted playsInline preload="metadata" src={mediaAddress(item.url)} className="size-full object-contain" />
    );
  const [url, mime] = isFilm(item) ? [item.posterUrl ?? '', 'image/png'] : [item.url, item.mime];
  return (
    <img
      src={pictureAddress(url, mime, 320)}
      alt=""
      draggable={false}
      loading="lazy"
      decoding="async"
      onError={() => setBroken(true)}
      className="size-full object-contain"
    />
  );
}
