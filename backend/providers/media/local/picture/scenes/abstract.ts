import { lineNoise } from '../noise.ts';
import { circle, type Point, polygon, polyline, rect, smooth } from '../paths.ts';
import type { Scene, Shape, Stage, Tint } from '../scene.ts';

/** Compositions without an object: tiles, bands that flow, or discs in balance. */
export function abstract(stage: Stage): Scene {
  const { random, props, height } = stage;
  const asked = (['grid', 'waves', 'discs'] as const).find((kind) => props.has(kind));
  const kind = asked ?? random.pick(['grid', 'waves', 'discs'] as const);
  const shapes = kind === 'grid' ? tiles(stage) : kind === 'waves' ? bands(stage) : discs(stage);
  return { horizon: height, sun: null, ground: kind === 'grid' ? 'flat' : 'glow', shapes };
}

const tints: readonly [Tint, ...Tint[]] = ['accent', 'accent2', 'mass', 'ink', 'paper', 'light'];

function tiles(stage: Stage): Shape[] {
  const { width, height, random } = stage;
  const across = width >= height ? random.whole(5, 7) : random.whole(4, 5);
  const size = width / across;
  const down = Math.ceil(height / size);
  const shapes: Shape[] = [];
  for (let row = 0; row < down; row += 1) {
    for (let column = 0; column < across; column += 1) shapes.push(...tile(stage, column * size, row * size, size));
  }
  return shapes;
}

function tile(stage: Stage, x: number, y: number, s: number): Shape[] {
  const { random } = stage;
  const ground = random.pick(tints);
  const others = tints.filter((tint) => tint !== ground) as [Tint, ...Tint[]];
  const front = random.pick(others);
  const depth = (tint: Tint): number => (tint === 'mass' ? 0.55 : 0.1);
  const shapes: Shape[] = [{ d: rect(x, y, s + 0.6, s + 0.6), tint: ground, depth: depth(ground), detail: true }];
  const add = (d: string, tint: Tint): void => void shapes.push({ d, tint, depth: depth(tint), detail: true });
  const kind = random.whole(0, 6);
  if (kind === 0) add(quarter(x, y, s, s, random.whole(0, 3)), front);
  if (kind === 1) {
    add(circle(x + s / 2, y + s / 2, s * 0.5), front);
    add(circle(x + s / 2, y + s / 2, s * 0.22), random.pick(others));
  }
  if (kind === 2) {
    const corner = random.whole(0, 3);
    for (const [share, tint] of [
      [1, front],
      [0.7, ground],
      [0.4, random.pick(others)],
    ] as const)
      add(quarter(x, y, s, s * share, corner), tint);
  }
  if (kind === 3)
    add(
      random.chance(0.5)
        ? polygon([
            [x, y],
            [x + s, y],
            [x, y + s],
          ])
        : polygon([
            [x + s, y],
            [x + s, y + s],
            [x, y + s],
          ]),
      front,
    );
  if (kind === 4) for (let i = 0; i < 4; i += 1) add(rect(x, y + (i + 0.25) * (s / 4), s + 0.6, s / 8), front);
  if (kind === 5) {
    add(quarter(x, y, s, s, 0), front);
    add(quarter(x, y, s, s, 2), front);
  }
  if (kind === 6) {
    for (let i = 0; i < 9; i += 1)
      add(circle(x + s * (0.2 + (i % 3) * 0.3), y + s * (0.2 + Math.floor(i / 3) * 0.3), s * 0.075), front);
  }
  return shapes;
}

/** A quarter disc of radius `r` in one corner of a tile. */
function quarter(x: number, y: number, s: number, r: number, corner: number): string {
  const [cx, cy] = [corner % 3 === 0 ? x : x + s, corner < 2 ? y : y + s];
  const [dx, dy] = [cx === x ? r : -r, cy === y ? r : -r];
  return `M${cx} ${cy}L${cx + dx} ${cy}A${r} ${r} 0 0 ${dx * dy > 0 ? 1 : 0} ${cx} ${cy + dy}Z`;
}

function bands(stage: Stage): Shape[] {
  const { width, height, unit, random } = stage;
  const count = random.whole(11, 15);
  const noise = lineNoise(random, 2);
  const second = lineNoise(random, 2);
  const steep = random.between(-0.32, 0.32);
  const line =
    (t: number) =>
    (x: number): number =>
      height * (-0.14 + t * 1.24) +
      (x / width - 0.5) * height * steep +
      noise((x / width) * 1.7 + t * 1.1) * height * 0.17 * (0.5 + Math.sin(t * Math.PI)) +
      second((x / width) * 3.1 + t * 2) * unit * 22;
  const order: Tint[] = Array.from({ length: count }, (_, i) =>
    i % 5 === 3 ? 'accent' : i % 7 === 5 ? 'accent2' : 'mass',
  );
  return order.map((tint, i): Shape => {
    const t = i / count;
    const points: Point[] = [];
    for (let x = -20; x <= width + 20; x += unit * 34) points.push([x, line(t)(x)]);
    return {
      d: `${smooth(points)}L${width + 20} ${height * 1.3}L-20 ${height * 1.3}Z`,
      tint,
      depth: tint === 'mass' ? 0.04 + t * 0.92 : 0.2 + t * 0.3,
      haze: [height * (t - 0.2), height * (t + 0.5)],
    };
  });
}

function discs(stage: Stage): Shape[] {
  const { width, height, unit, random } = stage;
  const big = unit * random.between(270, 340);
  const [cx, cy] = [width * random.pick([0.38, 0.62]), height * random.between(0.4, 0.52)];
  const shapes: Shape[] = [
    { d: circle(cx, cy, big), tint: 'accent', depth: 0.1 },
    {
      d: `M${cx - big} ${cy}A${big} ${big} 0 0 0 ${cx + big} ${cy}Z`,
      tint: 'mass',
      depth: 0.75,
      opacity: 0.9,
      detail: true,
    },
  ];
  for (let i = 0; i < 4; i += 1) {
    const angle = random.between(0, Math.PI * 2);
    const r = big * random.between(0.14, 0.46);
    const [x, y] = [
      cx + Math.cos(angle) * big * random.between(0.7, 1.25),
      cy + Math.sin(angle) * big * random.between(0.7, 1.1),
    ];
    shapes.push({
      d: circle(x, y, r),
      tint: random.pick(['accent2', 'paper', 'light', 'mass'] as const),
      depth: random.between(0.1, 0.5),
      opacity: random.between(0.78, 1),
    });
    if (random.chance(0.5))
      shapes.push({
        d: circle(x, y, r * 0.52),
        tint: random.pick(['ink', 'accent'] as const),
        depth: 0.6,
        detail: true,
      });
  }
  let arcs = '';
  for (let i = 0; i < 6; i += 1) arcs += circle(cx, cy, big * (1.12 + i * 0.09));
  shapes.push({ d: arcs, tint: 'ink', depth: 0.8, line: unit * 1.6, opacity: 0.4, detail: true });
  const angle = random.between(0.3, 1.1);
  let rays = '';
  for (let i = 0; i < 7; i += 1) {
    const shift = (i - 3) * unit * 22;
    rays += polyline([
      [cx - Math.cos(angle) * big * 1.7 + shift, cy - Math.sin(angle) * big * 1.5],
      [cx + Math.cos(angle) * big * 1.7 + shift, cy + Math.sin(angle) * big * 1.5],
    ]);
  }
  shapes.push({ d: rays, tint: 'paper', depth: 0.2, line: unit * 2.4, opacity: 0.55, detail: true });
  let dots = '';
  const [gx, gy] = [width * (cx > width / 2 ? 0.08 : 0.72), height * 0.78];
  for (let i = 0; i < 35; i += 1)
    dots += circle(gx + (i % 7) * unit * 24, gy + Math.floor(i / 7) * unit * 24, unit * 4.4);
  shapes.push({ d: dots, tint: 'ink', depth: 0.9, opacity: 0.75, detail: true });
  return shapes;
}
