import { Resvg } from '@resvg/resvg-js';
import sharp, { type Sharp } from 'sharp';
import { randomFor } from '../random.ts';
import { drawScene } from './draw.ts';
import { applyFinish } from './finish/finishes.ts';
import { fontOptions } from './fonts.ts';
import { type SceneName, subjectOf } from './keywords.ts';
import { type PaletteName, paletteOf } from './palettes.ts';
import type { Scene, Stage } from './scene.ts';
import { abstract } from './scenes/abstract.ts';
import { city } from './scenes/city.ts';
import { forest } from './scenes/forest.ts';
import { garden } from './scenes/garden.ts';
import { hills } from './scenes/hills.ts';
import { rain, snow } from './scenes/nature.ts';
import { sea } from './scenes/sea.ts';
import { space } from './scenes/space.ts';
import { table } from './scenes/table.ts';
import { type StyleName, styles } from './styles.ts';
import { titleOverlay } from './title.ts';

export type PictureFormat = 'png' | 'jpeg' | 'webp';

export interface PictureOrder {
  prompt: string;
  seed: number;
  width: number;
  height: number;
  style: StyleName;
  /** Null: the prompt's words decide. */
  palette: PaletteName | null;
  /** Null: likewise. */
  scene: SceneName | null;
  title: string;
  format: PictureFormat;
}

const scenes: Record<SceneName, (stage: Stage) => Scene> = { abstract, city, forest, garden, hills, sea, space, table };

/** Composes and renders one picture: the same bytes for the same order. Busy for about a second a megapixel. */
export async function renderPicture(order: PictureOrder): Promise<Uint8Array> {
  const { prompt, seed, width, height } = order;
  const subject = subjectOf(prompt, randomFor('subject', prompt, seed));
  // Lines of light need colours that shine; grey ones are for who asks for them by name.
  const meant = order.style === 'glow' && subject.palette === 'mono' ? 'neon' : subject.palette;
  const palette = paletteOf(order.palette ?? meant, randomFor('palette', prompt, seed));
  const unit = Math.sqrt(width * height) / 1000;
  const stage: Stage = {
    width,
    height,
    unit,
    random: randomFor('scene', prompt, seed),
    night: palette.night,
    props: subject.props,
  };
  const scene = scenes[order.scene ?? subject.scene](stage);
  if (subject.props.has('snow')) scene.shapes.push(...snow(stage));
  if (subject.props.has('rain')) scene.shapes.push(rain(stage));
  const { look, finish } = styles[order.style];
  const drawing = drawScene({ scene, palette, look, width, height, unit });
  const drawn = new Resvg(drawing, { font: { loadSystemFonts: false }, logLevel: 'off' }).render();
  const pixels = { data: new Uint8ClampedArray(drawn.pixels), width, height };
  applyFinish(finish, pixels, randomFor('finish', prompt, seed).whole(0, 2 ** 30), unit, palette);
  const overlay = titleOverlay(order.title, palette, width, height);
  const raw = sharp(pixels.data, { raw: { width, height, channels: 4 } }).removeAlpha();
  // The title stays crisp: it goes on after brush and paper.
  if (overlay !== '') raw.composite([{ input: titlePicture(overlay, width, height) }]);
  return encode(raw, order.format);
}

function titlePicture(overlay: string, width: number, height: number): Buffer {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${overlay}</svg>`;
  return new Resvg(svg, { font: fontOptions(), logLevel: 'off' }).render().asPng();
}

/** The bytes of a picture in a format, without metadata. */
export async function encode(picture: Sharp, format: PictureFormat): Promise<Uint8Array> {
  if (format === 'jpeg') return picture.jpeg({ quality: 90, mozjpeg: false, chromaSubsampling: '4:4:4' }).toBuffer();
  if (format === 'webp') return picture.webp({ quality: 90 }).toBuffer();
  return picture.png({ compressionLevel: 7, adaptiveFiltering: true }).toBuffer();
}
