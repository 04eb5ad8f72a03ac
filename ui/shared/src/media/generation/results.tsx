import { Sparkles } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { EmptyState } from '../../components/surfaces.tsx';
import type { Execution } from '../../interaction/host.ts';
import { Gallery } from '../gallery.tsx';
import { isFilm, isPicture, type MediaItem } from '../media-item.ts';
import { SoundList } from '../sound-list.tsx';
import { useGeneration } from './generation-context.ts';
import type { MadeItem } from './made-items.ts';
import { PendingTiles } from './pending-tiles.tsx';

const isSeen = (item: MediaItem): boolean => isPicture(item) || isFilm(item);

/** What is being made, and what was made, newest first; whatever is there can be used while the rest is on its way. */
export function Results({ items, work }: { items: readonly MadeItem[]; work: readonly Execution[] }) {
  const words = useTranslations('media');
  const { request, executions, chosen, disabled, choose, use, cancel, retry, dismiss, isDismissed } = useGeneration();
  const shown = work.filter(
    ({ status, executionId, error }) =>
      status === 'running' ||
      (status === 'failed' && error?.code !== 'sub_action_cancelled' && !isDismissed(executionId)),
  );
  const seen = items.filter(isSeen);
  const heard = items.filter((item) => !isSeen(item));
  const common = {
    label: request.title,
    chosen: chosen === null ? [] : [chosen],
    onChoose: choose,
    onUse: use,
    disabled,
  };
  return (
    <div className="grid gap-4">
      <PendingTiles executions={shown} all={executions} onCancel={cancel} onRetry={retry} onDismiss={dismiss} />
      {seen.length > 0 ? <Gallery items={seen} {...common} /> : null}
      {heard.length > 0 ? <SoundList items={heard} {...common} /> : null}
      {items.length === 0 && shown.length === 0 ? (
        <EmptyState icon={<Sparkles aria-hidden className="size-6" />} title={words('nothingMade')}>
          {words('nothingMadeText')}
        </EmptyState>
      ) : null}
    </div>
  );
}
