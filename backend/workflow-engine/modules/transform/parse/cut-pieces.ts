import { compileSafeRegex } from '../../../schema/index.ts';
import type { PieceSettings } from './settings.ts';

/**
 * The pieces of a text: split, trimmed unless told otherwise, empty ones dropped (format.md 14.10).
 *
 * @throws WfmError as `compileSafeRegex` for a separator that is a pattern
 */
export function cutPieces(text: string, { separator, separator_is_regex, trim }: PieceSettings): string[] {
  let pieces = [text];
  if (separator) {
    pieces = separator_is_regex
      ? compileSafeRegex(separator, 'inputs.pattern.separator').split(text)
      : text.split(separator);
  }
  if (trim ?? true) pieces = pieces.map((piece) => piece.trim());
  return pieces.filter((piece) => piece !== '');
}
