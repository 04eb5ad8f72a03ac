import { downloadAddress, isLoadable, mediaAddress } from './media-address.ts';

/** One file among several, with what is known of how it was made. */
export interface MediaItem {
  id: string;
  /** As data carries it. */
  url: string;
  mime: string;
  /** What is to be seen or heard. */
  alt: string;
  width?: number;
  height?: number;
  durationMs?: number;
  /** A still of a film. */
  posterUrl?: string;
  provider?: string;
  seed?: number;
  /** As they were entered when it was made. */
  params?: Readonly<Record<string, unknown>>;
  /** How the form called them. */
  paramLabels?: Readonly<Record<string, string>>;
  /** A word about it: made on a branch that was left. */
  note?: string;
}

export const isFilm = ({ mime }: Pick<MediaItem, 'mime'>): boolean => mime.startsWith('video/');
export const isPicture = ({ mime }: Pick<MediaItem, 'mime'>): boolean => mime.startsWith('image/');

/** Has the browser save a file. A link to another server would open it instead, so its bytes are fetched. */
export async function saveItem({ url, mime, id }: Pick<MediaItem, 'url' | 'mime' | 'id'>): Promise<void> {
  const address = downloadAddress(url);
  if (!isLoadable(address)) return;
  const target = new URL(address, globalThis.location.href);
  if (target.origin === globalThis.location.origin || target.protocol === 'data:') {
    clickLink(address, nameOf(id, mime));
    return;
  }
  const reply = target.protocol === 'blob:' ? await fetch(address) : await fetch(mediaAddress(url));
  const blobUrl = URL.createObjectURL(await reply.blob());
  clickLink(blobUrl, nameOf(id, mime));
  setTimeout(() => URL.revokeObjectURL(blobUrl), 10_000);
}

function clickLink(href: string, name: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
}

const extensions: Record<string, string> = { jpeg: 'jpg', 'svg+xml': 'svg', mpeg: 'mp3', quicktime: 'mov' };

function nameOf(id: string, mime: string): string {
  const [kind = 'file', type = 'bin'] = mime.split(';')[0]?.split('/') ?? [];
  return `${kind}-${id.replaceAll(/[^\w-]/g, '-')}.${extensions[type] ?? type.replaceAll(/\W/g, '')}`;
}
