import { lineNoise } from '../noise.ts';
import { circle, ellipse } from '../paths.ts';
import type { Scene, Shape, Stage, Sun } from '../scene.ts';
import { figure, ground, stars } from './nature.ts';

/** A banded planet with its moons above a bare ridge. */
export function space(stage: Stage): Scene {
  const { width, height, unit, random, props } = stage;
  const sun: Sun = { x: width * random.between(0.1, 0.25), y: height * random.between(0.12, 0.3), radius: unit * 20 };
  const planet = {
    x: width * random.between(0.5, 0.66),
    y: height * random.between(0.36, 0.48),
    r: unit * random.between(190, 270),
  };
  const shapes: Shape[] = [...stars(stage, height, 320), ...nebula(stage)];
  const ringed = random.chance(0.65) || props.has('rings');
  const tilt = random.between(-0.34, 0.34);
  if (ringed) shapes.push(...ring(planet, tilt, true));
  shapes.push(...globe(stage, planet));
  if (ringed) shapes.push(...ring(planet, tilt, false));
  const small = { x: planet.x - planet.r * 1.35, y: planet.y + planet.r * 0.72, r: planet.r * 0.18 };
  shapes.push(
    { d: circle(small.x, small.y, small.r), tint: 'accent2', depth: 0.1 },
    { d: crescent(small.x, small.y, small.r), tint: 'ink', depth: 1, opacity: 0.6, detail: true },
  );
  for (const near of [0.55, 1]) {
    const noise = lineNoise(random, 5);
    const line = (x: number): number =>
      height * (0.78 + near * 0.11) - Math.abs(noise((x / width) * 3.4)) * unit * 130 * (1.2 - near * 0.5);
    shapes.push({
      d: ground(width, height * 1.02, unit * 4, line),
      tint: 'mass',
      depth: near,
      haze: [height * 0.6, height * 1.5],
    });
    if (near === 1 && props.has('figure'))
      shapes.push(...figure(width * 0.3, line(width * 0.3) + unit * 4, unit * 110));
  }
  return { horizon: height, sun, ground: 'glow', shapes };
}

function nebula(stage: Stage): Shape[] {
  const { width, height, unit, random } = stage;
  return Array.from({ length: 9 }, (_, i): Shape => {
    const t = i / 8;
    return {
      d: ellipse(
        width * (t + random.between(-0.1, 0.1)),
        height * (0.62 - t * 0.46 + random.between(-0.08, 0.08)),
        unit * random.between(110, 260),
        unit * random.between(60, 140),
      ),
      tint: random.pick(['accent', 'accent2', 'sky'] as const),
      depth: 0.1,
      opacity: random.between(0.08, 0.2),
      soft: 62 * unit,
      detail: true,
    };
  });
}

function globe(stage: Stage, planet: { x: number; y: number; r: number }): Shape[] {
  const { random, unit } = stage;
  const { x, y, r } = planet;
  const shapes: Shape[] = [
    { d: circle(x, y, r * 1.14), tint: 'accent', depth: 0, opacity: 0.34, soft: 26 * unit, detail: true },
    { d: circle(x, y, r), tint: 'accent', depth: 0.1 },
  ];
  let from = -0.95;
  let turnOf = 0;
  while (from < 0.9) {
    const to = Math.min(0.97, from + random.between(0.08, 0.3));
    const [w1, w2] = [Math.sqrt(1 - from * from) * r, Math.sqrt(1 - to * to) * r];
    const [y1, y2] = [y + from * r, y + to * r];
    const wave = r * random.between(-0.035, 0.035);
    // A band ends on the globe's own outline, so its sides are arcs of it.
    shapes.push({
      d: `M${x - w1} ${y1}Q${x} ${y1 + wave} ${x + w1} ${y1}A${r} ${r} 0 0 1 ${x + w2} ${y2}Q${x} ${y2 + wave} ${x - w2} ${y2}A${r} ${r} 0 0 1 ${x - w1} ${y1}Z`,
      tint: turnOf % 2 === 0 ? 'accent2' : 'accent',
      depth: 0.1,
      shade: random.between(-0.2, 0.16),
      opacity: random.between(0.5, 0.9),
      detail: true,
    });
    from = to + random.between(0, 0.08);
    turnOf += 1;
  }
  shapes.push({ d: crescent(x, y, r), tint: 'ink', depth: 1, opacity: 0.42, detail: true });
  return shapes;
}

/** The part of a globe that lies in the dark when light comes from the upper left. */
function crescent(x: number, y: number, r: number): string {
  const [ax, ay] = [x + r * 0.62, y - r * 0.7846];
  const [bx, by] = [x - r * 0.62, y + r * 0.7846];
  return `M${ax} ${ay}A${r} ${r} 0 0 1 ${bx} ${by}A${r * 1.32} ${r * 1.32} 0 0 0 ${ax} ${ay}Z`;
}

/** The half of a ring behind its planet, or the one before it. */
function ring(planet: { x: number; y: number; r: number }, tilt: number, behind: boolean): Shape[] {
  const { x, y, r } = planet;
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  const degrees = (tilt * 180) / Math.PI;
  return [
    { size: 1.42, line: 0.1, opacity: 0.85 },
    { size: 1.62, line: 0.14, opacity: 0.6 },
    { size: 1.8, line: 0.04, opacity: 0.8 },
  ].map(({ size, line, opacity }): Shape => {
    const [rx, ry] = [r * size, r * size * 0.24];
    const [ax, ay] = [x - rx * cos, y - rx * sin];
    const [bx, by] = [x + rx * cos, y + rx * sin];
    return {
      d: `M${ax} ${ay}A${rx} ${ry} ${degrees} 0 ${behind ? 1 : 0} ${bx} ${by}`,
      tint: 'light',
      depth: 0.2,
      shade: -0.1,
      line: r * line,
      opacity,
      detail: true,
    };
  });
}
