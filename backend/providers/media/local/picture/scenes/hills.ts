import { lineNoise } from '../noise.ts';
import { lens, type Point, polygon, rect } from '../paths.ts';
import type { Scene, Shape, Stage, Sun } from '../scene.ts';
import { birds, clouds, crown, figure, fir, glints, ground, house, stars } from './nature.ts';

/** Ranges of hills in the haze, one behind the other; dunes, snow or a lake where the prompt has them. */
export function hills(stage: Stage): Scene {
  const { width, height, unit, random, props } = stage;
  const dunes = props.has('cactus');
  const horizon = height * random.between(0.5, 0.6);
  const sun: Sun = {
    x: width * random.pick([0.28, 0.36, 0.64, 0.72]),
    y: horizon - height * random.between(0.08, 0.3),
    radius: unit * random.between(48, 95),
  };
  const shapes: Shape[] = [];
  if (stage.night || props.has('stars')) shapes.push(...stars(stage, horizon, 190));
  shapes.push(...clouds(stage, height * 0.08, horizon * 0.9, dunes ? 2 : random.whole(3, 6)));
  const lake = props.has('lake') && !dunes;
  const ranges = lake ? 3 : random.whole(4, 6);
  const low = lake ? horizon + height * 0.1 : height * 0.98;
  for (let i = 0; i < ranges; i += 1)
    shapes.push(...range(stage, sun, i / Math.max(1, ranges - 1), horizon, low, dunes));
  if (lake) shapes.push(...water(stage, sun, low));
  shapes.push(...foreground(stage, lake, dunes));
  if (props.has('birds') || (!stage.night && random.chance(0.5)))
    shapes.push(
      birds(stage, width * random.between(0.3, 0.6), horizon - height * random.between(0.18, 0.3), random.whole(4, 8)),
    );
  return { horizon, sun, ground: 'glow', shapes };
}

/** One range; near ones are lower, rounder and carry trees, far ones have peaks with a side in shade. */
function range(stage: Stage, sun: Sun, near: number, horizon: number, low: number, dunes: boolean): Shape[] {
  const { width, height, unit, random } = stage;
  const noise = lineNoise(random, dunes ? 2 : near < 0.5 ? 6 : 4, dunes ? 0.3 : 0.5);
  const scale = (dunes ? 1.6 : 2.6 - near * 1.1) / width;
  const offset = random.between(0, 90);
  const base = horizon + (low - horizon) * near ** 1.15 * 0.92;
  const rise = height * (dunes ? 0.1 : 0.2 - near * 0.1);
  const peaked = !dunes && near < 0.55;
  const outline = (x: number): number => {
    const value = noise(x * scale + offset);
    return base - (peaked ? (1 - Math.abs(value) * 1.9) * rise : value * rise);
  };
  const top = base - rise;
  const bottom = height * 1.02;
  const shapes: Shape[] = [
    {
      d: ground(width, bottom, unit * 5, outline),
      tint: 'mass',
      depth: 0.06 + near * 0.8,
      haze: [top, Math.min(bottom, base + height * 0.24)],
    },
  ];
  if (peaked) shapes.push(shadedSides(stage, sun, near, outline, rise));
  if (dunes) shapes.push(duneShade(stage, sun, near, outline, rise));
  if (!dunes && near > 0.35) shapes.push(woods(stage, near, outline));
  return shapes;
}

/** The side of every peak that the sun does not reach, as a jagged wedge below it. */
function shadedSides(stage: Stage, sun: Sun, near: number, outline: (x: number) => number, rise: number): Shape {
  const { width, unit, random } = stage;
  const step = unit * 6;
  let d = '';
  for (let x = 0; x < width; x += step) {
    const y = outline(x);
    if (y > outline(x - step) || y >= outline(x + step) || y > outline(x - step * 5) - unit * 2) continue;
    const away = x >= sun.x ? 1 : -1;
    const edge: Point[] = [[x, y]];
    let far = x;
    for (let i = 1; i < 26 && outline(far + away * step) >= outline(far) - unit * 2.5; i += 1) {
      far += away * step;
      edge.push([far, outline(far)]);
    }
    if (edge.length < 4) continue;
    const drop = rise * random.between(0.45, 0.8);
    const back: Point[] = [];
    for (let i = 5; i >= 1; i -= 1) {
      const t = i / 6;
      back.push([x + (far - x) * t * 0.42 + random.between(-7, 7) * unit, y + drop * t + (i % 2) * drop * 0.12]);
    }
    d += polygon([...edge, [far - away * Math.abs(far - x) * 0.3, outline(far) + drop * 0.4], ...back]);
  }
  return { d, tint: 'mass', depth: 0.16 + near * 0.85, shade: -0.06, opacity: 0.55, detail: true };
}

function duneShade(stage: Stage, sun: Sun, near: number, outline: (x: number) => number, rise: number): Shape {
  const { width, unit } = stage;
  const away = sun.x < width / 2 ? 1 : -1;
  const upper: Point[] = [];
  const lower: Point[] = [];
  for (let x = -20; x <= width + 20; x += unit * 8) {
    const slope = (outline(x + unit * 12) - outline(x - unit * 12)) * away;
    upper.push([x, outline(x)]);
    lower.push([x, outline(x) + Math.max(0, slope) * rise * 0.045 * 2.4 + 0.5]);
  }
  return {
    d: polygon([...upper, ...lower.toReversed()]),
    tint: 'mass',
    depth: 0.25 + near * 0.75,
    opacity: 0.5,
    detail: true,
  };
}

function woods(stage: Stage, near: number, outline: (x: number) => number): Shape {
  const { width, unit, random, props } = stage;
  const firs = props.has('pines') || random.chance(0.6);
  const tall = unit * (14 + near * 50);
  let d = '';
  for (let x = -tall; x < width + tall; x += tall * random.between(0.22, 0.75)) {
    // Woods stand in groups: a slow wave says where there are any.
    if (Math.sin(x / (unit * 130) + near * 9) < -0.15) continue;
    const grown = tall * random.between(0.55, 1.15);
    d += firs ? fir(random, x, outline(x) + unit * 5, grown * 1.25) : crown(random, x, outline(x) + unit * 4, grown);
  }
  return { d, tint: 'mass', depth: 0.2 + near * 0.8, shade: -0.04, detail: true };
}

function water(stage: Stage, sun: Sun, shore: number): Shape[] {
  const { width, height, unit, random } = stage;
  let calm = '';
  for (let i = 0; i < 60; i += 1) {
    const t = random.next() ** 1.3;
    calm += lens(
      random.next() * width,
      shore + 6 * unit + t * (height - shore),
      (20 + t * 150) * unit,
      (0.5 + t * 2) * unit,
    );
  }
  return [
    { d: rect(-5, shore, width + 10, height - shore + 10), tint: 'sky', depth: 0.3, shade: -0.1 },
    {
      d: rect(-5, shore, width + 10, height * 0.09),
      tint: 'mass',
      depth: 0.35,
      opacity: 0.4,
      soft: 18 * unit,
      detail: true,
    },
    { d: calm, tint: 'mass', depth: 0.5, opacity: 0.22, detail: true },
    ...glints(stage, sun.x, shore + 4 * unit, height * 0.97, width * 0.12),
  ];
}

function foreground(stage: Stage, lake: boolean, dunes: boolean): Shape[] {
  const { width, height, unit, random, props } = stage;
  const noise = lineNoise(random, 3);
  const left = random.chance(0.5);
  const line = (x: number): number => {
    const across = left ? x / width : 1 - x / width;
    return (
      height * (lake ? 0.9 : 0.93) + across ** 1.6 * height * (lake ? 0.14 : 0.05) + noise((x / width) * 3) * unit * 26
    );
  };
  const shapes: Shape[] = [{ d: ground(width, height * 1.02, unit * 6, line), tint: 'mass', depth: 1 }];
  const at = (share: number): number => width * (left ? share : 1 - share);
  if (dunes) {
    for (const share of [0.14, 0.3])
      shapes.push({
        d: saguaro(at(share), line(at(share)) + 4 * unit, unit * random.between(90, 190)),
        tint: 'mass',
        depth: 1,
        shade: -0.1,
      });
  } else if (props.has('pines') || random.chance(0.5)) {
    let d = '';
    for (let i = 0; i < 6; i += 1) {
      const x = at(random.between(-0.03, 0.28));
      d += fir(random, x, line(x) + 8 * unit, unit * random.between(120, 330));
    }
    shapes.push({ d, tint: 'mass', depth: 1, shade: -0.12 });
  }
  if (props.has('house')) shapes.push(...house(stage, at(0.62) - unit * 60, line(at(0.62)) + 8 * unit, unit * 105));
  if (props.has('figure')) shapes.push(...figure(at(0.42), line(at(0.42)) + 5 * unit, unit * 120));
  return shapes;
}

function saguaro(x: number, foot: number, h: number): string {
  const w = h * 0.13;
  const arm = (side: number, from: number, up: number): string => {
    const ax = x + side * h * 0.22;
    const left = Math.min(x, ax) - (side < 0 ? w * 0.36 : 0);
    return `${rect(left, foot - h * from, Math.abs(ax - x) + w * 0.36, w * 0.72, w * 0.36)}${rect(ax - w * 0.36, foot - h * up, w * 0.72, h * (up - from) + w * 0.72, w * 0.36)}`;
  };
  return `${rect(x - w / 2, foot - h, w, h * 1.04, w / 2)}${arm(-1, 0.4, 0.72)}${arm(1, 0.52, 0.84)}`;
}
