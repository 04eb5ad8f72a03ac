import { rgb } from './colour.ts';
import type { Palette } from './palettes.ts';

/** A title in the lower left corner upon a soft shadow, at most three lines, as SVG. Empty for an empty title. */
export function titleOverlay(title: string, palette: Palette, width: number, height: number): string {
  const text = title.replace(/\s+/g, ' ').trim();
  if (text === '') return '';
  const margin = Math.round(Math.min(width, height) * 0.07);
  const size = Math.min(width * 0.07, height * 0.09, ((width - 2 * margin) * 2.6) / Math.max(14, text.length * 0.62));
  const lines = wrap(text, Math.floor((width - 2 * margin) / (size * 0.66)), 3);
  const step = size * 1.22;
  const first = height - margin - (lines.length - 1) * step;
  const [r, g, b] = rgb(palette.ink);
  const spans = lines
    .map(
      (line, i) =>
        `<text x="${margin}" y="${(first + i * step).toFixed(1)}" font-family="DejaVu Serif" font-weight="bold" font-size="${size.toFixed(1)}" letter-spacing="${(size * 0.01).toFixed(2)}" fill="#fffdf8">${escapeXml(line)}</text>`,
    )
    .join('');
  const top = first - size * 3.2;
  return `<linearGradient id="title" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${top}" y2="${height}"><stop offset="0" stop-color="rgb(${r},${g},${b})" stop-opacity="0"/><stop offset="1" stop-color="rgb(${r},${g},${b})" stop-opacity=".82"/></linearGradient><path d="M0 ${top}H${width}V${height}H0Z" fill="url(#title)"/><path d="M${margin} ${(first - size * 1.55).toFixed(1)}h${(size * 1.4).toFixed(1)}" stroke="${palette.accent}" stroke-width="${(size * 0.11).toFixed(1)}"/>${spans}`;
}

/** Lines of at most `most` characters; what does not fit into `count` lines ends in an ellipsis. */
export function wrap(text: string, most: number, count: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  const kept = lines.slice(0, count).map((entry) => (entry.length > most + 2 ? `${entry.slice(0, most - 1)}…` : entry));
  if (lines.length > count) kept[count - 1] = `${(kept[count - 1] ?? '').slice(0, most - 1)}…`;
  return kept;
}

/** Text as XML may hold it: escaped, without control characters, which no XML document can have. */
export function escapeXml(text: string): string {
  // eslint-disable-next-line no-control-regex
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replace(/\p{Cs}/gu, '');
  return clean.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
