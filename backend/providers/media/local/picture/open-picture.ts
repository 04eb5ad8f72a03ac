import { fileTypeFromBuffer } from 'file-type';
import sharp, { type Sharp } from 'sharp';

/** Formats that a source may have; SVG and documents are not among them, because their readers may follow references. */
export const sourceMimes = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif'];

/** A picture of somebody else's for work on it, upright. Judged by its bytes, whatever it was called; throws for others. */
export async function openPicture(source: Uint8Array): Promise<Sharp> {
  const type = await fileTypeFromBuffer(source);
  if (type === undefined || !sourceMimes.includes(type.mime))
    throw new Error('it is no PNG, JPEG, WebP, GIF or AVIF picture');
  return sharp(source, { limitInputPixels: 50_000_000, failOn: 'error', animated: false }).rotate();
}
