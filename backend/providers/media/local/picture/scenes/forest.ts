import { lineNoise } from '../noise.ts';
import { ellipse, leaf, type Point, polygon, smooth } from '../paths.ts';
import type { Scene, Shape, Stage, Sun } from '../scene.ts';
import { figure, fir, ground, house, stars } from './nature.ts';

/** Trunks behind trunks, light falling through, and a way that leads in. */
export function forest(stage: Stage): Scene {
  const { width, height, unit, random, props } = stage;
  const horizon = height * random.between(0.66, 0.74);
  const sun: Sun = { x: width * random.between(0.38, 0.62), y: height * random.between(0.2, 0.36), radius: unit * 78 };
  const shapes: Shape[] = [];
  if (stage.night) shapes.push(...stars(stage, height * 0.5, 90));
  const layers = 5;
  for (let i = 0; i < layers; i += 1) {
    const near = i / (layers - 1);
    shapes.push(...layer(stage, near, horizon, sun.x));
    if (i === 2) shapes.push(...shafts(stage, sun, horizon));
    if (i === 2) shapes.push(...way(stage, horizon));
  }
  if (props.has('house')) shapes.splice(-4, 0, ...house(stage, width * 0.55, horizon + height * 0.05, unit * 110));
  if (props.has('figure')) shapes.push(...figure(width * 0.5, horizon + height * 0.13, unit * 130));
  shapes.push(...undergrowth(stage));
  return { horizon: height, sun, ground: 'glow', shapes };
}

function layer(stage: Stage, near: number, horizon: number, open: number): Shape[] {
  const { width, height, unit, random } = stage;
  const floor = lineNoise(random, 3);
  const base = horizon + (height - horizon) * near * 0.62;
  const line = (x: number): number => base + floor((x / width) * 3) * unit * (8 + near * 26);
  const depth = 0.08 + near * 0.9;
  const thick = unit * (7 + near ** 1.6 * 52);
  let trunks = '';
  let x = random.between(-0.05, 0.08) * width;
  while (x < width * 1.05) {
    // Around the light the wood stays open, more so where it is near.
    if (Math.abs(x - open) > width * (0.03 + near * 0.2))
      trunks += trunk(stage, x, line(x), thick * random.between(0.55, 1.2));
    x += thick * random.between(2.2, 6.4) + unit * (24 + near * 30);
  }
  const shapes: Shape[] = [
    { d: trunks, tint: 'mass', depth, haze: [height * -0.2, base + height * (0.5 - near * 0.1)] },
    {
      d: ground(width, height * 1.02, unit * 6, line),
      tint: 'mass',
      depth: depth * 0.92,
      haze: [base - height * 0.3, base + height * (0.4 + near * 0.4)],
    },
  ];
  if (near < 0.7) shapes.push({ d: saplings(stage, line, near), tint: 'mass', depth: depth * 0.95, detail: true });
  shapes.push({ d: canopy(stage, near), tint: 'mass', depth, shade: 0.02, opacity: 0.94 });
  return shapes;
}

function trunk(stage: Stage, x: number, foot: number, w: number): string {
  const { height, random } = stage;
  const lean = random.between(-0.05, 0.05) * height * 0.4;
  const right: Point[] = [];
  const left: Point[] = [];
  for (let i = 0; i <= 5; i += 1) {
    const t = i / 5;
    const half = (w / 2) * (1.5 * (1 - t) ** 5 + 1 - t * 0.35);
    const cx = x + lean * t + random.between(-0.05, 0.05) * w;
    right.push([cx + half, foot - t * (foot + 30)]);
    left.push([cx - half, foot - t * (foot + 30)]);
  }
  let d = `${smooth(right)}L${smooth(left.toReversed()).slice(1)}Z`;
  for (let i = 0; i < 3; i += 1) {
    const side = random.chance(0.5) ? 1 : -1;
    const y = foot * random.between(0.12, 0.6);
    const reach = w * random.between(1.2, 3);
    d += polygon([
      [x, y + w * 0.2],
      [x + side * reach, y - reach * 0.7],
      [x, y - w * 0.05],
    ]);
  }
  return d;
}

function canopy(stage: Stage, near: number): string {
  const { width, height, unit, random } = stage;
  let d = '';
  const size = unit * (46 + near * 80);
  for (let x = -size; x < width + size; x += size * 0.42) {
    const middle = Math.abs(x / width - 0.5) * 2;
    const y = height * (-0.05 + middle * 0.14 * (0.4 + near)) + random.between(-0.5, 0.6) * size;
    d += ellipse(x, y, size * random.between(0.6, 1), size * random.between(0.4, 0.72));
  }
  return d;
}

function saplings(stage: Stage, line: (x: number) => number, near: number): string {
  const { width, unit, random } = stage;
  let d = '';
  for (let i = 0; i < 9; i += 1) {
    const x = random.next() * width;
    d += fir(random, x, line(x) + unit * 3, unit * random.between(24, 70) * (0.5 + near));
  }
  return d;
}

function shafts(stage: Stage, sun: Sun, horizon: number): Shape[] {
  const { height, unit, random } = stage;
  return Array.from({ length: 6 }, (_, index): Shape => {
    const angle = (index - 2.5) * 0.2 + random.between(-0.06, 0.06);
    const [w1, w2] = [unit * random.between(5, 14), unit * random.between(40, 110)];
    const [x, y] = [sun.x + Math.sin(angle) * unit * 30, sun.y - unit * 10];
    const foot = horizon + height * 0.1;
    const end = x + Math.tan(angle) * (foot - y);
    return {
      d: polygon([
        [x - w1, y],
        [x + w1, y],
        [end + w2, foot],
        [end - w2, foot],
      ]),
      tint: 'light',
      depth: 0,
      opacity: random.between(0.1, 0.22),
      soft: 10 * unit,
      detail: true,
    };
  });
}

function way(stage: Stage, horizon: number): Shape[] {
  const { width, height, unit, random } = stage;
  const bend = random.pick([-1, 1]);
  const left: Point[] = [];
  const right: Point[] = [];
  for (let i = 0; i <= 8; i += 1) {
    const t = i / 8;
    const half = unit * (6 + t ** 2 * 190);
    const x = width * 0.5 + bend * Math.sin(t * 4.4) * unit * 70 * (0.25 + t);
    const y = horizon + unit * 8 + t * (height - horizon) * 1.04;
    left.push([x - half, y]);
    right.push([x + half, y]);
  }
  return [
    {
      d: `${smooth(left)}L${smooth(right.toReversed()).slice(1)}Z`,
      tint: 'light',
      depth: 0.2,
      shade: -0.14,
      opacity: 0.55,
      detail: true,
    },
  ];
}

function undergrowth(stage: Stage): Shape[] {
  const { width, height, unit, random } = stage;
  return [0.9, 1].map((depth, row): Shape => {
    let d = '';
    for (let i = 0; i < 16; i += 1) {
      const edge = random.next() ** 1.7 * 0.42;
      const x = width * (random.chance(0.5) ? edge : 1 - edge);
      const y = height * (1.0 + row * 0.03);
      const long = unit * random.between(60, 150);
      for (let blade = -3; blade <= 3; blade += 1) {
        const angle = blade * 0.3 + random.between(-0.1, 0.1);
        d += leaf([x, y], [x + Math.sin(angle) * long, y - Math.cos(angle) * long * 0.9], unit * 8);
      }
    }
    return { d, tint: 'mass', depth, shade: row === 0 ? 0.08 : -0.1 };
  });
}
