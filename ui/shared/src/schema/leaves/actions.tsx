import { printText, type ViewNode } from '@wfm/workflow-engine/display';
import { Copy, Download, ExternalLink, Maximize2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { IconButton } from '../../components/button.tsx';
import { copyText } from '../../core/copy-text.ts';
import { isFilm, isPicture, saveItem } from '../../media/media-item.ts';
import { mediaAddress } from '../../media/media-address.ts';
import { useView } from '../view-context.ts';
import { firstMediaOf } from './media-of.ts';
import { safeLink } from './safe-link.ts';

/** What can be done with a value, or with an item as a whole (format.md 18.2, `actions`). */
export function Actions({ node }: { node: ViewNode }) {
  const words = useTranslations('view');
  const common = useTranslations('common');
  const { onOpenMedia } = useView();
  const { actions = [], path } = node;
  const media = firstMediaOf(node);
  const link = media ? safeLink(mediaAddress(media.url)) : linkOf(node);
  const index = path.findLast((key) => typeof key === 'number');
  const drawn: Record<string, ReactNode> = {
    number:
      typeof index === 'number' ? (
        <span key="number" className="px-1 text-xs leading-8 text-ink-faint tabular-nums">
          {words('numbered', { number: index + 1 })}
        </span>
      ) : null,
    copy: (
      <IconButton
        key="copy"
        size="small"
        label={common('copy')}
        icon={<Copy aria-hidden className="size-4" />}
        onClick={() => void copyText(wholeText(node)).then((done) => done && toast.success(common('copied')))}
      />
    ),
    open:
      link === undefined ? null : (
        <a
          key="open"
          href={link}
          target="_blank"
          rel="noreferrer noopener"
          aria-label={words('open')}
          title={words('open')}
          className="inline-flex size-8 shrink-0 items-center justify-center rounded-md text-ink-soft hover:bg-sunken hover:text-ink"
        >
          <ExternalLink aria-hidden className="size-4" />
        </a>
      ),
    zoom:
      media && onOpenMedia && (isPicture(media) || isFilm(media)) ? (
        <IconButton
          key="zoom"
          size="small"
          label={words('enlarge')}
          icon={<Maximize2 aria-hidden className="size-4" />}
          onClick={() => onOpenMedia(media.url)}
        />
      ) : null,
    download: media ? (
      <IconButton
        key="download"
        size="small"
        label={words('download')}
        icon={<Download aria-hidden className="size-4" />}
        onClick={() => void saveItem(media)}
      />
    ) : null,
  };
  return <span className="-my-1 flex shrink-0 items-center">{actions.map((action) => drawn[action] ?? null)}</span>;
}

/** A leaf is copied as its value has it, an item as a terminal would print it. */
function wholeText(node: ViewNode): string {
  if (node.children) return printText(node);
  const { text, value } = node;
  return text ?? (typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? ''));
}

/** The address that a leaf is, or the first one in an item. */
function linkOf(node: ViewNode): string | undefined {
  const own = safeLink(node.value ?? node.text);
  if (own !== undefined || !node.children) return own;
  for (const child of node.children) {
    const found = linkOf(child);
    if (found !== undefined) return found;
  }
  return undefined;
}
