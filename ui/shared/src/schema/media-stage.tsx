import type { ViewNode } from '@wfm/workflow-engine/display';
import { lazy, Suspense, useSyncExternalStore } from 'react';
import type { MediaItem } from '../media/media-item.ts';
import { useChoices } from './choices/choice-context.ts';
import { choiceKey } from './choices/selection.ts';
import { mediaOf } from './leaves/media-of.ts';
import { slotTitleOf } from './slots.ts';

const Lightbox = lazy(() => import('../media/lightbox.tsx').then((file) => ({ default: file.Lightbox })));

/** A picture, a sound or a film of a view, and the choice on whose card it is. */
export interface StageItem extends MediaItem {
  choice?: string;
}

/** Everything of a view that can be enlarged, in drawing order. */
export function stageItems(node: ViewNode, choice?: string, title?: string): StageItem[] {
  const own = node.select ? choiceKey(node.path) : choice;
  const item = mediaOf(node, title);
  const items = item ? [{ ...item, ...(own === undefined ? {} : { choice: own }) }] : [];
  const inner = slotTitleOf(node) ?? title;
  return [...items, ...(node.children ?? []).flatMap((child) => stageItems(child, own, inner))];
}

/** The view's media large, one among the others; what can be chosen can be chosen there too. */
export function MediaStage({
  items,
  at,
  onAt,
}: {
  items: readonly StageItem[];
  at: number | null;
  onAt: (at: number | null) => void;
}) {
  const acts = useChoices();
  const choice = at === null ? undefined : items[at]?.choice;
  const isChosen = useSyncExternalStore(
    (listener) => (acts && choice !== undefined ? acts.store.subscribe(choice, listener) : () => undefined),
    () => acts !== null && choice !== undefined && acts.store.isChosen(choice),
  );
  if (at === null) return null;
  const canChoose = acts !== null && choice !== undefined && !acts.disabled;
  return (
    <Suspense>
      <Lightbox
        items={items}
        at={at}
        onAt={onAt}
        chosen={isChosen ? [items[at]?.id ?? ''] : []}
        {...(canChoose ? { onChoose: () => acts.toggle(choice) } : {})}
        onClose={() => onAt(null)}
      />
    </Suspense>
  );
}
