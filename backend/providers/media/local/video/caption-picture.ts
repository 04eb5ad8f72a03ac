import { Resvg } from '@resvg/resvg-js';
import { fontOptions } from '../picture/fonts.ts';
import { escapeXml, wrap } from '../picture/title.ts';

/** A caption as a transparent picture of the frame's size, two lines at the bottom at most. PNG. */
export function captionPicture(text: string, width: number, height: number): Uint8Array {
  const size = Math.round(Math.min(width, height) * 0.052);
  const lines = wrap(text.replace(/\s+/g, ' ').trim(), Math.floor((width * 0.86) / (size * 0.68)), 2);
  const step = size * 1.3;
  const first = height - size * 1.5 - (lines.length - 1) * step;
  const longest = Math.max(...lines.map((line) => line.length)) * size * 0.69 + size * 1.4;
  const box = Math.min(width * 0.96, longest);
  const spans = lines
    .map(
      (line, i) =>
        `<text x="${width / 2}" y="${(first + i * step).toFixed(1)}" text-anchor="middle" font-family="DejaVu Sans" font-weight="bold" font-size="${size}" fill="#fff">${escapeXml(line)}</text>`,
    )
    .join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect x="${(width - box) / 2}" y="${first - size * 1.3}" width="${box}" height="${lines.length * step + size * 0.55}" rx="${size * 0.3}" fill="#0b0b12" fill-opacity=".62"/>${spans}</svg>`;
  return new Resvg(svg, { font: fontOptions(), logLevel: 'off' }).render().asPng();
}
