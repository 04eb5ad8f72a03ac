import { type Draw, drawFor } from '../../schema/draw.ts';
import { wrapText } from './wrap-text.ts';

/** What a mock picture shows. `label` names who would have made it, `text` is an excerpt of its prompt. */
export interface MockPicture {
  width: number;
  height: number;
  label: string;
  text: string;
  /** An animated one stands for a video. */
  animated: boolean;
}

/** An SVG that says MOCK, who would have made it and from what; equal arguments give equal bytes. */
export function mockPicture(picture: MockPicture): string {
  const { width, height } = picture;
  const draw = drawFor(`${picture.label}\n${picture.text}`, '/picture');
  const hue = draw.int(0, 359);
  const name = escapeXml(`MOCK: ${picture.label}. ${picture.text}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${name}">`,
    `<title>${name}</title>`,
    `<defs><linearGradient id="sky" x1="0" y1="0" x2="0.6" y2="1"><stop offset="0" stop-color="${colour(hue, 62, 66)}"/><stop offset="1" stop-color="${colour(hue + 48, 58, 34)}"/></linearGradient></defs>`,
    `<rect width="${width}" height="${height}" fill="url(#sky)"/>`,
    ...landscape(picture, draw, hue),
    ...words(picture, hue),
    '</svg>',
  ].join('\n');
}

/** A sun and three ridges, nearer ones darker; in a video the sun crosses and the ridges drift. */
function landscape({ width, height, animated }: MockPicture, draw: Draw, hue: number): string[] {
  const radius = Math.round(Math.min(width, height) * (0.1 + draw.fraction() * 0.06));
  const x = Math.round(width * (0.2 + draw.fraction() * 0.6));
  const y = Math.round(height * (0.2 + draw.fraction() * 0.12));
  const crossing = animated
    ? `<animate attributeName="cx" values="${-radius};${width + radius}" dur="6s" repeatCount="indefinite"/>`
    : '';
  const sun = `<circle cx="${x}" cy="${y}" r="${radius}" fill="${colour(hue + 150, 85, 84)}" fill-opacity="0.9">${crossing}</circle>`;
  const ridges = [0, 1, 2].map((depth) => {
    const fill = colour(hue + 30 + depth * 16, 46 - depth * 6, 42 - depth * 10);
    const sway = Math.round(width * 0.03 * (depth + 1));
    const drift = animated
      ? `<animateTransform attributeName="transform" type="translate" values="0 0;${-sway} 0;0 0" dur="${5 + depth}s" repeatCount="indefinite"/>`
      : '';
    return `<path d="${ridge(width, height, 0.46 + depth * 0.14, draw)}" fill="${fill}">${drift}</path>`;
  });
  return [sun, ...ridges];
}

/** A hilly outline, wider than the picture so that it can drift. */
function ridge(width: number, height: number, level: number, draw: Draw): string {
  const steps = 5;
  const left = -width * 0.15;
  const step = (width * 1.3) / steps;
  const at = () => Math.round(height * (level + (draw.fraction() - 0.5) * 0.16));
  let path = `M${Math.round(left)} ${height} V${at()}`;
  for (let index = 1; index <= steps; index += 1) {
    const x = Math.round(left + index * step);
    path += ` S${Math.round(x - step / 2)} ${at()} ${x} ${at()}`;
  }
  return `${path} V${height} Z`;
}

/** The word MOCK on a badge, and a panel with the label and the excerpt. */
function words({ width, height, label, text, animated }: MockPicture, hue: number): string[] {
  const unit = Math.min(width, height * 1.5);
  const size = Math.max(9, Math.round(unit * 0.042));
  const margin = Math.round(size * 1.1);
  const font = 'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"';
  const lineWidth = (width - margin * 4) / size;
  const room = Math.max(1, Math.min(4, Math.floor((height * 0.42) / (size * 1.35)) - 1));
  const lines = wrapText(text, lineWidth, room);
  const [shownLabel = ''] = wrapText(label, lineWidth / 0.8, 1);
  const panelHeight = Math.round(size * (1.9 + lines.length * 1.35));
  const top = height - panelHeight - margin;
  const badge = Math.round(size * 1.5);
  const excerpt = lines.map(
    (line, index) =>
      `<text x="${margin * 2}" y="${Math.round(top + size * (2.5 + index * 1.35))}" ${font} font-size="${size}" fill="#fff">${escapeXml(line)}</text>`,
  );
  return [
    `<rect x="${margin}" y="${margin}" width="${Math.round(badge * 3.9)}" height="${Math.round(badge * 1.5)}" rx="${Math.round(badge * 0.4)}" fill="#fff" fill-opacity="0.92"/>`,
    `<text x="${margin + Math.round(badge * 0.45)}" y="${margin + Math.round(badge * 1.11)}" ${font} font-size="${badge}" font-weight="800" textLength="${badge * 3}" lengthAdjust="spacingAndGlyphs" fill="${colour(hue + 48, 60, 28)}">MOCK</text>`,
    `<rect x="${margin}" y="${top}" width="${width - margin * 2}" height="${panelHeight}" rx="${Math.round(size * 0.5)}" fill="#0b1020" fill-opacity="0.72"/>`,
    `<text x="${margin * 2}" y="${Math.round(top + size * 1.2)}" ${font} font-size="${Math.round(size * 0.8)}" font-weight="600" fill="${colour(hue + 150, 80, 84)}">${escapeXml(shownLabel)}</text>`,
    ...excerpt,
    ...(animated ? [progressBar(width, height, Math.max(3, Math.round(size * 0.22)))] : []),
  ];
}

/** Runs once through a loop of the video, so that a viewer sees that it plays. */
function progressBar(width: number, height: number, thickness: number): string {
  return `<rect x="0" y="${height - thickness}" width="0" height="${thickness}" fill="#fff" fill-opacity="0.85"><animate attributeName="width" values="0;${width}" dur="6s" repeatCount="indefinite"/></rect>`;
}

function colour(hue: number, saturation: number, lightness: number): string {
  return `hsl(${hue % 360}, ${saturation}%, ${lightness}%)`;
}

/** Text as it may stand in XML: markup escaped, characters that XML does not know left out. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
