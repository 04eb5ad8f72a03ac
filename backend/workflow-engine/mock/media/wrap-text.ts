/** Wide writing (CJK, kana, Hangul, full width forms, emoji) takes a square; the rest about half of one. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * Breaks a text into at most `maxLines` lines of about `width` ems, between words where it can; what does not fit ends
 * in an ellipsis. No font is measured: widths are a rule of thumb.
 */
export function wrapText(text: string, width: number, maxLines: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of pieces(text, width)) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (widthOf(joined) <= width) {
      line = joined;
      continue;
    }
    lines.push(line);
    line = word;
    if (lines.length === maxLines) return endEarly(lines);
  }
  if (line !== '') lines.push(line);
  return lines;
}

function endEarly(lines: string[]): string[] {
  const last = lines.at(-1) ?? '';
  return [...lines.slice(0, -1), `${last.replace(/[\s.,;:]+$/u, '')} …`];
}

/** The words of a text; one that is wider than a line is cut between characters as people see them. */
function pieces(text: string, width: number): string[] {
  return text
    .split(/\s+/u)
    .filter((word) => word !== '')
    .flatMap((word) => {
      if (widthOf(word) <= width) return [word];
      const parts: string[] = [];
      let part = '';
      for (const { segment } of segmenter.segment(word)) {
        if (part !== '' && widthOf(part + segment) > width) {
          parts.push(part);
          part = '';
        }
        part += segment;
      }
      return [...parts, part];
    });
}

function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += wide.test(char) ? 1 : 0.52;
  return width;
}
