import type { ViewNode } from '@wfm/workflow-engine/display';
import { Maximize2 } from 'lucide-react';
import { useContext } from 'react';
import { useTranslations } from 'use-intl';
import { IconButton } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { isFilm, isPicture } from '../../media/media-item.ts';
import { MediaView } from '../../media/media-view.tsx';
import { useChoices } from '../choices/choice-context.ts';
import { TitleContext, useView } from '../view-context.ts';
import { mediaOf } from './media-of.ts';
import { TextLeaf } from './text-leaf.tsx';

/** How a picture fits: whole, as the head of a card, or small in a cell. */
export type MediaFit = 'whole' | 'head' | 'small';

const pictures: Record<MediaFit, string> = {
  whole: 'max-h-96 w-auto! max-w-full rounded-md object-contain',
  head: 'aspect-[3/2] max-h-none w-full rounded-md bg-sunken object-cover',
  small: 'h-16! w-24! rounded-sm bg-sunken object-cover',
};
const places: Record<MediaFit, string> = { whole: 'w-fit max-w-full', head: '', small: 'w-24' };

/** A picture, a sound, a film or a file. On a card that is chosen by pressing it, it is enlarged by a button of its own. */
export function MediaLeaf({ node, fit }: { node: ViewNode; fit?: MediaFit | undefined }) {
  const words = useTranslations('view');
  const { onOpenMedia, compact } = useView();
  const isChoice = useChoices() !== null;
  const item = mediaOf(node, useContext(TitleContext));
  if (!item) return <TextLeaf node={node} />;
  const captions = node.settings?.['captions'];
  const open = onOpenMedia ? () => onOpenMedia(item.url) : undefined;
  const fitting = fit ?? (compact ? 'small' : 'whole');
  const hasButton = isChoice && open !== undefined && fitting !== 'small' && (isPicture(item) || isFilm(item));
  return (
    <div className={classNames('relative', isPicture(item) && places[fitting])}>
      <MediaView
        url={item.url}
        mime={item.mime}
        alt={item.alt}
        width={fitting === 'small' ? 160 : 640}
        {...(item.width === undefined || item.height === undefined
          ? {}
          : { size: { width: item.width, height: item.height } })}
        {...(isPicture(item) ? { className: pictures[fitting] } : {})}
        {...(typeof captions === 'string' && captions !== '' ? { captionsUrl: captions } : {})}
        {...(item.posterUrl === undefined ? {} : { posterUrl: item.posterUrl })}
        {...(open && !isChoice ? { onOpen: open } : {})}
      />
      {hasButton ? (
        <IconButton
          label={words('enlarge')}
          look="plain"
          size="small"
          icon={<Maximize2 aria-hidden className="size-4" />}
          onClick={open}
          className="absolute end-2 top-2"
        />
      ) : null}
    </div>
  );
}
