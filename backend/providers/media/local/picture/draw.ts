import { type Hex, lightness, mix, shade } from './colour.ts';
import type { Palette } from './palettes.ts';
import { circle, polyline, rect } from './paths.ts';
import type { Scene, Shape } from './scene.ts';
import type { Look } from './styles.ts';

interface Canvas {
  scene: Scene;
  palette: Palette;
  look: Look;
  width: number;
  height: number;
  unit: number;
  /** Gradients, filters and clips that shapes refer to. */
  defs: string[];
}

/** A scene as an SVG document. `overlay` is drawn upon it as it is: a title. */
export function drawScene(options: Omit<Canvas, 'defs'>, overlay = ''): string {
  const canvas: Canvas = { ...options, defs: [] };
  const body = canvas.scene.shapes.map((shape) => drawShape(canvas, shape)).join('');
  const backdrop = ground(canvas);
  const { width, height } = options;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs>${canvas.defs.join(
    '',
  )}</defs>${backdrop}${body}${overlay}</svg>`;
}

function ground(canvas: Canvas): string {
  const { scene, palette, look, width, height, unit } = canvas;
  const [top, middle, low] = palette.sky;
  const all = rect(0, 0, width, height);
  if (look === 'line') return `<path d="${all}" fill="${palette.paper}"/>${inkSun(canvas)}`;
  if (look === 'glow')
    return `<path d="${all}" fill="${gradient(
      canvas,
      [
        [0, shade(top, -0.72)],
        [0.7, shade(palette.near, -0.5)],
        [1, '#04020a'],
      ],
      0,
      height,
    )}"/>${neonSun(canvas)}`;
  if (scene.ground === 'flat') return `<path d="${all}" fill="${mix(low, palette.paper, 0.4)}"/>`;
  const stops: [number, Hex][] =
    look === 'soft'
      ? [
          [0, top],
          [0.55, middle],
          [1, low],
        ]
      : skySteps(palette);
  let d = `<path d="${all}" fill="${gradient(canvas, stops, 0, scene.horizon)}"/>`;
  if (look === 'cut' || look === 'flat') d += rings(canvas);
  const { sun } = scene;
  if (sun === null) return d;
  if (look === 'soft') {
    const glow = `g${canvas.defs.length}`;
    canvas.defs.push(
      `<radialGradient id="${glow}" gradientUnits="userSpaceOnUse" cx="${sun.x}" cy="${sun.y}" r="${sun.radius * 7}"><stop offset="0" stop-color="${palette.light}" stop-opacity=".85"/><stop offset=".18" stop-color="${palette.light}" stop-opacity=".5"/><stop offset=".5" stop-color="${palette.light}" stop-opacity=".14"/><stop offset="1" stop-color="${palette.light}" stop-opacity="0"/></radialGradient>`,
    );
    d += `<path d="${all}" fill="url(#${glow})"/>`;
  }
  const disc = palette.night || look === 'soft' ? palette.light : mix(palette.light, palette.accent2, 0.25);
  d += `<path d="${circle(sun.x, sun.y, sun.radius)}" fill="${disc}"${look === 'cut' ? shadow(canvas, 1) : ''}/>`;
  if (palette.night && sun.radius > unit * 30)
    for (const [dx, dy, r] of [
      [-0.3, -0.2, 0.2],
      [0.25, 0.3, 0.28],
      [0.3, -0.35, 0.12],
    ] as const)
      d += `<path d="${circle(sun.x + dx * sun.radius, sun.y + dy * sun.radius, r * sun.radius)}" fill="${mix(palette.light, palette.far, 0.3)}" opacity=".5"/>`;
  return d;
}

/** Hard steps instead of a gradient: what a poster printer has. */
function skySteps(palette: Palette): [number, Hex][] {
  const [top, middle, low] = palette.sky;
  const colours = [top, mix(top, middle, 0.5), middle, mix(middle, low, 0.5), low];
  return colours.flatMap((colour, i): [number, Hex][] => [
    [i / colours.length, colour],
    [(i + 0.82) / colours.length, colour],
  ]);
}

function rings(canvas: Canvas): string {
  const { scene, palette, look, unit } = canvas;
  if (scene.sun === null) return '';
  return [4.6, 3.2, 2]
    .map((times) => {
      const r = (scene.sun?.radius ?? 0) * times + unit * 6;
      return `<path d="${circle(scene.sun?.x ?? 0, scene.sun?.y ?? 0, r)}" fill="${palette.light}" opacity="${look === 'cut' ? 0.2 : 0.15}"${look === 'cut' ? shadow(canvas, 0.6) : ''}/>`;
    })
    .join('');
}

function inkSun({ scene, palette, unit, width }: Canvas): string {
  if (scene.sun === null || scene.ground === 'flat') return '';
  const { x, y, radius } = scene.sun;
  let lines = '';
  for (let i = 0; i < 9; i += 1) {
    const ly = y + radius * (1.4 + i * 0.5);
    if (ly > scene.horizon) break;
    lines += polyline([
      [x - width * (0.2 + (i % 3) * 0.06), ly],
      [x + width * (0.16 + ((i + 1) % 3) * 0.07), ly],
    ]);
  }
  return `<path d="${circle(x, y, radius * 1.15)}" fill="${palette.accent}"/><path d="${lines}" fill="none" stroke="${palette.ink}" stroke-width="${unit * 1.2}" opacity=".35"/>`;
}

function neonSun(canvas: Canvas): string {
  const { scene, palette, unit } = canvas;
  if (scene.sun === null) return '';
  const { x, y, radius } = scene.sun;
  const r = radius * 1.6;
  const id = `c${canvas.defs.length}`;
  let slits = '';
  for (let i = 0; i < 9; i += 1)
    slits += rect(x - r, y - r + (r * 2 * i) / 9, r * 2, (r * 2 * (1 - i * 0.06)) / 9 - i * unit * 0.9);
  canvas.defs.push(`<clipPath id="${id}"><path d="${slits}"/></clipPath>`);
  const fill = gradient(
    canvas,
    [
      [0, palette.accent2],
      [1, palette.accent],
    ],
    y - r,
    y + r,
  );
  return `<path d="${circle(x, y, r * 1.3)}" fill="${palette.accent2}" opacity=".4" filter="${blur(canvas, r * 0.4)}"/><path d="${circle(x, y, r)}" fill="${fill}" clip-path="url(#${id})"/>`;
}

function drawShape(canvas: Canvas, shape: Shape): string {
  if (canvas.look === 'line') return inkShape(canvas, shape);
  if (canvas.look === 'glow') return neonShape(canvas, shape);
  const { look, palette } = canvas;
  const colour = colourOf(palette, shape);
  const soft =
    shape.soft !== undefined && (look === 'soft' || shape.soft > 12 * canvas.unit)
      ? ` filter="${blur(canvas, shape.soft)}"`
      : '';
  const opacity = shape.opacity === undefined ? '' : ` opacity="${shape.opacity.toFixed(3)}"`;
  if (shape.line !== undefined)
    return `<path d="${shape.d}" fill="none" stroke="${colour}" stroke-width="${shape.line.toFixed(2)}" stroke-linecap="round"${opacity}${soft}/>`;
  const casts = look === 'cut' && shape.detail !== true ? shadow(canvas, 0.5 + shape.depth) : '';
  let fill = colour;
  if (shape.haze !== undefined && look !== 'cut') {
    const misty = mix(colour, palette.sky[2], look === 'soft' ? 0.62 : 0.34);
    fill = gradient(
      canvas,
      [
        [0, colour],
        [1, misty],
      ],
      shape.haze[0],
      shape.haze[1],
    );
  }
  return `<path d="${shape.d}" fill="${fill}"${opacity}${soft || casts}/>`;
}

/** Lines in ink; near things are hatched, one colour is laid under what is meant to stand out. */
function inkShape(canvas: Canvas, shape: Shape): string {
  const { palette, unit } = canvas;
  const opacity = shape.opacity ?? 1;
  if (shape.soft !== undefined && shape.line === undefined) return '';
  const weight = unit * (0.9 + shape.depth * 1.5);
  if (shape.line !== undefined)
    return `<path d="${shape.d}" fill="none" stroke="${palette.ink}" stroke-width="${Math.min(shape.line, weight * 1.6)}" stroke-linecap="round" opacity="${opacity}"/>`;
  if (shape.tint === 'ink')
    return `<path d="${shape.d}" fill="${palette.ink}" opacity="${Math.min(1, opacity * 1.1)}"/>`;
  if (shape.detail === true && opacity < 0.7)
    return shape.tint === 'mass'
      ? `<path d="${shape.d}" fill="${hatch(canvas, 5.5, 0.8)}" opacity=".8"/>`
      : `<path d="${shape.d}" fill="${palette.paper}" opacity=".8"/>`;
  const under =
    shape.tint === 'accent' || shape.tint === 'accent2' ? mix(palette.paper, palette[shape.tint], 0.82) : palette.paper;
  const stroke = `stroke="${palette.ink}" stroke-width="${weight}" stroke-linejoin="round"`;
  const base = `<path d="${shape.d}" fill="${under}" ${stroke}/>`;
  if (shape.tint !== 'mass' || shape.depth < 0.2) return base;
  const gap = 13 - shape.depth * 9;
  return `${base}<path d="${shape.d}" fill="${hatch(canvas, gap, 0.8 + shape.depth * 1.1)}"/>`;
}

function hatch(canvas: Canvas, gap: number, weight: number): string {
  const id = `h${Math.round(gap * 10)}x${Math.round(weight * 10)}`;
  const { unit, palette } = canvas;
  const pattern = `<pattern id="${id}" width="${gap * unit}" height="${gap * unit}" patternUnits="userSpaceOnUse" patternTransform="rotate(${gap > 8 ? 32 : -38})"><path d="M0 0H${gap * unit}" stroke="${palette.ink}" stroke-width="${weight * unit}"/></pattern>`;
  if (!canvas.defs.includes(pattern)) canvas.defs.push(pattern);
  return `url(#${id})`;
}

/** Dark bodies with a shining edge. */
function neonShape(canvas: Canvas, shape: Shape): string {
  const { palette, unit } = canvas;
  const opacity = shape.opacity ?? 1;
  const hot =
    shape.tint === 'light' || shape.tint === 'accent2' || shape.tint === 'paper'
      ? palette.accent2
      : mix(palette.accent, palette.accent2, shape.depth * 0.7);
  if (shape.soft !== undefined && shape.line === undefined)
    return shape.tint === 'ink'
      ? ''
      : `<path d="${shape.d}" fill="${hot}" opacity="${opacity * 0.3}" filter="${blur(canvas, shape.soft)}"/>`;
  if (shape.line !== undefined)
    return `<path d="${shape.d}" fill="none" stroke="${hot}" stroke-width="${shape.line}" stroke-linecap="round" opacity="${opacity}"/>`;
  if (shape.detail === true) {
    if (shape.tint === 'ink') return `<path d="${shape.d}" fill="#05030c" opacity="${opacity * 0.8}"/>`;
    if (shape.tint === 'mass')
      return `<path d="${shape.d}" fill="#05030c" stroke="${hot}" stroke-width="${unit * 0.8}" opacity="${opacity * 0.6}"/>`;
    return `<path d="${shape.d}" fill="${shape.tint === 'light' ? palette.light : hot}" opacity="${opacity * 0.85}"/>`;
  }
  const body = mix('#06040f', palette.near, 0.45 - shape.depth * 0.3);
  const width = unit * (1 + shape.depth * 1.6);
  return `<path d="${shape.d}" fill="${body}" stroke="${hot}" stroke-width="${width * 4}" stroke-opacity=".16"/><path d="${shape.d}" fill="${body}" stroke="${hot}" stroke-width="${width}" stroke-opacity=".9"/>`;
}

/** What a shape's colour is behind the haze before it. */
function colourOf(palette: Palette, shape: Shape): Hex {
  const { tint, depth } = shape;
  const moved = (colour: Hex): Hex => (shape.shade === undefined ? colour : shade(colour, shape.shade));
  if (tint === 'mass')
    return moved(mix(mix(palette.far, palette.sky[2], 0.35 * (1 - depth)), palette.near, depth ** 1.25));
  if (tint === 'sky') return moved(mix(palette.sky[1], palette.sky[2], 0.5));
  if (tint === 'ink' || tint === 'light') return moved(palette[tint]);
  // At night nothing is as bright as the lights.
  const dimmed = palette.night ? mix(palette[tint], palette.near, tint === 'paper' ? 0.42 : 0.2) : palette[tint];
  const hazy = mix(dimmed, palette.sky[2], lightness(palette.sky[2]) > 0.5 ? Math.max(0, 0.12 - depth * 0.1) : 0);
  return moved(hazy);
}

function gradient(canvas: Canvas, stops: [number, Hex][], top: number, bottom: number): string {
  const id = `l${canvas.defs.length}`;
  const list = stops.map(([offset, colour]) => `<stop offset="${offset.toFixed(3)}" stop-color="${colour}"/>`).join('');
  canvas.defs.push(
    `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${top.toFixed(1)}" y2="${bottom.toFixed(1)}">${list}</linearGradient>`,
  );
  return `url(#${id})`;
}

function blur(canvas: Canvas, pixels: number): string {
  const id = `b${Math.round(pixels * 10)}`;
  const filter = `<filter id="${id}" x="-40%" y="-40%" width="180%" height="180%"><feGaussianBlur stdDeviation="${pixels.toFixed(1)}"/></filter>`;
  if (!canvas.defs.includes(filter)) canvas.defs.push(filter);
  return `url(#${id})`;
}

function shadow(canvas: Canvas, strength: number): string {
  const { unit } = canvas;
  const step = Math.max(1, Math.round(strength * 4));
  const id = `s${step}`;
  const filter = `<filter id="${id}" x="-15%" y="-15%" width="130%" height="130%"><feDropShadow dx="${(unit * step * 0.7).toFixed(1)}" dy="${(unit * step * 1.3).toFixed(1)}" stdDeviation="${(unit * step * 1.7).toFixed(1)}" flood-color="#120a1c" flood-opacity=".42"/></filter>`;
  if (!canvas.defs.includes(filter)) canvas.defs.push(filter);
  return ` filter="url(#${id})"`;
}
