import { type PointerEvent, useLayoutEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { classNames } from '../components/class-names.ts';
import { mediaAddress } from './media-address.ts';
import type { MediaItem } from './media-item.ts';

const MOST_ZOOM = 8;

/** The next larger or smaller step of zoom; 1 is the whole picture. */
export function zoomStep(zoom: number, by: 1 | -1): number {
  return Math.min(MOST_ZOOM, Math.max(1, by > 0 ? zoom * 1.5 : zoom / 1.5 < 1.05 ? 1 : zoom / 1.5));
}

/** A picture that can be larger than its place: it is then moved by scrolling, by dragging, or with the arrows. */
export function Zoomable({
  item,
  zoom,
  onZoom,
  className,
}: {
  item: MediaItem;
  zoom: number;
  onZoom: (zoom: number) => void;
  className?: string;
}) {
  const words = useTranslations('media');
  const stage = useRef<HTMLDivElement>(null);
  const before = useRef(1);
  // What was in the middle stays there.
  useLayoutEffect(() => {
    const box = stage.current;
    const factor = zoom / before.current;
    before.current = zoom;
    if (!box || factor === 1) return;
    box.scrollLeft = (box.scrollLeft + box.clientWidth / 2) * factor - box.clientWidth / 2;
    box.scrollTop = (box.scrollTop + box.clientHeight / 2) * factor - box.clientHeight / 2;
  }, [zoom]);
  const drag = useRef<{ x: number; y: number; left: number; top: number } | null>(null);
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const from = drag.current;
    if (!from) return;
    event.currentTarget.scrollLeft = from.left - (event.clientX - from.x);
    event.currentTarget.scrollTop = from.top - (event.clientY - from.y);
  };
  return (
    <div
      ref={stage}
      role="group"
      tabIndex={0}
      data-autofocus
      aria-label={words('picture', { zoom: Math.round(zoom * 100) })}
      onPointerDown={(event) => {
        // A finger scrolls by itself.
        if (event.pointerType !== 'mouse' || event.button !== 0 || zoom === 1) return;
        const { scrollLeft: left, scrollTop: top } = event.currentTarget;
        drag.current = { x: event.clientX, y: event.clientY, left, top };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => (drag.current = null)}
      onPointerCancel={() => (drag.current = null)}
      onDoubleClick={() => onZoom(zoom === 1 ? 2.25 : 1)}
      onWheel={(event) => {
        if (event.ctrlKey) onZoom(zoomStep(zoom, event.deltaY < 0 ? 1 : -1));
      }}
      className={classNames(
        'min-h-0 min-w-0 flex-1 overflow-auto overscroll-contain',
        zoom > 1 && 'cursor-grab active:cursor-grabbing',
        className,
      )}
    >
      <img
        src={mediaAddress(item.url)}
        alt={item.alt}
        draggable={false}
        className="block max-w-none object-contain select-none"
        style={{ width: `${zoom * 100}%`, height: `${zoom * 100}%` }}
      />
    </div>
  );
}
