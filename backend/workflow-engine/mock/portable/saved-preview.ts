import { z } from 'zod';
import { interactionAnswerSchema } from '../../models/interaction.ts';
import { jsonObjectSchema } from '../../models/json.ts';
import { modesSchema, scenarioSchema } from '../preview-settings.ts';
import { failureSchema, recordedCallSchema, savedModelsSchema } from './recorded-ports.ts';

const path = z.string().regex(/^[^/]+\/.+$/);

export const givenAnswerSchema = z.strictObject({
  at: path,
  answer: interactionAnswerSchema,
  /** Who gave it, where no person did (format.md 11.5, 17.7). */
  by: z.enum(['sample', 'scenario']).optional(),
});
export type GivenAnswer = z.output<typeof givenAnswerSchema>;

/** The module after which the execution had stopped, where it had not come to a question or an end. */
const after = path.optional();

const departure = {
  at: path,
  after,
  feedback: z.string().optional(),
  groups: z.array(z.string()).optional(),
};

/** What was done beside answering, in the words of the routes that do it. */
export const givenCommandSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('retry'), ...departure, inputs_override: jsonObjectSchema.optional() }),
  z.strictObject({ do: z.literal('jump'), ...departure }),
  z.strictObject({ do: z.literal('reopen'), at: path, after }),
  z.strictObject({ do: z.literal('resume') }),
  z.strictObject({
    do: z.literal('sub_action'),
    /** The module whose question was open. */
    at: path,
    sub_action_id: z.string().min(1),
    params: jsonObjectSchema.default({}),
    feedback: z.string().optional(),
  }),
]);
export type GivenCommand = z.output<typeof givenCommandSchema>;

/**
 * How a module ended that was not answered by a mock: its outputs with where they came from, or what went wrong; or what
 * was prepared for its question.
 */
export const recordedOutcomeSchema = z.strictObject({
  at: path,
  prepared: jsonObjectSchema.optional(),
  outputs: jsonObjectSchema.optional(),
  origin: z.strictObject({ kind: z.enum(['executed', 'mocked', 'pinned']), reason: z.string() }).optional(),
  error: failureSchema.optional(),
});
export type RecordedOutcome = z.output<typeof recordedOutcomeSchema>;

/** A preview in one file: all that is needed to do it again without a network, and what it did. */
export const savedPreviewSchema = z.strictObject({
  wfm_preview: z.literal(1),
  engine: z.string(),
  description: z.string().optional(),
  /** The resolved definition, or where it is, seen from this file. */
  workflow: z.union([jsonObjectSchema, z.string().min(1)]),
  mode: z.enum(['mock', 'real']),
  target: z.strictObject({ step_id: z.string(), module_name: z.string() }).optional(),
  modes: modesSchema.optional(),
  scenario: scenarioSchema.optional(),
  /** The instant at which everything happens. */
  now: z.iso.datetime(),
  /** The model that a module gets which names none. */
  models: savedModelsSchema,
  /** What the person did, in order. */
  answers: z.array(z.union([givenAnswerSchema, givenCommandSchema])),
  /** What models and addresses answered, in order. */
  calls: z.array(recordedCallSchema).default([]),
  /** How modules ended, each in the order in which it was executed; it ends so again, and is not called. */
  outcomes: z.array(recordedOutcomeSchema).optional(),
  /** Places from which a secret was removed. */
  redacted: z.array(z.string()).default([]),
  /** What happened, in the form in which two logs are compared. */
  events: z.array(jsonObjectSchema),
});
export type SavedPreview = z.output<typeof savedPreviewSchema>;
