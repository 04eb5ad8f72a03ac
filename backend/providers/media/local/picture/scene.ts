import type { Random } from '../random.ts';

/** What a picture shows, before a style decides how it is drawn. */

export type Tint = 'mass' | 'light' | 'accent' | 'accent2' | 'paper' | 'ink' | 'sky';

export interface Shape {
  /** SVG path data, in pixels. */
  d: string;
  tint: Tint;
  /** 0 far away, 1 nearest: how much haze lies over it. */
  depth: number;
  /** -1 darkest to 1 lightest, of its own colour. */
  shade?: number;
  /** Its upper and lower end: it dissolves into haze towards the lower one. */
  haze?: [top: number, bottom: number];
  opacity?: number;
  /** A line of this width instead of a filled shape. */
  line?: number;
  /** Blurred by this many pixels: light, mist, steam. */
  soft?: number;
  /** Detail upon another shape: casts no shadow of its own and gets no outline. */
  detail?: boolean;
}

export interface Sun {
  x: number;
  y: number;
  radius: number;
}

export interface Scene {
  /** Where sky ends, in pixels from the top; the bottom where there is only sky. */
  horizon: number;
  /** What gives the light; null where nothing shines in the picture. */
  sun: Sun | null;
  /** `glow` draws the sun itself, `flat` a plain ground without one. */
  ground: 'glow' | 'flat';
  shapes: Shape[];
}

/** What a scene is made for. */
export interface Stage {
  width: number;
  height: number;
  /** One thousandth of the picture's mean side: sizes in it fit every format. */
  unit: number;
  random: Random;
  night: boolean;
  props: ReadonlySet<Prop>;
}

export type Prop =
  | 'figure'
  | 'birds'
  | 'boat'
  | 'house'
  | 'tram'
  | 'lighthouse'
  | 'stars'
  | 'rain'
  | 'snow'
  | 'lake'
  | 'pines'
  | 'cactus'
  | 'cup'
  | 'bowl'
  | 'fruit'
  | 'bottle'
  | 'plant'
  | 'old_town'
  | 'waves'
  | 'grid'
  | 'discs'
  | 'rings';
