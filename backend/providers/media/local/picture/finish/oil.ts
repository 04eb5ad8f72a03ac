import { planeNoise } from '../noise.ts';
import { brightness, eachPixel, grainOf, lift, type Pixels, vignette } from './pixels.ts';

/**
 * Brush strokes: pixels are first moved and toned by noise, then each takes the colour of the calmest of four squares
 * around it (Kuwahara's filter), which gathers that noise into strokes with firm edges.
 */
export function oil(pixels: Pixels, seed: number, unit: number): void {
  const { width, height } = pixels;
  const source = new Uint8ClampedArray(pixels.data);
  const slow = planeNoise(seed);
  const fast = planeNoise(seed + 1);
  const [wide, fine] = [0.012 / unit, 0.07 / unit];
  eachPixel(pixels, (at, x, y, data) => {
    const along = slow(x * wide, y * wide * 2.2) * 6.283;
    const stroke = fast(x * fine * (0.55 + 0.45 * Math.abs(Math.sin(along))), y * fine * 1.7) - 0.5;
    const sx = Math.min(width - 1, Math.max(0, Math.round(x + stroke * 7 * unit)));
    const sy = Math.min(height - 1, Math.max(0, Math.round(y + stroke * 5 * unit)));
    const from = (sy * width + sx) * 4;
    const tone = 1 + stroke * 0.1;
    data[at] = (source[from] ?? 0) * tone + stroke * 5;
    data[at + 1] = (source[from + 1] ?? 0) * tone;
    data[at + 2] = (source[from + 2] ?? 0) * tone - stroke * 6;
  });
  calm(pixels, Math.max(2, Math.round(3.2 * unit)));
  const grain = grainOf(seed);
  eachPixel(pixels, (at, x, y, data) => lift(data, at, grain(y * width + x) * 5));
  vignette(pixels, 0.24);
}

function calm(pixels: Pixels, radius: number): void {
  const { data, width, height } = pixels;
  const light = new Float32Array(width * height);
  for (let i = 0; i < light.length; i += 1) light[i] = brightness(data, i * 4);
  const sum = table(light, width, height, (value) => value);
  const squares = table(light, width, height, (value) => value * value);
  const channels = [0, 1, 2].map((channel) => table(light, width, height, (_, i) => data[i * 4 + channel] ?? 0));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let least = Number.POSITIVE_INFINITY;
      let [x0, y0, x1, y1] = [x, y, x + 1, y + 1];
      for (let corner = 0; corner < 4; corner += 1) {
        const left = Math.max(0, corner % 2 === 0 ? x - radius : x);
        const top = Math.max(0, corner < 2 ? y - radius : y);
        const right = Math.min(width, (corner % 2 === 0 ? x : x + radius) + 1);
        const bottom = Math.min(height, (corner < 2 ? y : y + radius) + 1);
        const count = (right - left) * (bottom - top);
        const mean = area(sum, width, left, top, right, bottom) / count;
        const spread = area(squares, width, left, top, right, bottom) / count - mean * mean;
        if (spread >= least) continue;
        least = spread;
        [x0, y0, x1, y1] = [left, top, right, bottom];
      }
      const count = (x1 - x0) * (y1 - y0);
      const at = (y * width + x) * 4;
      for (const [channel, values] of channels.entries())
        data[at + channel] = area(values, width, x0, y0, x1, y1) / count;
    }
  }
}

/** Sums of everything above and to the left of a point: any rectangle's sum is four of them. */
function table(
  light: Float32Array,
  width: number,
  height: number,
  of: (value: number, index: number) => number,
): Float64Array {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      const index = y * width + x;
      row += of(light[index] ?? 0, index);
      sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] ?? 0) + row;
    }
  }
  return sums;
}

function area(sums: Float64Array, width: number, left: number, top: number, right: number, bottom: number): number {
  const stride = width + 1;
  return (
    (sums[bottom * stride + right] ?? 0) -
    (sums[top * stride + right] ?? 0) -
    (sums[bottom * stride + left] ?? 0) +
    (sums[top * stride + left] ?? 0)
  );
}
