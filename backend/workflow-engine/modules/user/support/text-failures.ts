import { isWfmError } from '../../../errors/index.ts';
import type { RuleFailure } from '../../../models/execution.ts';
import type { InteractionRequest } from '../../../models/interaction.ts';
import { limits } from '../../../models/limits.ts';
import { compileSafeRegex } from '../../../schema/index.ts';
import { utf8Length } from '../../../schema/safe-regex.ts';

type TextRequest = Extract<InteractionRequest, { interaction_type: 'text_input' }>;

/** What is wrong with a text by its question's own terms: nothing in it, or a piece without the asked form (format.md 14.1). */
export function textFailures(text: string, request: TextRequest): RuleFailure[] {
  if (text.trim() === '') return request.allow_empty ? [] : [failure('text_empty', 'Enter a text.', {})];
  const { validation } = request;
  if (!validation) return [];
  const length = utf8Length(text);
  if (length > limits.regexInput) {
    const params = { limit: limits.regexInput, actual: length };
    return [
      failure('text_invalid', `The text has ${length} bytes; at most ${limits.regexInput} can be checked.`, params),
    ];
  }
  try {
    const pieces = piecesOf(text, validation);
    if (pieces.length === 0 && validation.require_at_least_one_match !== false) {
      return [failure('text_invalid', validation.error ?? 'Enter at least one entry.', { pieces: [] })];
    }
    const pattern = compileSafeRegex(validation.pattern);
    const wrong = pieces.filter((piece) => pattern.matchStart(piece) === null).slice(0, 20);
    if (wrong.length === 0) return [];
    const message = validation.error ?? `This does not have the asked form: ${wrong.join(', ').slice(0, 300)}`;
    return [failure('text_invalid', message, { pieces: wrong, pattern: validation.pattern })];
  } catch (thrown) {
    if (isWfmError(thrown)) return [failure('text_invalid', thrown.message, thrown.params)];
    throw thrown;
  }
}

/** The pieces that a separator cuts a text into, trimmed, without empty ones. */
export function piecesOf(
  text: string,
  { separator, separator_is_regex: isRegex }: NonNullable<TextRequest['validation']>,
): string[] {
  let pieces = [text];
  if (separator) pieces = isRegex ? compileSafeRegex(separator).split(text) : text.split(separator);
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== '');
}

function failure(id: 'text_empty' | 'text_invalid', message: string, params: Record<string, unknown>): RuleFailure {
  return { id, field: 'value', rule: id, message, severity: 'error', params };
}
