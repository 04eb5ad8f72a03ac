import { circle, ellipse, polygon, polyline, rect } from '../paths.ts';
import type { Shape, Stage } from '../scene.ts';

/** A tram seen from its side, wheels at `foot`, `h` from rail to roof, under its wire. */
export function tram(stage: Stage, x: number, foot: number, h: number): Shape[] {
  const { width, unit } = stage;
  const w = h * 2.35;
  const floor = foot - h * 0.13;
  const roof = foot - h;
  const wire = roof - h * 0.34;
  const body = rect(x, roof + h * 0.07, w, floor - roof - h * 0.07, h * 0.13);
  const belt = foot - h * 0.44;
  const skirt = polygon([
    [x + h * 0.02, belt],
    [x + w - h * 0.02, belt],
    [x + w, floor - h * 0.1],
    [x + w - h * 0.1, floor],
    [x + h * 0.1, floor],
    [x, floor - h * 0.1],
  ]);
  const panes = 6;
  const gap = (w - h * 0.3) / panes;
  let glass = '';
  let people = '';
  for (let i = 0; i < panes; i += 1) {
    const px = x + h * 0.15 + i * gap;
    glass += rect(px + gap * 0.07, foot - h * 0.81, gap * 0.86, h * 0.31, h * 0.03);
    if (stage.random.chance(0.6))
      people += `${circle(px + gap * 0.5, foot - h * 0.64, h * 0.05)}${ellipse(px + gap * 0.5, foot - h * 0.52, h * 0.085, h * 0.075)}`;
  }
  const wheels = [0.2, 0.31, 0.69, 0.8].map((at) => circle(x + w * at, foot - h * 0.065, h * 0.065)).join('');
  const hubs = [0.2, 0.31, 0.69, 0.8].map((at) => circle(x + w * at, foot - h * 0.065, h * 0.025)).join('');
  const arms = polyline([
    [x + w * 0.46, roof],
    [x + w * 0.53, roof - h * 0.17],
    [x + w * 0.46, wire],
  ]);
  return [
    {
      d: rect(x - h * 0.1, foot, w + h * 0.2, h * 0.035, h * 0.02),
      tint: 'ink',
      depth: 1,
      opacity: 0.5,
      soft: unit * 4,
      detail: true,
    },
    {
      d: rect(x + h * 0.1, foot + h * 0.04, w - h * 0.2, h * 0.3),
      tint: 'light',
      depth: 0,
      opacity: 0.2,
      soft: unit * 12,
      detail: true,
    },
    {
      d: polyline([
        [-5, wire + h * 0.02],
        [width / 2, wire],
        [width + 5, wire + h * 0.02],
      ]),
      tint: 'ink',
      depth: 1,
      line: 1.6 * unit,
      opacity: 0.8,
      detail: true,
    },
    { d: arms, tint: 'ink', depth: 1, line: 2.6 * unit, detail: true },
    { d: rect(x + w * 0.44, wire - unit * 2, w * 0.06, unit * 4), tint: 'ink', depth: 1, detail: true },
    { d: rect(x + w * 0.3, roof - h * 0.01, w * 0.42, h * 0.09, h * 0.03), tint: 'ink', depth: 0.9, shade: 0.16 },
    {
      d: `${wheels}${rect(x + w * 0.14, floor - h * 0.02, w * 0.24, h * 0.06)}${rect(x + w * 0.63, floor - h * 0.02, w * 0.24, h * 0.06)}`,
      tint: 'ink',
      depth: 1,
      detail: true,
    },
    { d: hubs, tint: 'paper', depth: 0.6, shade: -0.3, detail: true },
    { d: body, tint: 'paper', depth: 0.25 },
    {
      d: rect(x + h * 0.05, roof + h * 0.03, w - h * 0.1, h * 0.1, h * 0.05),
      tint: 'paper',
      depth: 0.3,
      shade: -0.16,
      detail: true,
    },
    { d: skirt, tint: 'accent', depth: 0.3 },
    { d: rect(x + h * 0.02, belt - h * 0.015, w - h * 0.04, h * 0.03), tint: 'accent2', depth: 0.2, detail: true },
    { d: glass, tint: 'light', depth: 0, shade: -0.06, detail: true },
    { d: people, tint: 'ink', depth: 1, opacity: 0.72, detail: true },
    { d: circle(x + w - h * 0.07, floor - h * 0.13, h * 0.035), tint: 'light', depth: 0, detail: true },
    {
      d: polygon([
        [x + w, floor - h * 0.17],
        [x + w + h * 1.3, floor - h * 0.3],
        [x + w + h * 1.3, floor + h * 0.14],
        [x + w, floor - h * 0.1],
      ]),
      tint: 'light',
      depth: 0,
      opacity: 0.22,
      soft: unit * 7,
      detail: true,
    },
  ];
}
