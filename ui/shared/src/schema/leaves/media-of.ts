import type { ViewNode } from '@wfm/workflow-engine/display';
import type { MediaItem } from '../../media/media-item.ts';
import { slotTitleOf } from '../slots.ts';

const byKind: Readonly<Record<string, string>> = {
  image: 'image/png',
  audio: 'audio/mpeg',
  video: 'video/mp4',
  file: '',
};

/** What a node shows as a picture, a sound, a film or a file: an address, or a record that has one (format.md 15.4). */
export function mediaOf(node: ViewNode, title?: string): MediaItem | undefined {
  const { value, kind } = node;
  if (!Object.hasOwn(byKind, kind)) return undefined;
  const record = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const url = typeof value === 'string' ? value : record['url'];
  if (typeof url !== 'string' || url === '') return undefined;
  const item: MediaItem = {
    id: textOf(record['content_id']) ?? node.path.join('-'),
    url,
    mime: textOf(record['mime']) ?? /^data:([^;,]+)/.exec(url)?.[1] ?? (byKind[kind] || 'application/octet-stream'),
    alt: altOf(node, record, title),
  };
  const { width, height, seed, provider, preview } = record;
  if (typeof width === 'number' && typeof height === 'number') Object.assign(item, { width, height });
  if (typeof seed === 'number') item.seed = seed;
  if (typeof provider === 'string') item.provider = provider;
  if (typeof preview === 'string') item.posterUrl = preview;
  return item;
}

/** What the author says of it comes first, then the title of the item around it (ux.md 3.3, promise 5). */
function altOf({ value, text, kind, label }: ViewNode, record: Record<string, unknown>, title?: string): string {
  const said = typeof value === 'string' && text !== value ? text : undefined;
  const named = textOf(record['title']) ?? textOf(record['filename']);
  const own = textOf(record['alt']) ?? said;
  return own ?? (kind === 'file' ? (named ?? title) : (title ?? named)) ?? label ?? '';
}

/** The first of those at or below a node. */
export function firstMediaOf(node: ViewNode, title?: string): MediaItem | undefined {
  const own = mediaOf(node, title);
  if (own || !node.children) return own;
  const inner = slotTitleOf(node) ?? title;
  for (const child of node.children) {
    const found = firstMediaOf(child, inner);
    if (found) return found;
  }
  return undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
