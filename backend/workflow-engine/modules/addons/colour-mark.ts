import type { Mark } from './addon.ts';

/** Tones of the display language (format.md 18.2). */
const tones = new Set(['accent', 'good', 'warn', 'bad', 'muted']);

/** An author's colour as a mark: a tone where it names one. */
export function colourMark(color: string | undefined): Mark {
  if (color === undefined) return {};
  return tones.has(color) ? { tone: color } : { color };
}
