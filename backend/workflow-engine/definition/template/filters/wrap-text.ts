import type { Run } from '../run.ts';
import { characterCount, characters } from '../values.ts';

interface WrapOptions {
  width: number;
  breaksWords: boolean;
  between: string;
  breaksHyphens: boolean;
}

/**
 * Wraps every line of a text at `width` characters. Lines that the text has already are kept; white space is lost
 * only where a line breaks. Words longer than a line are cut when `breaksWords`.
 */
export function wrapText(run: Run, text: string, options: WrapOptions): string {
  const { width, between } = options;
  if (width < 1) run.fail('"width" of wordwrap must be at least 1');
  const wrapped = text.split('\n').flatMap((line) => {
    const lines = wrapLine(run, line, options);
    return lines.length === 0 ? [''] : lines;
  });
  run.chargeText(text.length + wrapped.length * between.length);
  return wrapped.join(between);
}

function wrapLine(run: Run, line: string, { width, breaksWords, breaksHyphens }: WrapOptions): string[] {
  const lines: string[] = [];
  let current = '';
  let used = 0;
  const flush = (): void => {
    const kept = current.trimEnd();
    if (kept !== '') lines.push(kept);
    current = '';
    used = 0;
  };
  for (const chunk of chunksOf(line, breaksHyphens)) {
    run.charge(1);
    const size = characterCount(chunk);
    const blank = chunk.trim() === '';
    if (used + size <= width) {
      if (blank && used === 0 && lines.length > 0) continue;
      current += chunk;
      used += size;
      continue;
    }
    if (blank) {
      flush();
      continue;
    }
    if (size <= width || !breaksWords) {
      flush();
      current = chunk;
      used = size;
      continue;
    }
    const letters = characters(chunk);
    for (let at = 0; at < letters.length; ) {
      if (used >= width) flush();
      const room = Math.min(width - used, letters.length - at);
      run.charge(1);
      current += letters.slice(at, at + room).join('');
      used += room;
      at += room;
    }
  }
  flush();
  return lines;
}

/** White space and words by turns; a word may be split behind its hyphens. */
function chunksOf(line: string, breaksHyphens: boolean): string[] {
  const chunks = line.split(/(\s+)/).filter((chunk) => chunk !== '');
  return breaksHyphens ? chunks.flatMap((chunk) => chunk.split(/(?<=[\p{L}\p{N}]-)(?=\p{L})/u)) : chunks;
}
