import { rgb } from '../colour.ts';
import { planeNoise } from '../noise.ts';
import type { Palette } from '../palettes.ts';
import type { Finish } from '../styles.ts';
import { oil } from './oil.ts';
import { brightness, eachPixel, grainOf, lift, type Pixels, vignette } from './pixels.ts';

/** Gives drawn pixels the surface of a style: paint, paper, ink, film. Changes them in place. */
export function applyFinish(finish: Finish, pixels: Pixels, seed: number, unit: number, palette: Palette): void {
  if (finish === 'oil') oil(pixels, seed, unit);
  if (finish === 'stipple') stipple(pixels, seed);
  if (finish === 'fibre') fibre(pixels, seed, unit);
  if (finish === 'wash') wash(pixels, seed, unit, palette);
  if (finish === 'print') print(pixels, seed, unit, palette);
  if (finish === 'film') film(pixels, seed);
}

/** Sprayed dots, densest in the middle tones, as screen-printed shading has them. */
function stipple(pixels: Pixels, seed: number): void {
  const grain = grainOf(seed);
  eachPixel(pixels, (at, x, y, data) => {
    const light = brightness(data, at) / 255;
    const amount = 8 + 30 * light * (1 - light) * 2;
    lift(data, at, grain(y * pixels.width + x) * amount);
  });
  vignette(pixels, 0.1);
}

/** Long fibres and a fine tooth. */
function fibre(pixels: Pixels, seed: number, unit: number): void {
  const [long, across, tooth] = [planeNoise(seed), planeNoise(seed + 1), grainOf(seed)];
  eachPixel(pixels, (at, x, y, data) => {
    const threads = long((x * 0.035) / unit, (y * 0.4) / unit) + across((x * 0.4) / unit, (y * 0.05) / unit) - 1;
    lift(data, at, threads * 9 + tooth(y * pixels.width + x) * 6);
  });
  vignette(pixels, 0.12);
}

/** Pigment that has run: wavering edges that dry darker, blooms, and bare paper at the border. */
function wash(pixels: Pixels, seed: number, unit: number, palette: Palette): void {
  const { width, height } = pixels;
  const source = new Uint8ClampedArray(pixels.data);
  const [shiftX, shiftY, pool, cloud] = [
    planeNoise(seed),
    planeNoise(seed + 1),
    planeNoise(seed + 2),
    planeNoise(seed + 3),
  ];
  const tooth = grainOf(seed);
  const paper = rgb(palette.paper);
  const reach = Math.max(2, Math.round(3 * unit));
  const margin = 46 * unit;
  eachPixel(pixels, (at, x, y, data) => {
    const [u, v] = [x / unit, y / unit];
    const sx = clamp(
      Math.round(x + (shiftX(u * 0.03, v * 0.03) - 0.5) * 11 * unit + (shiftX(u * 0.16, v * 0.16) - 0.5) * 2.6 * unit),
      width,
    );
    const sy = clamp(
      Math.round(y + (shiftY(u * 0.03, v * 0.03) - 0.5) * 11 * unit + (shiftY(u * 0.16, v * 0.16) - 0.5) * 2.6 * unit),
      height,
    );
    const from = (sy * width + sx) * 4;
    const beside = (clamp(sy + reach, height) * width + clamp(sx + reach, width)) * 4;
    const edge = Math.min(1, Math.abs(brightness(source, from) - brightness(source, beside)) / 46);
    const density =
      0.7 +
      (pool(u * 0.008, v * 0.008) - 0.5) * 0.34 +
      (cloud(u * 0.04, v * 0.04) - 0.5) * 0.2 +
      edge * 0.3 +
      tooth(y * width + x) * 0.07;
    const border =
      Math.min(x, y, width - 1 - x, height - 1 - y) +
      (cloud(u * 0.02, v * 0.02) - 0.5) * 30 * unit +
      (pool(u * 0.2, v * 0.2) - 0.5) * 8 * unit;
    const covered = smoothStep((border - margin * 0.5) / (4 * unit));
    for (let channel = 0; channel < 3; channel += 1) {
      const white = paper[channel] ?? 255;
      const ink = 1 - (source[from + channel] ?? 0) / 255;
      const rim = 1 + 0.25 * (1 - smoothStep((border - margin * 0.5) / (14 * unit)));
      data[at + channel] =
        white * (1 - ink * Math.min(1.12, density * rim) * 0.98 * covered) + tooth(y * width + x + 7) * 3;
    }
  });
}

/** Two inks in dots on coarse paper, the second a little out of place. */
function print(pixels: Pixels, seed: number, unit: number, palette: Palette): void {
  const { width, height } = pixels;
  const source = new Uint8ClampedArray(pixels.data);
  const [paper, dark, bright] = [rgb(palette.paper), rgb(palette.ink), rgb(palette.accent)];
  const tooth = grainOf(seed);
  const patches = planeNoise(seed);
  const pitch = Math.max(4, 5.2 * unit);
  const slip = Math.round(3 * unit);
  const tone = stretched(source);
  eachPixel(pixels, (at, x, y, data) => {
    const here = 1 - tone(brightness(source, at));
    const there = (clamp(y + slip, height) * width + clamp(x - slip, width)) * 4;
    const light = 1 - tone(brightness(source, there));
    const red = Math.max(0, ((source[there] ?? 0) - Math.min(source[there + 1] ?? 0, source[there + 2] ?? 0)) / 255);
    const wear = 0.9 + 0.1 * patches((x * 0.2) / unit, (y * 0.2) / unit) + tooth(y * width + x) * 0.05;
    const darkInk = dot(x, y, pitch, 0.78, Math.max(0, here * 1.5 - 0.5)) * wear;
    const brightInk = dot(x, y, pitch * 0.94, 0.26, Math.min(1, light * 0.62 + red * 0.75)) * wear * 0.95;
    for (let channel = 0; channel < 3; channel += 1) {
      const base = paper[channel] ?? 255;
      const first = 1 - brightInk * (1 - (bright[channel] ?? 0) / 255);
      const second = 1 - darkInk * (1 - (dark[channel] ?? 0) / 255);
      data[at + channel] = base * first * second + tooth(y * width + x + 3) * 4;
    }
  });
}

/** Brightness, 0 to 255, as 0 to 1 over the range that a picture really has: a pale one must not print as fog. */
function stretched(data: Uint8ClampedArray): (light: number) => number {
  const counts = new Uint32Array(256);
  for (let at = 0; at < data.length; at += 4) {
    const bin = Math.round(brightness(data, at));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const place = (share: number): number => {
    let seen = 0;
    return counts.findIndex((count) => (seen += count) >= (share * data.length) / 4);
  };
  const [low, high] = [place(0.02) * 0.8, place(0.97)];
  return (light) => Math.min(1, Math.max(0, (light - low) / Math.max(24, high - low)));
}

/** Ink of a halftone screen at a point: `amount` says how much of each cell its dot covers. */
function dot(x: number, y: number, pitch: number, angle: number, amount: number): number {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const u = ((x * cos + y * sin) / pitch) * Math.PI;
  const v = ((y * cos - x * sin) / pitch) * Math.PI;
  const height = (Math.cos(u * 2) + Math.cos(v * 2)) / 4 + 0.5;
  return smoothStep((amount - (1 - height)) * pitch * 0.55 + 0.5);
}

function film(pixels: Pixels, seed: number): void {
  const grain = grainOf(seed);
  eachPixel(pixels, (at, x, y, data) => lift(data, at, grain(y * pixels.width + x) * 11 + 2));
  vignette(pixels, 0.4);
}

function clamp(value: number, size: number): number {
  return value < 0 ? 0 : value >= size ? size - 1 : value;
}

function smoothStep(value: number): number {
  const t = value < 0 ? 0 : value > 1 ? 1 : value;
  return t * t * (3 - 2 * t);
}
