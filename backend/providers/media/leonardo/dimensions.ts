/** From an aspect ratio and a size as forms offer them to pixels that a model accepts. */

export const aspectRatios = ['1:1', '4:3', '3:4', '3:2', '2:3', '16:9', '9:16'] as const;
export const sizes = ['small', 'medium', 'large'] as const;

export interface Pixels {
  width: number;
  height: number;
}

const areas: Record<string, number> = { small: 768 * 768, medium: 1024 * 1024, large: 1280 * 1280 };

/** Width and height of about the size's area, multiples of 8, each side within the model's bounds. */
export function pixelsByArea(ratio: string, size: string, bounds: { min: number; max: number }): Pixels {
  const [across = 1, down = 1] = ratio.split(':').map(Number);
  const ideal = Math.sqrt((areas[size] ?? 1024 * 1024) * (across / down));
  // The longer side's bound shrinks both, so that the ratio stays.
  const shrink = Math.min(1, bounds.max / Math.max(ideal, (ideal * down) / across));
  const side = (length: number) => Math.max(bounds.min, Math.round((length * shrink) / 8) * 8);
  return { width: side(ideal), height: side((ideal * down) / across) };
}

/**
 * Gemini's picture models take listed pairs only; another pair silently becomes a square (docs.leonardo.ai,
 * nano-banana-2; read 2026-11).
 */
const nanoBananaSmall: Record<string, [number, number]> = {
  '1:1': [1024, 1024],
  '4:3': [1200, 896],
  '3:4': [896, 1200],
  '3:2': [1264, 848],
  '2:3': [848, 1264],
  '16:9': [1376, 768],
  '9:16': [768, 1376],
};

/** Width and height in pixels by ratio (`16:9`) and size (`small`, `medium`, `large`); a square where the ratio is not known. */
export function nanoBananaPixels(ratio: string, size: string): Pixels {
  const [width, height] = nanoBananaSmall[ratio] ?? [1024, 1024];
  const times = size === 'large' ? 4 : size === 'medium' ? 2 : 1;
  return { width: width * times, height: height * times };
}
