import { isWfmError } from '../../../errors/index.ts';
import { compileSafeRegex, sampleValue } from '../../../schema/index.ts';

const plain = 'text';

/**
 * A text that the pattern matches from its start, the same every time (format.md 11.5); the plain word where none is
 * found, or without a pattern.
 *
 * @param pieces how the text will be cut before each piece is matched
 */
export function matchingText(pattern: string | undefined, pieces: (text: string) => string[]): string {
  if (pattern === undefined) return plain;
  const compiled = compileSafeRegex(pattern);
  const fits = (text: string) => {
    const cut = pieces(text);
    return cut.length > 0 && cut.every((piece) => compiled.matchStart(piece) !== null);
  };
  if (fits(plain)) return plain;
  try {
    const sample = String(
      sampleValue({ type: 'string', pattern: `^(?:${pattern})` }, { seed: 'sample', text: () => plain }),
    );
    return [sample, ...pieces(sample)].find(fits) ?? plain;
  } catch (thrown) {
    if (isWfmError(thrown)) return plain;
    throw thrown;
  }
}
