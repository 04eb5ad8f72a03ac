import { z } from 'zod';
import { interactionAnswerSchema } from './interaction.ts';

/** What a person answered in one run, in order: what `wfm run --answers` plays and the examples' tests replay. */
export const recordedAnswersSchema = z.object({
  description: z.string().optional(),
  answers: z.array(
    z.object({
      /** Path of the module that asks: `step_id/module_name`. */
      at: z.string().regex(/^[^/]+\/.+$/),
      answer: interactionAnswerSchema,
    }),
  ),
});
export type RecordedAnswers = z.infer<typeof recordedAnswersSchema>;
