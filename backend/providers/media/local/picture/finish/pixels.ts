/** A picture as bytes, four a pixel: red, green, blue and an alpha that is always full. */
export interface Pixels {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** How bright a pixel is, 0 to 255 (Rec. 709 weights). */
export function brightness(data: Uint8ClampedArray, at: number): number {
  return (data[at] ?? 0) * 0.2126 + (data[at + 1] ?? 0) * 0.7152 + (data[at + 2] ?? 0) * 0.0722;
}

/** White noise in [-1, 1) for a pixel, bell-shaped: the grain of film. */
export function grainOf(seed: number): (index: number) => number {
  return (index) => {
    let hash = Math.imul(index ^ seed, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    hash ^= hash >>> 13;
    return ((hash & 0xffff) + (hash >>> 16)) / 65_536 - 1;
  };
}

/** Runs over every pixel; `change` gets its offset, its place and its number. */
export function eachPixel(
  { data, width, height }: Pixels,
  change: (at: number, x: number, y: number, data: Uint8ClampedArray) => void,
): void {
  for (let y = 0, at = 0; y < height; y += 1) for (let x = 0; x < width; x += 1, at += 4) change(at, x, y, data);
}

/** Adds the same to each channel. */
export function lift(data: Uint8ClampedArray, at: number, amount: number): void {
  data[at] = (data[at] ?? 0) + amount;
  data[at + 1] = (data[at + 1] ?? 0) + amount;
  data[at + 2] = (data[at + 2] ?? 0) + amount;
}

/** Darkens towards the corners, as a lens does. */
export function vignette(pixels: Pixels, strength: number): void {
  const { width, height } = pixels;
  eachPixel(pixels, (at, x, y, data) => {
    const dx = (x / width - 0.5) * 2;
    const dy = (y / height - 0.5) * 2;
    const far = dx * dx + dy * dy;
    const factor = 1 - strength * far * far * 0.25;
    for (let channel = 0; channel < 3; channel += 1) data[at + channel] = (data[at + channel] ?? 0) * factor;
  });
}
