import type { Draw } from './draw.ts';
import { codePointLength } from './json-values.ts';
import { type PatternNode, PatternNotSimple, parsePattern } from './pattern-parser.ts';

/** A text under construction: letters, and repeats that may still grow. */
type Piece = string | Growth | Piece[];
interface Growth {
  node: PatternNode & { kind: 'repeat' };
  units: Piece[];
}

const maxLetters = 20_000;

/**
 * A text that a simple pattern matches, with a length in code points between the bounds where the pattern allows.
 * Undefined when the pattern is not simple enough.
 */
export function samplePattern(
  source: string,
  draw: Draw,
  minLength = 0,
  maxLength = Number.POSITIVE_INFINITY,
): string | undefined {
  try {
    const growths: Growth[] = [];
    const piece = start(parsePattern(source), draw, growths, { left: maxLetters });
    const length = codePointLength(flat(piece));
    const least = Math.max(0, minLength - length);
    const most = Math.min(maxLength - length, Math.max(least, 6), maxLetters);
    if (most > 0) grow(growths, draw.int(Math.min(least, most), most), draw);
    const text = flat(piece);
    const missing = minLength - codePointLength(text);
    // A pattern that does not hold the end leaves room behind what it matches.
    return missing > 0 && !source.endsWith('$') ? text + 'a'.repeat(Math.min(missing, maxLetters)) : text;
  } catch (thrown) {
    if (thrown instanceof PatternNotSimple) return undefined;
    throw thrown;
  }
}

/** The shortest text for this draw; notes every repeat that could be longer. */
function start(node: PatternNode, draw: Draw, growths: Growth[], budget: { left: number }): Piece {
  if (--budget.left < 0) throw new PatternNotSimple('too long');
  switch (node.kind) {
    case 'letters':
      return draw.pick(node.letters);
    case 'sequence':
      return node.parts.map((part) => start(part, draw, growths, budget));
    case 'choice':
      return start(draw.pick(node.branches), draw, growths, budget);
    case 'repeat': {
      const growth: Growth = { node, units: [] };
      for (let count = 0; count < node.least; count++) growth.units.push(start(node.unit, draw, growths, budget));
      if (node.most > node.least) growths.push(growth);
      return growth;
    }
  }
}

/** Adds units to repeats drawn at random until `letters` more letters are there, or nothing fits. */
function grow(growths: Growth[], letters: number, draw: Draw): void {
  let left = letters;
  let open = growths;
  while (left > 0 && open.length > 0) {
    const growth = draw.pick(open);
    const unit = start(growth.node.unit, draw, [], { left: maxLetters });
    const length = codePointLength(flat(unit));
    if (length > 0 && length <= left) {
      growth.units.push(unit);
      left -= length;
    }
    if (length === 0 || length > left || growth.units.length >= growth.node.most)
      open = open.filter((other) => other !== growth);
  }
}

function flat(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  return (Array.isArray(piece) ? piece : piece.units).map(flat).join('');
}
