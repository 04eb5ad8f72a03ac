import { circle, ellipse, polygon, polyline, rect } from '../paths.ts';
import type { Scene, Shape, Stage, Sun } from '../scene.ts';
import { birds, clouds, figure, stars } from './nature.ts';
import { tram } from './tram.ts';

/** Rows of houses in the haze, lit windows, a street; a tram on it where the prompt has one. */
export function city(stage: Stage): Scene {
  const { width, height, unit, random, props } = stage;
  const street = height * (props.has('tram') ? 0.84 : 0.88);
  const horizon = height * 0.66;
  const sun: Sun = {
    x: width * random.pick([0.3, 0.42, 0.66]),
    y: height * random.between(0.22, 0.42),
    radius: unit * random.between(62, 100),
  };
  const shapes: Shape[] = [];
  if (stage.night || props.has('stars')) shapes.push(...stars(stage, height * 0.5, 120));
  shapes.push(...clouds(stage, height * 0.08, height * 0.4, 4));
  const old = props.has('old_town');
  const rows = old ? [0.05, 0.3, 0.62] : [0, 0.24, 0.5, 0.8];
  for (const near of rows) shapes.push(...row(stage, near, street, old));
  shapes.push(...road(stage, street));
  if (props.has('tram')) shapes.push(...tram(stage, width * random.between(0.2, 0.3), street + unit * 66, unit * 205));
  if (props.has('figure')) shapes.push(...figure(width * 0.82, street + unit * 88, unit * 130));
  if (props.has('birds') || random.chance(0.4)) shapes.push(birds(stage, width * 0.5, height * 0.18, 5));
  return { horizon, sun, ground: 'glow', shapes };
}

function row(stage: Stage, near: number, street: number, old: boolean): Shape[] {
  const { width, height, unit, random } = stage;
  const depth = 0.14 + near * 0.72;
  const shapes: Shape[] = [];
  let masses = '';
  let roofs = '';
  let lit = '';
  let dark = '';
  const tallest = height * (old ? 0.3 - near * 0.06 : 0.55 - near * 0.2);
  for (let x = -unit * random.between(10, 90); x < width; ) {
    const w = unit * (old ? random.between(72, 130) : random.between(56, 150)) * (0.75 + near * 0.55);
    const h =
      tallest *
      (old
        ? random.between(0.72, 1.1)
        : random.between(0.34, 1) * (0.65 + 0.35 * Math.sin((x / width) * 5 + near * 7 + 1) ** 2));
    const top = street - h;
    masses += rect(x, top, w + 1, h + unit * 30);
    if (old) roofs += gable(stage, x, top, w);
    else masses += crownOf(stage, x, top, w);
    const grid = windowsOf(stage, x, top, w, h, old);
    lit += grid.lit;
    dark += grid.dark;
    x += w + (old ? 0 : unit * random.between(-6, 26) * (1 - near));
  }
  shapes.push({
    d: masses,
    tint: 'mass',
    depth,
    haze: [street - tallest * 1.1, street + height * (0.16 + near * 0.4)],
  });
  if (roofs !== '') shapes.push({ d: roofs, tint: 'accent', depth: depth * 0.8, shade: -0.22 + near * 0.08 });
  if (near > 0.15) {
    shapes.push({ d: dark, tint: 'mass', depth: Math.min(1, depth + 0.16), opacity: 0.5, detail: true });
    shapes.push({ d: lit, tint: 'light', depth: 0.05, opacity: stage.night ? 0.95 : 0.62, detail: true });
  }
  return shapes;
}

function gable(stage: Stage, x: number, top: number, w: number): string {
  const { random, unit } = stage;
  const rise = w * random.between(0.3, 0.62);
  const chimney = rect(x + w * random.between(0.6, 0.8), top - rise * 0.8, unit * 11, rise * 0.7);
  return random.chance(0.5)
    ? `${polygon([
        [x - unit * 4, top],
        [x + w / 2, top - rise],
        [x + w + unit * 4, top],
      ])}${chimney}`
    : `${polygon([
        [x - unit * 3, top],
        [x + w * 0.12, top - rise * 0.7],
        [x + w * 0.88, top - rise * 0.7],
        [x + w + unit * 3, top],
      ])}${chimney}`;
}

/** What a tower ends in: a step, a mast, a slope, or nothing. */
function crownOf(stage: Stage, x: number, top: number, w: number): string {
  const { random, unit } = stage;
  const kind = random.whole(0, 4);
  if (kind === 0)
    return `${rect(x + w * 0.18, top - w * 0.22, w * 0.64, w * 0.24)}${rect(x + w * 0.34, top - w * 0.4, w * 0.32, w * 0.2)}`;
  if (kind === 1)
    return `${rect(x + w * 0.49, top - w * 0.8, unit * 3, w * 0.82)}${rect(x + w * 0.36, top - w * 0.12, w * 0.28, w * 0.14)}`;
  if (kind === 2)
    return polygon([
      [x, top + 1],
      [x, top - w * 0.34],
      [x + w, top + 1],
    ]);
  if (kind === 3)
    return `${rect(x + w * 0.1, top - unit * 16, w * 0.22, unit * 18)}${rect(x + w * 0.56, top - unit * 9, w * 0.3, unit * 11)}`;
  return '';
}

function windowsOf(
  stage: Stage,
  x: number,
  top: number,
  w: number,
  h: number,
  old: boolean,
): { lit: string; dark: string } {
  const { random, unit, night } = stage;
  let lit = '';
  let dark = '';
  const across = Math.max(2, Math.round(w / (unit * (old ? 34 : 20))));
  const gapX = w / across;
  const gapY = unit * (old ? 52 : 25);
  const share = night ? 0.5 : 0.2;
  const strips = !old && random.chance(0.3);
  for (let y = top + gapY * 0.5; y < top + h - gapY * 0.9; y += gapY) {
    const rowLit = random.chance(share);
    for (let i = 0; i < across; i += 1) {
      const on = strips ? rowLit && random.chance(0.85) : random.chance(share);
      const d = rect(
        x + gapX * (i + (strips ? 0.06 : 0.26)),
        y,
        gapX * (strips ? 0.88 : 0.48),
        gapY * (strips ? 0.4 : 0.52),
      );
      if (on) lit += d;
      else dark += d;
    }
  }
  return { lit, dark };
}

function road(stage: Stage, street: number): Shape[] {
  const { width, height, unit, random, props } = stage;
  const shapes: Shape[] = [
    {
      d: rect(-5, street, width + 10, height - street + 10),
      tint: 'mass',
      depth: 0.9,
      haze: [street - height * 0.2, height * 1.5],
    },
    { d: rect(-5, street, width + 10, unit * 7), tint: 'mass', depth: 0.55, detail: true },
  ];
  let wet = '';
  for (let i = 0; i < 40; i += 1) {
    const y = street + unit * 14 + random.next() * (height - street);
    wet += ellipse(random.next() * width, y, unit * random.between(12, 60), unit * random.between(0.8, 2));
  }
  shapes.push({ d: wet, tint: 'light', depth: 0.1, opacity: 0.16, detail: true });
  if (props.has('tram')) {
    const rails = [60, 74]
      .map((dy) =>
        polyline([
          [-5, street + dy * unit],
          [width + 5, street + dy * unit],
        ]),
      )
      .join('');
    shapes.push({ d: rails, tint: 'light', depth: 0.2, line: 2 * unit, opacity: 0.5, detail: true });
  } else {
    for (const share of [0.12, 0.5, 0.88]) shapes.push(...lamp(width * share, street + unit * 12, unit * 150, unit));
  }
  return shapes;
}

function lamp(x: number, foot: number, h: number, unit: number): Shape[] {
  return [
    { d: circle(x, foot - h, unit * 40), tint: 'light', depth: 0, opacity: 0.4, soft: unit * 14, detail: true },
    {
      d: `${rect(x - unit * 2, foot - h, unit * 4, h)}${rect(x - unit * 6, foot - unit * 8, unit * 12, unit * 8)}`,
      tint: 'ink',
      depth: 1,
      detail: true,
    },
    { d: ellipse(x, foot - h, unit * 8, unit * 10), tint: 'light', depth: 0, detail: true },
  ];
}
