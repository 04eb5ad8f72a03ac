import type { Random } from '../random.ts';
import { type Hex, turn } from './colour.ts';

export interface Palette {
  name: string;
  /** From the top of the picture to its horizon. */
  sky: [Hex, Hex, Hex];
  /** Sun, moon, lit windows. */
  light: Hex;
  /** What is far away, and what is near; everything between is mixed. */
  far: Hex;
  near: Hex;
  accent: Hex;
  accent2: Hex;
  paper: Hex;
  ink: Hex;
  night: boolean;
}

type Row = [sky: string, light: Hex, farNear: string, accents: string, paper: Hex, ink: Hex, night?: 'night'];

const rows = {
  dusk: ['#2a2a5e #a9527c #f7a766', '#ffe6b3', '#a8627f #1b1636', '#ff6f61 #ffd08a', '#f7ead9', '#231a3d'],
  dawn: ['#7fa8cf #f0c3bd #ffe9cb', '#fff6df', '#c3a9bb #2c3d5b', '#e9735f #f7c07c', '#fbf1e4', '#2c3d5b'],
  day: ['#4a9fd0 #9bd0e4 #eef7ea', '#fffbe6', '#9cc4c4 #17513f', '#f0643a #f7c234', '#f7f3e6', '#173f4a'],
  night: ['#070b26 #14295a #3a6c95', '#f7f1d6', '#37608a #040718', '#ffb454 #7fd1e0', '#eef0ea', '#0a1030', 'night'],
  forest: ['#c9dfc0 #dbe9c4 #f8f3d0', '#fffce0', '#a5c29d #0f2e27', '#e59a32 #c4513b', '#f5f1e0', '#12312a'],
  ocean: ['#1b6492 #59b0c6 #dcf0e4', '#fff6d6', '#74b6c2 #062c46', '#ff7a4d #ffd166', '#f3f5ec', '#083350'],
  autumn: ['#e9b97a #f5c98f #fdeccb', '#fff5d8', '#d89a66 #47191d', '#c5352c #e39c38', '#faf0dd', '#47191d'],
  desert: ['#e88f6a #f6bd8f #ffeed6', '#fff6e0', '#dc9066 #56241f', '#1f9a8c #e8bf5b', '#fbf0e0', '#56241f'],
  rose: ['#e8a3b8 #f4bfc4 #fff0e6', '#fff8ee', '#d992a8 #521d3e', '#d4263c #f79b3c', '#fdf1ec', '#521d3e'],
  winter: ['#7f9bb8 #b9cddd #f4f6f7', '#ffffff', '#a6bccf #1b2f44', '#d0465a #eaa943', '#f5f6f4', '#1b2f44'],
  citrus: ['#f9a03f #fcc45f #fff1c9', '#fffbe3', '#f08a5d #2b3a4b', '#12b5a5 #ef476f', '#fff6e0', '#26323f'],
  lagoon: ['#0b3c49 #2a9d8f #e4efc8', '#fffbe0', '#63b7a6 #04222c', '#ff8552 #f4d35e', '#f4f5e6', '#06303a'],
  mono: ['#cfcac1 #dad5cc #f1eee8', '#fffdf8', '#a39d94 #1d1b1a', '#c8102e #8f897f', '#f4f1ea', '#1d1b1a'],
  storm: ['#28323f #586a7c #b4bfc0', '#f3efe0', '#7a8a96 #10171f', '#f2a541 #9fc2cc', '#eeefec', '#151d27', 'night'],
  neon: ['#0b0220 #2b0a4d #7b1f82', '#ffb3ec', '#4a1a78 #06010f', '#00f0d0 #ff5db1', '#f3ecf7', '#12042a', 'night'],
} satisfies Record<string, Row>;

export type PaletteName = keyof typeof rows;
export const paletteNames = Object.keys(rows) as [PaletteName, ...PaletteName[]];

/** A palette by name, its hues turned a little by `random` so that two seeds are not twins. */
export function paletteOf(name: PaletteName, random: Random): Palette {
  const [sky, light, masses, accents, paper, ink, night] = rows[name] as Row;
  const angle = random.between(-9, 9);
  const strength = random.between(0.94, 1.08);
  const tuned = (colours: string): Hex[] => colours.split(' ').map((colour) => turn(colour, angle, strength));
  const [far = ink, near = ink] = tuned(masses);
  const [accent = ink, accent2 = ink] = tuned(accents);
  return {
    name,
    sky: tuned(sky) as Palette['sky'],
    light,
    far,
    near,
    accent,
    accent2,
    paper,
    ink,
    night: night === 'night',
  };
}
