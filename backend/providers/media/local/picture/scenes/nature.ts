import { below, circle, ellipse, lens, type Point, polygon, polyline, smooth } from '../paths.ts';
import type { Random } from '../../random.ts';
import type { Shape, Stage } from '../scene.ts';

/** Things that stand in several scenes. */

/** Drifting clouds: flat below, round above. */
export function clouds(stage: Stage, top: number, bottom: number, count: number): Shape[] {
  const { width, unit, random } = stage;
  return Array.from({ length: count }, (): Shape => {
    const x = random.between(-0.1, 1.1) * width;
    const y = random.between(top, bottom);
    const half = random.between(90, 260) * unit;
    const lobes = random.whole(4, 7);
    const points: Point[] = [[x - half, y]];
    for (let i = 1; i < lobes; i += 1) {
      const t = i / lobes;
      const lift = Math.sin(t * Math.PI) * half * random.between(0.1, 0.3);
      points.push([x - half + t * half * 2, y - lift]);
    }
    points.push([x + half, y], [x + half * 0.4, y + half * 0.045], [x - half * 0.4, y + half * 0.035]);
    return {
      d: smooth(points, true),
      tint: 'light',
      depth: 0.05,
      opacity: random.between(0.18, 0.5),
      soft: 5 * unit,
      detail: true,
    };
  });
}

export function stars(stage: Stage, bottom: number, count: number): Shape[] {
  const { width, unit, random } = stage;
  return [0.35, 0.7, 1].map((opacity, size): Shape => {
    let d = '';
    for (let i = 0; i < count / (size + 1); i += 1) {
      const y = random.next() ** 1.4 * bottom;
      d += circle(random.next() * width, y, (0.7 + size * 0.7 * random.next()) * unit);
    }
    return { d, tint: 'light', depth: 0, opacity, detail: true };
  });
}

/** A flock that thins out towards its end. */
export function birds(stage: Stage, x: number, y: number, count: number): Shape {
  const { unit, random } = stage;
  let d = '';
  for (let i = 0; i < count; i += 1) {
    const bx = x + (i * 34 + random.between(-14, 14)) * unit;
    const by = y + (random.between(-30, 30) - i * 5) * unit;
    const span = random.between(9, 17) * unit;
    const lift = span * random.between(0.25, 0.6);
    d += `M${bx - span} ${by - lift}Q${bx - span * 0.4} ${by - lift * 1.1} ${bx} ${by}Q${bx + span * 0.4} ${by - lift * 1.1} ${
      bx + span
    } ${by - lift}Q${bx + span * 0.4} ${by - lift * 0.5} ${bx} ${by + span * 0.16}Q${bx - span * 0.4} ${by - lift * 0.5} ${
      bx - span
    } ${by - lift}Z`;
  }
  return { d, tint: 'ink', depth: 0.75, opacity: 0.85, detail: true };
}

/** A fir as one outline, its branches ragged. */
export function fir(random: Random, x: number, foot: number, height: number): string {
  const tiers = Math.max(5, Math.min(11, Math.round(height / 14)));
  const right: Point[] = [];
  const left: Point[] = [];
  for (let i = 1; i <= tiers; i += 1) {
    const t = i / tiers;
    const y = foot - height * (1 - t * 0.94);
    const reach = height * 0.24 * t ** 0.85;
    right.push([x + reach * random.between(0.8, 1.12), y], [x + reach * random.between(0.38, 0.55), y - height * 0.02]);
    left.push([x - reach * random.between(0.8, 1.12), y], [x - reach * random.between(0.38, 0.55), y - height * 0.02]);
  }
  const stem = height * 0.022;
  return polygon([
    [x, foot - height],
    ...right,
    [x + stem, foot - height * 0.06],
    [x + stem, foot],
    [x - stem, foot],
    [x - stem, foot - height * 0.06],
    ...left.toReversed(),
  ]);
}

/** A leafy tree: overlapping crowns on a stem. */
export function crown(random: Random, x: number, foot: number, height: number): string {
  const r = height * 0.3;
  let d = polygon([
    [x - height * 0.03, foot],
    [x - height * 0.015, foot - height * 0.5],
    [x + height * 0.015, foot - height * 0.5],
    [x + height * 0.03, foot],
  ]);
  for (let i = 0; i < 6; i += 1) {
    d += ellipse(
      x + random.between(-0.6, 0.6) * r,
      foot - height * random.between(0.5, 0.82),
      r * random.between(0.5, 0.8),
      r * random.between(0.45, 0.7),
    );
  }
  return d;
}

/** A small person seen from behind, `height` tall, feet at `foot`. */
export function figure(x: number, foot: number, height: number): Shape[] {
  const h = height;
  const y = foot;
  const coat = `M${x - h * 0.075} ${y - h * 0.8}Q${x} ${y - h * 0.86} ${x + h * 0.075} ${y - h * 0.8}L${x + h * 0.135} ${y - h * 0.36}Q${x} ${
    y - h * 0.3
  } ${x - h * 0.135} ${y - h * 0.36}Z`;
  const legs = `${polygon([
    [x - h * 0.085, y - h * 0.38],
    [x - h * 0.012, y - h * 0.36],
    [x - h * 0.028, y],
    [x - h * 0.085, y],
  ])}${polygon([
    [x + h * 0.012, y - h * 0.36],
    [x + h * 0.085, y - h * 0.38],
    [x + h * 0.085, y],
    [x + h * 0.028, y],
  ])}`;
  const shadow = ellipse(x + h * 0.04, y + h * 0.01, h * 0.24, h * 0.025);
  return [
    { d: shadow, tint: 'ink', depth: 1, opacity: 0.35, detail: true },
    { d: legs, tint: 'ink', depth: 1, detail: true },
    { d: coat, tint: 'accent', depth: 1, shade: -0.08, detail: true },
    { d: circle(x, y - h * 0.91, h * 0.068), tint: 'ink', depth: 1, detail: true },
  ];
}

/** A little house with warm windows, its ridge at `foot - height`. */
export function house(stage: Stage, x: number, foot: number, height: number): Shape[] {
  const { random } = stage;
  const w = height * random.between(1.15, 1.5);
  const wall = foot - height * 0.55;
  const gable = polygon([
    [x, foot],
    [x, wall],
    [x + w * 0.22, foot - height],
    [x + w * 0.44, wall],
    [x + w * 0.44, foot],
  ]);
  const side = polygon([
    [x + w * 0.44, foot],
    [x + w * 0.44, wall],
    [x + w, wall],
    [x + w, foot],
  ]);
  const roof = polygon([
    [x + w * 0.17, foot - height * 1.04],
    [x + w * 0.86, foot - height * 1.02],
    [x + w * 1.05, wall],
    [x + w * 0.45, wall + height * 0.02],
  ]);
  const chimney = polygon([
    [x + w * 0.68, foot - height * 0.98],
    [x + w * 0.68, foot - height * 1.28],
    [x + w * 0.76, foot - height * 1.28],
    [x + w * 0.76, foot - height * 0.96],
  ]);
  const s = height * 0.14;
  const windows = [0.55, 0.76]
    .map((at) =>
      polygon([
        [x + w * at, wall + s * 0.8],
        [x + w * at + s, wall + s * 0.8],
        [x + w * at + s, wall + s * 2.1],
        [x + w * at, wall + s * 2.1],
      ]),
    )
    .join('');
  const door = polygon([
    [x + w * 0.17, foot],
    [x + w * 0.17, foot - height * 0.34],
    [x + w * 0.28, foot - height * 0.34],
    [x + w * 0.28, foot],
  ]);
  return [
    { d: chimney, tint: 'ink', depth: 0.8, detail: true },
    { d: side, tint: 'paper', depth: 0.75, shade: -0.28 },
    { d: gable, tint: 'paper', depth: 0.75, shade: -0.06 },
    { d: roof, tint: 'accent', depth: 0.8, shade: -0.12 },
    { d: windows, tint: 'light', depth: 0.2, detail: true },
    { d: door, tint: 'ink', depth: 0.8, detail: true },
  ];
}

/** Streaks of light on water below a sun: wider and rarer towards the viewer. */
export function glints(stage: Stage, x: number, top: number, bottom: number, spread: number): Shape[] {
  const { unit, random } = stage;
  return [0.9, 0.55].map((opacity, layer): Shape => {
    let d = '';
    for (let i = 0; i < 90; i += 1) {
      const t = random.next() ** 1.35;
      const reach = spread * (0.14 + t * 0.9) * (layer + 0.8);
      const gx = x + (random.next() + random.next() - 1) * reach;
      d += lens(gx, top + t * (bottom - top), (9 + t * 66 * random.next()) * unit, (1 + t * 3) * unit);
    }
    return { d, tint: 'light', depth: 0.05, opacity, detail: true };
  });
}

export function rain(stage: Stage): Shape {
  const { width, height, unit, random } = stage;
  let d = '';
  for (let i = 0; i < 260; i += 1) {
    const [x, y, l] = [
      random.between(-0.1, 1.1) * width,
      random.between(-0.1, 1) * height,
      random.between(16, 52) * unit,
    ];
    d += polyline([
      [x, y],
      [x - l * 0.22, y + l],
    ]);
  }
  return { d, tint: 'light', depth: 0, line: 1.1 * unit, opacity: 0.34, detail: true };
}

export function snow(stage: Stage): Shape[] {
  const { width, height, unit, random } = stage;
  return [1.4, 2.6, 5].map((size, index): Shape => {
    let d = '';
    for (let i = 0; i < 120 / (index + 1); i += 1)
      d += circle(random.next() * width, random.next() * height, size * random.between(0.6, 1.2) * unit);
    return {
      d,
      tint: 'paper',
      depth: 0,
      opacity: 0.85 - index * 0.2,
      soft: index === 2 ? 1.6 * unit : 0,
      detail: true,
    };
  });
}

/** Ground that rises and falls by `outline`, from edge to edge. */
export function ground(width: number, bottom: number, step: number, outline: (x: number) => number): string {
  const points: Point[] = [];
  for (let x = -step; x <= width + step; x += step) points.push([x, outline(x)]);
  return below(points, bottom);
}
