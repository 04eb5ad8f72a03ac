/** Path data from numbers; one decimal is finer than a pixel and keeps documents small. */

export type Point = [x: number, y: number];

const n = (value: number): string => String(Math.round(value * 10) / 10);

export function polygon(points: readonly Point[]): string {
  return `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}Z`;
}

export function polyline(points: readonly Point[]): string {
  return `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}`;
}

/** A smooth line through the points (Catmull-Rom); closed when it shall return to its start. */
export function smooth(points: readonly Point[], closed = false): string {
  const count = points.length;
  const at = (index: number): Point =>
    (closed ? points[((index % count) + count) % count] : points[Math.min(count - 1, Math.max(0, index))]) ?? [0, 0];
  let d = `M${n(at(0)[0])} ${n(at(0)[1])}`;
  for (let i = 0; i < (closed ? count : count - 1); i += 1) {
    const [a, b, c, e] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    d += `C${n(b[0] + (c[0] - a[0]) / 6)} ${n(b[1] + (c[1] - a[1]) / 6)} ${n(c[0] - (e[0] - b[0]) / 6)} ${n(
      c[1] - (e[1] - b[1]) / 6,
    )} ${n(c[0])} ${n(c[1])}`;
  }
  return closed ? `${d}Z` : d;
}

export function circle(x: number, y: number, radius: number): string {
  return ellipse(x, y, radius, radius);
}

export function ellipse(x: number, y: number, rx: number, ry: number): string {
  return `M${n(x - rx)} ${n(y)}a${n(rx)} ${n(ry)} 0 1 0 ${n(rx * 2)} 0a${n(rx)} ${n(ry)} 0 1 0 ${n(-rx * 2)} 0Z`;
}

export function rect(x: number, y: number, width: number, height: number, radius = 0): string {
  if (radius <= 0) return `M${n(x)} ${n(y)}h${n(width)}v${n(height)}h${n(-width)}Z`;
  const r = Math.min(radius, width / 2, height / 2);
  const arc = (dx: number, dy: number): string => `a${n(r)} ${n(r)} 0 0 1 ${n(dx)} ${n(dy)}`;
  return `M${n(x + r)} ${n(y)}h${n(width - 2 * r)}${arc(r, r)}v${n(height - 2 * r)}${arc(-r, r)}h${n(2 * r - width)}${arc(
    -r,
    -r,
  )}v${n(2 * r - height)}${arc(r, -r)}Z`;
}

/** A sliver that is thick in the middle: glints on water, leaves, birds' wings. */
export function lens(x: number, y: number, halfWidth: number, halfHeight: number): string {
  return `M${n(x - halfWidth)} ${n(y)}Q${n(x)} ${n(y - halfHeight * 2)} ${n(x + halfWidth)} ${n(y)}Q${n(x)} ${n(
    y + halfHeight * 2,
  )} ${n(x - halfWidth)} ${n(y)}Z`;
}

/** A leaf from its stem to its tip, `width` across at its widest. */
export function leaf(from: Point, to: Point, width: number): string {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [px, py] = [(-dy / length) * width, (dx / length) * width];
  const [mx, my] = [from[0] + dx * 0.45, from[1] + dy * 0.45];
  return `M${n(from[0])} ${n(from[1])}Q${n(mx + px)} ${n(my + py)} ${n(to[0])} ${n(to[1])}Q${n(mx - px)} ${n(my - py)} ${n(
    from[0],
  )} ${n(from[1])}Z`;
}

/** What lies below a line, down to `bottom`. */
export function below(line: readonly Point[], bottom: number): string {
  const first = line[0] ?? [0, 0];
  const last = line.at(-1) ?? first;
  return polygon([...line, [last[0], bottom], [first[0], bottom]]);
}

/** A body of revolution seen from the side: half widths from top to bottom, mirrored. */
export function turned(x: number, profile: readonly Point[]): string {
  const right: Point[] = profile.map(([half, y]) => [x + half, y]);
  const left: Point[] = profile.toReversed().map(([half, y]) => [x - half, y]);
  return `${smooth(right)}L${smooth(left).slice(1)}Z`;
}
