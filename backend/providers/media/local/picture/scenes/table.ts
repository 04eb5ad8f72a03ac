import { circle, ellipse, leaf, type Point, polygon, rect, smooth, turned } from '../paths.ts';
import type { Prop, Scene, Shape, Stage, Tint } from '../scene.ts';

/** A still life: things on a table before a wall, light falling in from one side. */
export function table(stage: Stage): Scene {
  const { width, height, unit, random } = stage;
  const edge = height * random.between(0.6, 0.66);
  const right = random.chance(0.5);
  const shapes: Shape[] = [
    { d: rect(-5, -5, width + 10, edge + 10), tint: 'sky', depth: 0.2 },
    ...windowLight(stage, edge, right),
    {
      d: rect(-5, edge, width + 10, height - edge + 10),
      tint: 'accent2',
      depth: 0.45,
      shade: -0.05,
      haze: [edge - height * 0.1, height * 1.6],
    },
    { d: rect(-5, edge, width + 10, 3 * unit), tint: 'light', depth: 0.1, opacity: 0.55, detail: true },
  ];
  const size = Math.min(width, height * 1.35);
  const foot = edge + (height - edge) * 0.46;
  const kinds = arrangement(stage);
  const spots: Point[] = [
    [0.5, 0],
    [0.24, -0.035],
    [0.75, -0.02],
  ];
  // What stands behind is drawn first.
  for (const index of [1, 2, 0]) {
    const [share, back] = spots[index] ?? [0.5, 0];
    const scale = index === 0 ? 1 : 0.8;
    shapes.push(
      ...thing(
        stage,
        kinds[index] ?? 'bottle',
        width / 2 + (share - 0.5) * size,
        foot + back * height,
        size * 0.27 * scale,
        right,
      ),
    );
  }
  shapes.push(...scattered(stage, width / 2, foot + (height - foot) * 0.42, size));
  return { horizon: edge, sun: null, ground: 'flat', shapes };
}

function arrangement(stage: Stage): [Prop, Prop, Prop] {
  const { random, props } = stage;
  const asked = (['bowl', 'cup', 'bottle', 'fruit', 'plant'] as const).filter((kind) => props.has(kind));
  const rest = (['bottle', 'plant', 'cup', 'fruit'] as const).filter((kind) => !props.has(kind));
  const ordered: Prop[] = [...asked, ...(random.chance(0.5) ? rest : rest.toReversed())];
  return [ordered[0] ?? 'bowl', ordered[1] ?? 'bottle', ordered[2] ?? 'plant'];
}

function windowLight(stage: Stage, edge: number, right: boolean): Shape[] {
  const { width, unit, random } = stage;
  const from = width * (right ? random.between(0.1, 0.2) : random.between(0.42, 0.52));
  const slant = edge * (right ? 0.22 : -0.22);
  const pane = (column: number, row: number): string => {
    const [w, h] = [width * 0.17, edge * 0.3];
    const [x, y] = [from + column * (w + 10 * unit), edge * 0.12 + row * (h + 10 * unit)];
    const lean = (at: number): number => (slant * at) / edge;
    return polygon([
      [x + lean(y), y],
      [x + w + lean(y), y],
      [x + w + lean(y + h), y + h],
      [x + lean(y + h), y + h],
    ]);
  };
  const panes = [pane(0, 0), pane(1, 0), pane(0, 1), pane(1, 1)].join('');
  return [{ d: panes, tint: 'light', depth: 0, opacity: 0.5, soft: 5 * unit, detail: true }];
}

function thing(stage: Stage, kind: Prop, x: number, foot: number, s: number, right: boolean): Shape[] {
  const { unit } = stage;
  const side = right ? 1 : -1;
  const shadow: Shape = {
    d: ellipse(x + side * s * 0.34, foot - s * 0.01, s * 0.66, s * 0.1),
    tint: 'ink',
    depth: 1,
    opacity: 0.26,
    soft: 9 * unit,
    detail: true,
  };
  if (kind === 'bowl') return [shadow, ...bowl(stage, x, foot, s, side)];
  if (kind === 'cup') return [shadow, ...cup(stage, x, foot, s * 0.72, side)];
  if (kind === 'fruit')
    return [
      shadow,
      ...fruit(x, foot, s * 0.36, 'accent', side),
      ...fruit(x + s * 0.42, foot + s * 0.08, s * 0.3, 'accent2', side),
    ];
  if (kind === 'plant') return [shadow, ...plant(stage, x, foot, s, side)];
  return [shadow, ...bottle(stage, x, foot, s, side)];
}

/** A vessel with its side in shade and a stroke of light. */
function vessel(x: number, profile: Point[], tint: Tint, shadeOf: number, side: number): Shape[] {
  const half = profile.map(([w, y]): Point => [x + side * w, y]);
  const inner = profile.toReversed().map(([w, y]): Point => [x + side * w * 0.2, y]);
  const lightEdge = profile.slice(1, -1).map(([w, y]): Point => [x - side * w * 0.76, y]);
  const lightBack = lightEdge.toReversed().map(([px, py]): Point => [px + side * 7, py]);
  const shapes: Shape[] = [
    { d: turned(x, profile), tint, depth: 0.25, shade: shadeOf },
    { d: `${smooth(half)}L${smooth(inner).slice(1)}Z`, tint: 'ink', depth: 1, opacity: 0.17, detail: true },
  ];
  if (lightEdge.length > 1)
    shapes.push({
      d: `${smooth(lightEdge)}L${smooth(lightBack).slice(1)}Z`,
      tint: 'light',
      depth: 0,
      opacity: 0.42,
      detail: true,
    });
  return shapes;
}

function bowl(stage: Stage, x: number, foot: number, s: number, side: number): Shape[] {
  const { random } = stage;
  const rim = foot - s * 0.56;
  const profile: Point[] = [
    [s * 0.82, rim],
    [s * 0.78, rim + s * 0.16],
    [s * 0.6, foot - s * 0.2],
    [s * 0.34, foot - s * 0.06],
    [s * 0.3, foot],
  ];
  const food: Shape[] = [];
  for (let i = 0; i < 9; i += 1) {
    const angle = (i / 9) * Math.PI * 2 + random.between(-0.3, 0.3);
    const r = random.between(0.12, 0.5);
    const [cx, cy] = [x + Math.cos(angle) * s * r * 1.15, rim + Math.sin(angle) * s * r * 0.2];
    const tint: Tint = random.pick(['accent', 'accent2', 'mass', 'paper'] as const);
    food.push({
      d:
        i % 3 === 0
          ? leaf([cx, cy], [cx + random.between(-0.2, 0.2) * s, cy - s * 0.13], s * 0.05)
          : ellipse(cx, cy, s * random.between(0.1, 0.17), s * random.between(0.05, 0.075)),
      tint,
      depth: 0.5,
      shade: random.between(-0.05, 0.25),
      detail: true,
    });
  }
  const noodles = Array.from({ length: 6 }, (_, i) =>
    ellipse(x - s * 0.18 + i * s * 0.012, rim + s * 0.01, s * (0.36 - i * 0.05), s * (0.075 - i * 0.011)),
  ).join('');
  return [
    ...vessel(x, profile, 'paper', -0.02, side),
    {
      d: smooth([
        [x - s * 0.73, foot - s * 0.36],
        [x, foot - s * 0.28],
        [x + s * 0.73, foot - s * 0.36],
      ]),
      tint: 'accent',
      depth: 0.2,
      line: s * 0.035,
      detail: true,
    },
    { d: ellipse(x, rim, s * 0.82, s * 0.17), tint: 'paper', depth: 0.2, shade: 0.1, detail: true },
    { d: ellipse(x, rim + s * 0.012, s * 0.76, s * 0.145), tint: 'accent2', depth: 0.5, shade: -0.14, detail: true },
    { d: noodles, tint: 'light', depth: 0.1, shade: -0.06, line: s * 0.014, detail: true },
    ...food,
    ...steam(stage, x, rim - s * 0.14, s),
  ];
}

function cup(stage: Stage, x: number, foot: number, s: number, side: number): Shape[] {
  const rim = foot - s * 0.78;
  const profile: Point[] = [
    [s * 0.5, rim],
    [s * 0.5, rim + s * 0.2],
    [s * 0.46, foot - s * 0.2],
    [s * 0.34, foot - s * 0.02],
    [s * 0.3, foot],
  ];
  const handle = smooth([
    [x + s * 0.48, rim + s * 0.16],
    [x + s * 0.78, rim + s * 0.18],
    [x + s * 0.74, rim + s * 0.46],
    [x + s * 0.44, rim + s * 0.54],
  ]);
  return [
    { d: ellipse(x, foot, s * 0.78, s * 0.12), tint: 'paper', depth: 0.3, shade: -0.08 },
    { d: ellipse(x, foot - s * 0.01, s * 0.48, s * 0.06), tint: 'ink', depth: 1, opacity: 0.12, detail: true },
    { d: handle, tint: 'accent', depth: 0.3, line: s * 0.09, detail: true },
    ...vessel(x, profile, 'accent', 0.02, side),
    { d: ellipse(x, rim, s * 0.5, s * 0.11), tint: 'paper', depth: 0.2, shade: 0.06, detail: true },
    { d: ellipse(x, rim + s * 0.012, s * 0.45, s * 0.088), tint: 'mass', depth: 0.9, shade: 0.06, detail: true },
    {
      d: ellipse(x - s * 0.06, rim + s * 0.012, s * 0.2, s * 0.035),
      tint: 'accent2',
      depth: 0.2,
      opacity: 0.7,
      detail: true,
    },
    ...steam(stage, x, rim - s * 0.1, s),
  ];
}

function bottle(stage: Stage, x: number, foot: number, s: number, side: number): Shape[] {
  const { random } = stage;
  const top = foot - s * random.between(1.5, 1.9);
  const wide = random.between(0.3, 0.4);
  const profile: Point[] = [
    [s * 0.1, top],
    [s * 0.1, top + s * 0.34],
    [s * wide * 0.8, top + s * 0.62],
    [s * wide, foot - s * 0.55],
    [s * wide, foot - s * 0.1],
    [s * wide * 0.86, foot],
  ];
  return [
    ...vessel(x, profile, 'mass', 0.14, side),
    {
      d: rect(x - s * wide * 0.99, foot - s * 0.6, s * wide * 1.98, s * 0.36),
      tint: 'paper',
      depth: 0.3,
      detail: true,
    },
    {
      d: `${rect(x - s * wide * 0.6, foot - s * 0.5, s * wide * 1.2, s * 0.03)}${circle(x, foot - s * 0.36, s * 0.05)}`,
      tint: 'accent',
      depth: 0.3,
      detail: true,
    },
    { d: rect(x - s * 0.12, top - s * 0.06, s * 0.24, s * 0.12, s * 0.02), tint: 'accent', depth: 0.4, detail: true },
  ];
}

function fruit(x: number, foot: number, r: number, tint: Tint, side: number): Shape[] {
  const y = foot - r * 0.92;
  return [
    { d: ellipse(x, y, r, r * 0.94), tint, depth: 0.2 },
    {
      d: smooth(
        [
          [x + side * r * 0.15, y - r * 0.92],
          [x + side * r * 0.8, y - r * 0.55],
          [x + side * r, y],
          [x + side * r * 0.7, y + r * 0.65],
          [x, y + r * 0.94],
          [x + side * r * 0.52, y + r * 0.3],
          [x + side * r * 0.6, y - r * 0.3],
        ],
        true,
      ),
      tint: 'ink',
      depth: 1,
      opacity: 0.18,
      detail: true,
    },
    {
      d: ellipse(x - side * r * 0.42, y - r * 0.4, r * 0.16, r * 0.1),
      tint: 'light',
      depth: 0,
      opacity: 0.75,
      detail: true,
    },
    {
      d: smooth([
        [x, y - r * 0.86],
        [x + r * 0.06, y - r * 1.12],
        [x + r * 0.14, y - r * 1.2],
      ]),
      tint: 'ink',
      depth: 1,
      line: r * 0.07,
      detail: true,
    },
    {
      d: leaf([x + r * 0.05, y - r * 1.02], [x + r * 0.6, y - r * 1.2], r * 0.18),
      tint: 'mass',
      depth: 0.6,
      shade: 0.2,
      detail: true,
    },
  ];
}

function plant(stage: Stage, x: number, foot: number, s: number, side: number): Shape[] {
  const { random } = stage;
  const rim = foot - s * 0.62;
  const profile: Point[] = [
    [s * 0.2, rim],
    [s * 0.25, rim + s * 0.12],
    [s * 0.38, foot - s * 0.26],
    [s * 0.3, foot - s * 0.03],
    [s * 0.26, foot],
  ];
  const shapes: Shape[] = [];
  for (let i = 0; i < 13; i += 1) {
    const angle = (i / 12 - 0.5) * 2.2 + random.between(-0.12, 0.12);
    const long = s * random.between(0.7, 1.15);
    shapes.push({
      d: leaf([x, rim + s * 0.04], [x + Math.sin(angle) * long, rim - Math.cos(angle) * long], s * 0.15),
      tint: 'mass',
      depth: 0.72,
      shade: random.between(0, 0.34),
      detail: true,
    });
  }
  return [
    ...shapes,
    ...vessel(x, profile, 'accent', -0.04, side),
    { d: ellipse(x, rim, s * 0.2, s * 0.045), tint: 'ink', depth: 1, opacity: 0.35, detail: true },
  ];
}

function steam(stage: Stage, x: number, y: number, s: number): Shape[] {
  const { random } = stage;
  return [-0.22, 0.02, 0.24].map((offset): Shape => {
    const bend = random.between(0.06, 0.14) * s;
    const points: Point[] = Array.from({ length: 6 }, (_, i) => [
      x + offset * s + Math.sin(i * 1.3 + offset * 9) * bend,
      y - i * s * 0.17,
    ]);
    return { d: smooth(points), tint: 'light', depth: 0, line: s * 0.05, opacity: 0.42, soft: s * 0.03, detail: true };
  });
}

function scattered(stage: Stage, x: number, y: number, size: number): Shape[] {
  const { random } = stage;
  const shapes: Shape[] = [];
  const side = random.pick([-1, 1]);
  const cx = x + side * size * 0.3;
  shapes.push({
    d: leaf([cx, y], [cx + size * 0.1, y - size * 0.035], size * 0.02),
    tint: 'mass',
    depth: 0.7,
    shade: 0.16,
    detail: true,
  });
  shapes.push({
    d: leaf([cx, y], [cx - size * 0.06, y - size * 0.045], size * 0.02),
    tint: 'mass',
    depth: 0.8,
    shade: 0.06,
    detail: true,
  });
  shapes.push({
    d: `${circle(cx - size * 0.1, y + size * 0.008, size * 0.014)}${circle(cx - size * 0.14, y - size * 0.01, size * 0.011)}`,
    tint: 'accent',
    depth: 0.3,
    detail: true,
  });
  return shapes;
}
