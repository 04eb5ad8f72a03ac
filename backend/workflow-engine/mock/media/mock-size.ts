import type { JsonObject } from '../../models/json.ts';

/** Longest and shortest side of a mock picture, in pixels. */
const longest = 1024;
const shortest = 64;

/**
 * The size of a mock picture: as asked for in the parameters (`width` and `height`, `size` or `resolution` as `1280x720`,
 * `aspect_ratio` or `size` as `16:9`), else a square for pictures and 16:9 for video; scaled down to 1024 pixels.
 */
export function mockSize(params: JsonObject, kind: 'image' | 'video'): { width: number; height: number } {
  const [width, height] = askedSize(params) ?? (kind === 'video' ? [16, 9] : [1, 1]);
  const scale = longest / Math.max(width, height);
  return { width: side(width * scale), height: side(height * scale) };
}

function askedSize(params: JsonObject): [number, number] | null {
  const { width, height } = params;
  if (typeof width === 'number' && typeof height === 'number' && width > 0 && height > 0) return [width, height];
  for (const name of ['size', 'resolution', 'aspect_ratio', 'ratio']) {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    const found = typeof value === 'string' ? /^(\d{1,5})\s?[x:×]\s?(\d{1,5})$/u.exec(value.slice(0, 32)) : null;
    if (found && Number(found[1]) > 0 && Number(found[2]) > 0) return [Number(found[1]), Number(found[2])];
  }
  return null;
}

function side(pixels: number): number {
  return Math.max(shortest, Math.round(pixels));
}
