import { readFile } from 'node:fs/promises';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { AnswerSource } from '@wfm/workflow-engine/mock';
import { type RecordedAnswers, recordedAnswersSchema } from '@wfm/workflow-engine/models';

/** Recorded answers in their order. Throws `response_invalid` when a question is not the one that was recorded. */
function recordedAnswers(recorded: RecordedAnswers): AnswerSource {
  let position = 0;
  return async (request) => {
    const next = recorded.answers[position];
    if (!next) return null;
    const at = `${request.step_context.step_id}/${request.step_context.module_name}`;
    if (next.at !== at) {
      throw new WfmError('response_invalid', `Answer ${position + 1} of the file is for ${next.at}, but ${at} asks.`, {
        params: { expected: next.at, actual: at },
        place: `answers[${position}].at`,
      });
    }
    position += 1;
    return next.answer;
  };
}

/** Reads a file of recorded answers. Throws `request_invalid` for another shape. */
export async function readAnswers(path: string): Promise<AnswerSource> {
  const parsed = recordedAnswersSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) {
    const fault = parsed.error.issues[0];
    throw new WfmError(
      'request_invalid',
      `${path} does not hold recorded answers: ${fault?.message ?? 'wrong shape'}.`,
      {
        place: fault?.path.join('.') ?? '',
      },
    );
  }
  return recordedAnswers(parsed.data);
}

/** The first source that has an answer gives it. */
export function firstOf(...sources: AnswerSource[]): AnswerSource {
  return async (request) => {
    for (const source of sources) {
      const answer = await source(request);
      if (answer) return answer;
    }
    return null;
  };
}
