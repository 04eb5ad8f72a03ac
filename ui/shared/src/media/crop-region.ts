/** Part of a picture, in its own whole pixels (format.md 15.5). */
export interface CropRegion {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PictureSize {
  width: number;
  height: number;
}

const between = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, Math.round(value)));

/** The nearest region that lies within the picture; it is at least one pixel large. */
export function withinPicture(region: CropRegion, { width, height }: PictureSize): CropRegion {
  const wide = between(region.width, 1, width);
  const high = between(region.height, 1, height);
  return { x: between(region.x, 0, width - wide), y: between(region.y, 0, height - high), width: wide, height: high };
}

/** The region after one of its numbers was typed: its place gives way to nothing, its size ends at the picture's edge. */
export function withNumber(region: CropRegion, name: keyof CropRegion, value: number, size: PictureSize): CropRegion {
  const next = { ...region, [name]: value };
  if (name === 'width') next.width = between(value, 1, size.width - region.x);
  if (name === 'height') next.height = between(value, 1, size.height - region.y);
  return withinPicture(next, size);
}

/**
 * The region after an arrow key: the whole of it moves, or the edges that a handle holds (`nw`, `e`, …). A step is one
 * pixel of the picture, ten with Shift. Undefined for any other key.
 */
export function nudged(
  region: CropRegion,
  { key, shiftKey, handle }: { key: string; shiftKey: boolean; handle: string | undefined },
  size: PictureSize,
): CropRegion | undefined {
  const step = shiftKey ? 10 : 1;
  const dx = { ArrowLeft: -step, ArrowRight: step }[key] ?? 0;
  const dy = { ArrowUp: -step, ArrowDown: step }[key] ?? 0;
  if (dx === 0 && dy === 0) return undefined;
  if (handle === undefined) return withinPicture({ ...region, x: region.x + dx, y: region.y + dy }, size);
  let { x, y } = region;
  let [right, bottom] = [x + region.width, y + region.height];
  if (handle.includes('w')) x = between(x + dx, 0, right - 1);
  if (handle.includes('e')) right = between(right + dx, x + 1, size.width);
  if (handle.includes('n')) y = between(y + dy, 0, bottom - 1);
  if (handle.includes('s')) bottom = between(bottom + dy, y + 1, size.height);
  return { x, y, width: right - x, height: bottom - y };
}
