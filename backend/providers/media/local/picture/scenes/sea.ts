import { lineNoise } from '../noise.ts';
import { lens, type Point, polygon, rect, smooth } from '../paths.ts';
import type { Scene, Shape, Stage, Sun } from '../scene.ts';
import { birds, clouds, figure, glints, ground, stars } from './nature.ts';

/** Open water below a wide sky, with a headland, a boat or a lighthouse. */
export function sea(stage: Stage): Scene {
  const { width, height, unit, random, props } = stage;
  const horizon = height * random.between(0.46, 0.58);
  const sun: Sun = {
    x: width * random.pick([0.3, 0.38, 0.62, 0.7]),
    y: horizon - height * random.between(0.03, 0.2),
    radius: unit * random.between(60, 105),
  };
  const shapes: Shape[] = [];
  if (stage.night || props.has('stars')) shapes.push(...stars(stage, horizon, 170));
  shapes.push(...clouds(stage, height * 0.08, horizon * 0.92, random.whole(3, 6)));
  shapes.push({
    d: rect(-5, horizon, width + 10, height - horizon + 10),
    tint: 'mass',
    depth: 0.3,
    haze: [height * 1.1, horizon - height * 0.05],
  });
  const side = sun.x < width / 2 ? 1 : -1;
  shapes.push(...headland(stage, horizon, side));
  shapes.push(...glints(stage, sun.x, horizon + 3 * unit, height * 0.96, width * 0.13));
  if (props.has('boat') || (!props.has('lighthouse') && random.chance(0.6)))
    shapes.push(
      ...boat(
        stage,
        width * (side > 0 ? random.between(0.5, 0.62) : random.between(0.36, 0.48)),
        horizon + height * random.between(0.08, 0.13),
        unit * random.between(110, 160),
      ),
    );
  shapes.push(...waves(stage, horizon));
  if (props.has('figure')) shapes.push(...sand(stage));
  if (props.has('birds') || random.chance(0.6))
    shapes.push(
      birds(
        stage,
        width * random.between(0.25, 0.55),
        horizon - height * random.between(0.14, 0.28),
        random.whole(3, 7),
      ),
    );
  return { horizon, sun, ground: 'glow', shapes };
}

function headland(stage: Stage, horizon: number, side: number): Shape[] {
  const { width, height, unit, random, props } = stage;
  const far = lineNoise(random, 4);
  const farther = (x: number): number => {
    const across = side > 0 ? 1 - x / width : x / width;
    return horizon + 2 * unit - Math.max(0, 0.62 - across) * height * 0.12 * (1 + far((x / width) * 6) * 0.5);
  };
  const cliffs = lineNoise(random, 5);
  const edge = random.between(0.24, 0.34);
  const cliff = (x: number): number => {
    const across = side > 0 ? 1 - x / width : x / width;
    if (across > edge) return horizon + unit * 30;
    const plateau = height * 0.17 * Math.min(1, (edge - across) * 11);
    return (
      horizon + unit * 16 - plateau * (1 + cliffs((x / width) * 5) * 0.22) - Math.max(0, edge - across) * height * 0.14
    );
  };
  const shapes: Shape[] = [
    { d: ground(width, horizon + 3 * unit, unit * 5, farther), tint: 'mass', depth: 0.22, detail: true },
    {
      d: ground(width, horizon + unit * 26, unit * 4, cliff),
      tint: 'mass',
      depth: 0.74,
      haze: [horizon - height * 0.22, horizon + height * 0.14],
    },
  ];
  if (props.has('lighthouse')) {
    const x = side > 0 ? width * (1 - edge * 0.6) : width * edge * 0.6;
    shapes.push(...lighthouse(x, cliff(x) + 4 * unit, unit * 190, -side));
  }
  return shapes;
}

function lighthouse(x: number, foot: number, h: number, towards: number): Shape[] {
  const half = (t: number): number => h * (0.085 - t * 0.03);
  const band = (from: number, to: number): string =>
    polygon([
      [x - half(from), foot - h * from * 0.78],
      [x - half(to), foot - h * to * 0.78],
      [x + half(to), foot - h * to * 0.78],
      [x + half(from), foot - h * from * 0.78],
    ]);
  const lamp = foot - h * 0.86;
  const beam = polygon([
    [x, lamp - h * 0.02],
    [x + towards * h * 14, lamp - h * 1.7],
    [x + towards * h * 14, lamp + h * 0.9],
    [x, lamp + h * 0.02],
  ]);
  return [
    { d: beam, tint: 'light', depth: 0, opacity: 0.2, soft: h * 0.03, detail: true },
    { d: band(0, 1), tint: 'paper', depth: 0.7 },
    { d: `${band(0.16, 0.38)}${band(0.6, 0.82)}`, tint: 'accent', depth: 0.7, detail: true },
    { d: rect(x, foot - h * 0.78, half(1) * 1.02, h * 0.78), tint: 'ink', depth: 1, opacity: 0.16, detail: true },
    {
      d: `${rect(x - h * 0.085, foot - h * 0.8, h * 0.17, h * 0.03)}${polygon([
        [x - h * 0.06, foot - h * 0.91],
        [x, foot - h],
        [x + h * 0.06, foot - h * 0.91],
      ])}`,
      tint: 'ink',
      depth: 1,
      detail: true,
    },
    { d: rect(x - h * 0.04, foot - h * 0.91, h * 0.08, h * 0.11), tint: 'light', depth: 0, detail: true },
  ];
}

function boat(stage: Stage, x: number, foot: number, h: number): Shape[] {
  const { unit } = stage;
  const hull = `M${x - h * 0.36} ${foot - h * 0.12}Q${x - h * 0.3} ${foot} ${x - h * 0.2} ${foot}L${x + h * 0.26} ${foot}Q${x + h * 0.38} ${foot - h * 0.04} ${x + h * 0.44} ${foot - h * 0.13}Q${x} ${foot - h * 0.07} ${x - h * 0.36} ${foot - h * 0.12}Z`;
  const main = `M${x + h * 0.02} ${foot - h}Q${x + h * 0.34} ${foot - h * 0.5} ${x + h * 0.38} ${foot - h * 0.2}L${x + h * 0.02} ${foot - h * 0.17}Z`;
  const jib = `M${x - h * 0.02} ${foot - h * 0.92}Q${x - h * 0.1} ${foot - h * 0.5} ${x - h * 0.34} ${foot - h * 0.17}L${x - h * 0.02} ${foot - h * 0.17}Z`;
  let mirror = '';
  for (let i = 0; i < 7; i += 1)
    mirror += lens(x + h * 0.04, foot + h * (0.05 + i * 0.085), h * (0.3 - i * 0.032), unit * 2.2);
  return [
    { d: mirror, tint: 'paper', depth: 0.4, opacity: 0.4, detail: true },
    { d: main, tint: 'paper', depth: 0.5 },
    { d: jib, tint: 'accent', depth: 0.5 },
    { d: rect(x - unit * 1.5, foot - h * 1.02, unit * 3, h * 0.92), tint: 'ink', depth: 1, detail: true },
    { d: hull, tint: 'ink', depth: 1, shade: 0.08 },
  ];
}

/** Swells that grow towards the viewer, each with a crest of light. */
function waves(stage: Stage, horizon: number): Shape[] {
  const { width, height, unit, random } = stage;
  const shapes: Shape[] = [];
  const rows = 7;
  for (let row = 0; row < rows; row += 1) {
    const near = (row + 1) / rows;
    const y = horizon + (height - horizon) * (0.2 + near ** 1.5 * 0.72);
    const swell = unit * (3 + near * 20);
    const noise = lineNoise(random, 2);
    const phase = random.between(0, 9);
    const line = (x: number): number =>
      y - Math.sin((x / width) * (15 - near * 8) + phase) * swell * 0.5 - noise((x / width) * (7 - near * 3)) * swell;
    shapes.push({
      d: ground(width, height * 1.02, unit * 8, line),
      tint: 'mass',
      depth: 0.34 + near * 0.5,
      opacity: 0.62,
      haze: [height * 1.5, y - swell],
    });
    let crests = '';
    for (let i = 0; i < 9; i += 1) {
      const x = random.next() * width;
      const half = unit * (14 + near * 70) * random.between(0.5, 1.2);
      const points: Point[] = [-1, -0.4, 0.4, 1].map((t) => [x + t * half, line(x + t * half) + unit * 1.5]);
      crests += `${smooth(points)}L${smooth(points.toReversed().map(([px, py], i) => [px, py + (i === 1 || i === 2 ? unit * (1 + near * 4.5) : 0)])).slice(1)}Z`;
    }
    shapes.push({ d: crests, tint: 'paper', depth: 0.1, opacity: 0.2 + near * 0.3, detail: true });
  }
  return shapes;
}

function sand(stage: Stage): Shape[] {
  const { width, height, unit, random } = stage;
  const noise = lineNoise(random, 2);
  const line = (x: number): number => height * 0.93 + noise((x / width) * 2) * unit * 18 - (x / width) * unit * 30;
  return [
    { d: ground(width, height * 1.02, unit * 8, (x) => line(x) - unit * 9), tint: 'paper', depth: 0.2, opacity: 0.7 },
    { d: ground(width, height * 1.02, unit * 8, line), tint: 'accent2', depth: 0.7, shade: -0.12 },
    ...figure(width * 0.5, line(width * 0.5) + unit * 22, unit * 165),
  ];
}
