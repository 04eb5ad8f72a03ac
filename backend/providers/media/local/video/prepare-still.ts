import { openPicture } from '../picture/open-picture.ts';

export interface StillOrder {
  source: Uint8Array;
  width: number;
  height: number;
}

/**
 * A still cut to fill twice the frame: a camera that moves over it in whole pixels of a larger picture does not shake
 *. Decoding it here also keeps foreign formats away from ffmpeg.
 */
export async function prepareStill(order: StillOrder): Promise<Uint8Array> {
  const source = await openPicture(order.source);
  return source
    .resize({ width: order.width * 2, height: order.height * 2, fit: 'cover', position: 'attention' })
    .flatten({ background: '#000000' })
    .toColourspace('srgb')
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
