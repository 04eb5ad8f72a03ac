import { API_URL, VIRTUAL_API_URL } from '../core/index.ts';

/** Widths in which the server makes small pictures (api.md). */
export type ThumbnailWidth = 160 | 320 | 640;

const kept = /^\/workflow\/[^/?#]+\/media\/[^/?#]+$/;

/**
 * Where a file is to be had: `url` as data carries it, absolute or below the server that keeps it. With a width a small
 * picture, where the server makes one.
 */
export function mediaAddress(url: string, width?: ThumbnailWidth): string {
  if (!url.startsWith('/')) return url;
  if (url.startsWith('/mock-media/')) return VIRTUAL_API_URL + url;
  return width !== undefined && kept.test(url) ? `${API_URL}${url}?w=${width}` : API_URL + url;
}

/** The same file, to be saved instead of shown. */
export function downloadAddress(url: string): string {
  return kept.test(url) ? `${API_URL}${url}?download=1` : mediaAddress(url);
}

/** Where the shape of a sound is to be asked for; undefined where nobody measures it. */
export function peaksPath(url: string): string | undefined {
  const path = API_URL !== '' && url.startsWith(`${API_URL}/`) ? url.slice(API_URL.length) : url;
  return kept.test(path) ? `${path}/peaks` : undefined;
}

/** True for what the page may load: its own servers' files and bytes that it holds already (ux.md 2.6). */
export function isLoadable(address: string): boolean {
  const url = URL.parse(address, globalThis.location.href);
  if (!url) return false;
  if (url.protocol === 'data:' || url.protocol === 'blob:') return true;
  return [globalThis.location.href, API_URL, VIRTUAL_API_URL].some((own) => URL.parse(own)?.origin === url.origin);
}

/** True for an address that may stand behind a link. */
export function isLink(address: string): boolean {
  return /^https?:$/.test(URL.parse(address, globalThis.location.href)?.protocol ?? '');
}

/** Kinds of which the server makes small pictures; a drawing stays sharp at any size by itself. */
const shrinkable = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/avif']);

/** A picture at about the size at which it is shown. */
export function pictureAddress(url: string, mime: string, width?: ThumbnailWidth): string {
  return mediaAddress(url, shrinkable.has(mime) ? width : undefined);
}
