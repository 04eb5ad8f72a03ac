import type { JsonObject } from '@wfm/workflow-engine/models';
import { ratios, resolutions } from './models.ts';

export interface Size {
  width: number;
  height: number;
}

/** A picture's size: as asked, else one megapixel of the ratio; sides are multiples of 8. A lone side follows the ratio. */
export function pictureSize(params: JsonObject): Size {
  const [across, down] = ratios[params['aspect_ratio'] as keyof typeof ratios] ?? ratios['1:1'];
  const { width, height } = params as { width?: number; height?: number };
  if (width !== undefined && height !== undefined) return { width, height };
  if (width !== undefined) return { width, height: clamp((width * down) / across) };
  if (height !== undefined) return { width: clamp((height * across) / down), height };
  const side = Math.sqrt((1024 * 1024) / (across * down));
  return { width: clamp(side * across), height: clamp(side * down) };
}

/** A film's size: the resolution is its shorter side; both are even, as H.264 needs. */
export function filmSize(params: JsonObject): Size {
  const [across, down] = ratios[params['aspect_ratio'] as keyof typeof ratios] ?? ratios['16:9'];
  const short = resolutions[params['resolution'] as keyof typeof resolutions] ?? 720;
  const even = (value: number): number => Math.round(value / 2) * 2;
  return across >= down
    ? { width: even((short * across) / down), height: short }
    : { width: short, height: even((short * down) / across) };
}

function clamp(value: number): number {
  return Math.min(2048, Math.max(64, Math.round(value / 8) * 8));
}
