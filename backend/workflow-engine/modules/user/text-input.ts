import { z } from 'zod';
import { isWfmError, WfmError } from '../../errors/index.ts';
import type { Warning } from '../../events/run-event.ts';
import type { InteractionRequest } from '../../models/interaction.ts';
import { compileSafeRegex } from '../../schema/index.ts';
import { findingsFrom } from '../support/definition-findings.ts';
import { field } from '../field.ts';
import { defineModule, type Intake } from '../module.ts';
import { matchingText } from './support/matching-text.ts';
import { departureOf, legacyRetryOptions, legacyRetryOptionsSchema } from './support/legacy-retry-options.ts';
import { piecesOf, textFailures } from './support/text-failures.ts';

type TextRequest = Extract<InteractionRequest, { interaction_type: 'text_input' }>;
type Validation = NonNullable<TextRequest['validation']>;

const inputs = z.object({
  prompt: field(z.string(), 'Question', 'What the person is asked.'),
  default: field(z.string().default(''), 'Default', 'Taken when the answer is empty.'),
  placeholder: field(z.string().optional(), 'Placeholder', 'A hint shown in the empty field.'),
  allow_empty: field(z.boolean().default(false), 'Allow empty', 'Whether an empty text is an answer.'),
  multiline: field(z.boolean().default(false), 'Several lines', 'Whether the field has room for several lines.'),
  retry_trigger_keyword: field(z.string().optional(), 'Retry keyword', 'An answer equal to it asks for a retry.'),
  retry_options: field(legacyRetryOptionsSchema.default({}), 'Retry menu', 'The older menu of places to go back to.'),
  validation_pattern: field(
    z.string().optional(),
    'Pattern',
    'Regular expression that each piece matches from its start.',
  ),
  validation_separator: field(z.string().optional(), 'Separator', 'Where the text is cut into pieces.'),
  validation_separator_is_regex: field(
    z.boolean().default(false),
    'Separator is a pattern',
    'Reads the separator as a regular expression.',
  ),
  validation_error: field(z.string().optional(), 'Message', 'Shown when a piece does not match.'),
  require_at_least_one_match: field(
    z.boolean().default(true),
    'At least one piece',
    'Whether a text without any piece is refused.',
  ),
});

export const userTextInput = defineModule({
  id: 'user.text_input',
  kind: 'interactive',
  revision: 1,
  title: 'Text input',
  description: 'Asks a person for a text, and can check it by a pattern.',
  inputs,
  outputs: z.object({
    value: field(z.string(), 'Text', 'The answer.'),
    jump_back_requested: field(
      z.boolean().default(false),
      'Jump',
      'Always false here: a jump leaves on another branch.',
    ),
    jump_back_target: field(z.string().nullable().default(null), 'Jump target', 'Where the jump went.'),
  }),
  // A pattern that cannot be used does not stop the run: the text is then not checked.
  check: (written) =>
    ['validation_pattern', ...(written['validation_separator_is_regex'] === true ? ['validation_separator'] : [])]
      .flatMap((name) =>
        findingsFrom(written[name], name, (source, path) => {
          if (typeof source === 'string') compileSafeRegex(source, path);
        }),
      )
      .map((finding) => ({ ...finding, severity: 'warning' })),
  request(given, context) {
    const draft = {
      interaction_type: 'text_input' as const,
      title: given.prompt,
      default_value: given.default,
      allow_empty: given.allow_empty,
      multiline: given.multiline,
      extra_options: legacyRetryOptions(given.retry_options),
      ...(given.placeholder === undefined ? {} : { placeholder: given.placeholder }),
      ...(given.retry_trigger_keyword === undefined
        ? {}
        : { context: { retry_trigger_keyword: given.retry_trigger_keyword } }),
    };
    const validation = validationOf(given);
    const fault = validation && uncompilable(validation);
    if (fault)
      context.warn(fault.code, `The text is not checked. ${fault.message}`, fault.params, 'inputs.validation_pattern');
    return { draft: validation && !fault ? { ...draft, validation } : draft };
  },
  intake(answer, question): Intake {
    const request = question.request as TextRequest;
    const { value } = answer;
    if (value !== undefined && value !== null && typeof value !== 'string') {
      throw new WfmError('response_invalid', 'This question is answered with a text in value.', {
        place: 'response.value',
      });
    }
    const departure = departureOf(answer, request);
    const warnings: Warning[] = [];
    if (departure) return { response: { value: value ?? '' }, failures: [], warnings, departure };
    const text = (value ?? '').trim() === '' ? request.default_value : (value as string);
    return { response: { value: text }, failures: textFailures(text, request), warnings };
  },
  complete: (response) => ({ value: response['value'] as string }),
  sample(question) {
    const request = question.request as TextRequest;
    if (request.default_value !== '' || request.allow_empty) return { value: request.default_value };
    const { validation } = request;
    return { value: matchingText(validation?.pattern, (text) => (validation ? piecesOf(text, validation) : [text])) };
  },
});

function validationOf(given: z.output<typeof inputs>): Validation | undefined {
  if (given.validation_pattern === undefined || given.validation_pattern === '') return undefined;
  return {
    pattern: given.validation_pattern,
    separator_is_regex: given.validation_separator_is_regex,
    require_at_least_one_match: given.require_at_least_one_match,
    ...(given.validation_separator === undefined ? {} : { separator: given.validation_separator }),
    ...(given.validation_error === undefined ? {} : { error: given.validation_error }),
  };
}

function uncompilable(validation: Validation): WfmError | undefined {
  try {
    compileSafeRegex(validation.pattern);
    if (validation.separator_is_regex && validation.separator) compileSafeRegex(validation.separator);
    return undefined;
  } catch (thrown) {
    if (isWfmError(thrown)) return thrown;
    throw thrown;
  }
}
