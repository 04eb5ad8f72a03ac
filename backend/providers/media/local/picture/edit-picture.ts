import sharp, { type Sharp } from 'sharp';
import { rgb } from './colour.ts';
import { paletteOf } from './palettes.ts';
import { randomFor } from '../random.ts';
import { grainOf } from './finish/pixels.ts';
import { fontOptions } from './fonts.ts';
import { openPicture } from './open-picture.ts';
import { encode, type PictureFormat } from './render-picture.ts';
import { titleOverlay } from './title.ts';
import { Resvg } from '@resvg/resvg-js';

export const grades = ['none', 'warm', 'cool', 'faded', 'vivid', 'mono', 'sepia'] as const;
export type Grade = (typeof grades)[number];

export interface EditOrder {
  source: Uint8Array;
  grade: Grade;
  /** `#rrggbb`, or null for none. */
  tint: string | null;
  /** 0 to 1: how much of the tint. */
  tintStrength: number;
  /** Sigma in pixels; 0 for none. */
  blur: number;
  grain: number;
  /** Null: as the source. Otherwise the picture is cut to fill it. */
  size: { width: number; height: number } | null;
  flip: boolean;
  title: string;
  seed: number;
  format: PictureFormat;
}

/** Longest side of what comes out when nobody asks for a size. */
const longestSide = 2048;

/** Colour, cut, blur, grain and title upon a picture; the same bytes for the same order. */
export async function editPicture(order: EditOrder): Promise<Uint8Array> {
  const source = await openPicture(order.source);
  const sized =
    order.size === null
      ? source.resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
      : source.resize({ ...order.size, fit: 'cover', position: 'attention' });
  if (order.flip) sized.flop();
  if (order.blur > 0) sized.blur(order.blur);
  const graded = grade(sized.flatten({ background: '#ffffff' }).toColourspace('srgb'), order.grade);
  const { data, info } = await graded.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const tint = order.tint === null ? null : rgb(order.tint);
  const grain = grainOf(order.seed);
  const pixels = new Uint8ClampedArray(width * height * 3);
  for (let i = 0, at = 0; i < width * height; i += 1, at += 3) {
    const noise = order.grain * 46 * grain(i);
    for (let channel = 0; channel < 3; channel += 1) {
      const value = data[i * channels + Math.min(channel, channels - 1)] ?? 0;
      // A tint multiplies: lights take its colour, darks stay.
      const tinted =
        tint === null ? value : value * (1 - order.tintStrength + (order.tintStrength * (tint[channel] ?? 255)) / 255);
      pixels[at + channel] = tinted + noise;
    }
  }
  const picture = sharp(pixels, { raw: { width, height, channels: 3 } });
  const overlay = titleOverlay(order.title, paletteOf('dusk', randomFor(order.seed)), width, height);
  if (overlay !== '') {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${overlay}</svg>`;
    picture.composite([{ input: new Resvg(svg, { font: fontOptions(), logLevel: 'off' }).render().asPng() }]);
  }
  return encode(picture, order.format);
}

function grade(picture: Sharp, name: Grade): Sharp {
  switch (name) {
    case 'none':
      return picture;
    case 'warm':
      return picture.modulate({ saturation: 1.08 }).linear([1.08, 1.01, 0.9], [4, 0, -4]);
    case 'cool':
      return picture.modulate({ saturation: 0.96 }).linear([0.92, 1, 1.09], [-2, 0, 6]);
    case 'faded':
      return picture.modulate({ saturation: 0.72 }).linear(0.82, 30);
    case 'vivid':
      return picture.modulate({ saturation: 1.4 }).linear(1.12, -12);
    case 'mono':
      return picture.modulate({ saturation: 0 }).linear(1.1, -8);
    case 'sepia':
      return picture.modulate({ saturation: 0 }).linear([1.07, 0.95, 0.76], [8, 2, -4]);
  }
}
