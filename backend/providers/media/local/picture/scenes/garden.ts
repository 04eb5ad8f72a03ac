import { lineNoise } from '../noise.ts';
import { circle, leaf, type Point, smooth } from '../paths.ts';
import type { Scene, Shape, Stage, Sun, Tint } from '../scene.ts';
import { birds, ground } from './nature.ts';

/** Flowers and leaves seen from below, before the light. */
export function garden(stage: Stage): Scene {
  const { width, height, unit, random, props } = stage;
  const sun: Sun = {
    x: width * random.between(0.34, 0.66),
    y: height * random.between(0.3, 0.42),
    radius: unit * random.between(170, 235),
  };
  const shapes: Shape[] = [];
  for (const near of [0.1, 0.3]) {
    const noise = lineNoise(random, 3);
    const line = (x: number): number => height * (0.72 + near * 0.2) + noise((x / width) * 2.4) * unit * 50;
    shapes.push({
      d: ground(width, height * 1.02, unit * 8, line),
      tint: 'mass',
      depth: near,
      haze: [height * 0.6, height * 1.2],
    });
  }
  const leavesOnly = props.has('plant');
  for (let layer = 0; layer < 3; layer += 1) {
    const depth = 0.32 + layer * 0.3;
    const count = layer === 2 ? 7 : 11;
    for (let i = 0; i < count; i += 1) {
      const x = width * ((i + random.between(0.1, 0.9)) / count);
      const long = height * random.between(0.3, 0.62) * (0.72 + layer * 0.12);
      shapes.push(...stem(stage, x, height * 1.03, long, depth, layer, leavesOnly));
    }
  }
  if (props.has('birds')) shapes.push(birds(stage, width * 0.3, height * 0.18, 5));
  return { horizon: height, sun, ground: 'glow', shapes };
}

function stem(
  stage: Stage,
  x: number,
  foot: number,
  long: number,
  depth: number,
  layer: number,
  leavesOnly: boolean,
): Shape[] {
  const { unit, random } = stage;
  const lean = random.between(-0.2, 0.2) * long;
  const tip: Point = [x + lean, foot - long];
  const at = (t: number): Point => [x + lean * t * t, foot - long * t];
  const shapes: Shape[] = [
    { d: smooth([at(0), at(0.35), at(0.7), tip]), tint: 'mass', depth, line: unit * (3 + layer * 2), detail: true },
  ];
  const leaves = leavesOnly ? 9 : 4;
  let d = '';
  for (let i = 1; i <= leaves; i += 1) {
    const t = (i / (leaves + 1)) * 0.88;
    const [lx, ly] = at(t);
    const side = i % 2 === 0 ? 1 : -1;
    const reach = long * (leavesOnly ? 0.3 * (1.1 - t) + 0.06 : 0.2) * random.between(0.8, 1.2);
    d += leaf([lx, ly], [lx + side * reach, ly - reach * random.between(0.4, 0.9)], reach * 0.24);
  }
  shapes.push({ d, tint: 'mass', depth, shade: random.between(0, 0.14) });
  if (leavesOnly) return shapes;
  const size = unit * random.between(40, 74) * (0.62 + layer * 0.24);
  return [...shapes, ...bloom(stage, tip, size, layer)];
}

function bloom(stage: Stage, [x, y]: Point, r: number, layer: number): Shape[] {
  const { random } = stage;
  const tint: Tint = random.pick(['accent', 'accent', 'accent2', 'paper'] as const);
  const kind = random.whole(0, 2);
  const depth = 0.42 - layer * 0.14;
  if (kind === 0) return daisy(stage, x, y, r, tint, depth);
  if (kind === 1) {
    const petals = [-0.8, 0.8, -0.36, 0.36, 0].map(
      (angle, i): Shape => ({
        d: leaf([x, y + r * 0.6], [x + Math.sin(angle) * r * 1.1, y - Math.cos(angle) * r * 1.05], r * 0.66),
        tint,
        depth,
        shade: -0.16 + i * 0.06,
        detail: i > 1,
      }),
    );
    return petals;
  }
  const cup = `M${x - r} ${y - r * 0.3}Q${x - r * 0.5} ${y - r * 1.1} ${x} ${y - r * 0.55}Q${x + r * 0.5} ${y - r * 1.1} ${x + r} ${y - r * 0.3}Q${x + r * 0.9} ${y + r * 0.7} ${x} ${y + r * 0.7}Q${x - r * 0.9} ${y + r * 0.7} ${x - r} ${y - r * 0.3}Z`;
  return [
    { d: cup, tint, depth },
    {
      d: smooth(
        [
          [x - r * 0.62, y - r * 0.35],
          [x, y - r * 0.08],
          [x + r * 0.62, y - r * 0.35],
          [x + r * 0.4, y - r * 0.62],
          [x, y - r * 0.5],
          [x - r * 0.4, y - r * 0.62],
        ],
        true,
      ),
      tint,
      depth,
      shade: -0.26,
      detail: true,
    },
    { d: circle(x, y - r * 0.3, r * 0.15), tint: 'ink', depth: 1, opacity: 0.8, detail: true },
  ];
}

function daisy(stage: Stage, x: number, y: number, r: number, tint: Tint, depth: number): Shape[] {
  const { random } = stage;
  const count = random.whole(9, 14);
  const start = random.between(0, 1);
  let d = '';
  for (let i = 0; i < count; i += 1) {
    const angle = start + (i / count) * Math.PI * 2;
    d += leaf(
      [x + Math.cos(angle) * r * 0.12, y + Math.sin(angle) * r * 0.1],
      [x + Math.cos(angle) * r * 1.1, y + Math.sin(angle) * r * 0.92],
      r * 0.22,
    );
  }
  return [
    { d, tint, depth },
    { d: circle(x, y, r * 0.3), tint: tint === 'accent2' ? 'accent' : 'accent2', depth, shade: -0.04, detail: true },
    { d: circle(x + r * 0.06, y + r * 0.06, r * 0.18), tint: 'ink', depth: 1, opacity: 0.18, detail: true },
  ];
}
