import sharp, { type Sharp } from 'sharp';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { CropRegion } from '@wfm/workflow-engine/models';
import { pictureLimits, tooLargeError, unusableError } from './accepted-types.ts';

/** Work on pictures. Decoding happens on threads of sharp's own, never on the event loop. */

/** Width and height as a viewer sees them. Reads the header only. Throws `content_too_large`, `provider_failed`. */
export async function pictureSize(bytes: Uint8Array): Promise<{ width: number; height: number }> {
  const found = await sharp(bytes, { limitInputPixels: false, failOn: 'none' })
    .metadata()
    .catch((cause: unknown) => {
      throw unusableError('The file looks like a picture and cannot be read as one.', cause);
    });
  const { width, height } = found.autoOrient;
  const side = Math.max(width, height);
  if (side > pictureLimits.side) throw tooLargeError('pixels on a side', pictureLimits.side, side);
  if (width * height > pictureLimits.pixels) throw tooLargeError('pixels', pictureLimits.pixels, width * height);
  return { width, height };
}

/** A small WebP of that width, or of the picture's own where that is less; the first frame of an animation. */
export async function shrinkPicture(bytes: Uint8Array, width: number): Promise<Uint8Array> {
  await pictureSize(bytes);
  return await open(bytes)
    .resize({ width, withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer()
    .catch((cause: unknown) => {
      throw unusableError('The picture cannot be decoded.', cause);
    });
}

/**
 * Part of a picture, in pixels of the picture as a viewer sees it. JPEG, PNG and WebP stay what they are; others become
 * PNG. Throws `crop_invalid` where the region is not inside, `content_too_large`, `provider_failed`.
 */
export async function cropPicture(
  bytes: Uint8Array,
  region: CropRegion,
): Promise<{ data: Uint8Array; mime: string; width: number; height: number }> {
  const { width, height } = await pictureSize(bytes);
  const isWhole = [region.x, region.y, region.width, region.height].every(Number.isSafeInteger);
  const isInside =
    isWhole &&
    region.x >= 0 &&
    region.y >= 0 &&
    region.width >= 1 &&
    region.height >= 1 &&
    region.x + region.width <= width &&
    region.y + region.height <= height;
  if (!isInside) {
    throw new WfmError('crop_invalid', `The region is not inside the picture, which is ${width} by ${height} pixels.`, {
      params: { width, height, crop_region: { ...region } },
    });
  }
  const cut = open(bytes).extract({ left: region.x, top: region.y, width: region.width, height: region.height });
  const { data, info } = await inItsFormat(cut, bytes)
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw unusableError('The picture cannot be decoded.', cause);
    });
  return { data, mime: `image/${info.format}`, width: info.width, height: info.height };
}

function open(bytes: Uint8Array): Sharp {
  return sharp(bytes, { limitInputPixels: pictureLimits.pixels, pages: 1 }).autoOrient();
}

function inItsFormat(picture: Sharp, bytes: Uint8Array): Sharp {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return picture.jpeg({ quality: 92 });
  if (bytes[0] === 0x52 && bytes[8] === 0x57) return picture.webp({ quality: 92 });
  return picture.png();
}
