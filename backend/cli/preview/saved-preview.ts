import { readFile, writeFile } from 'node:fs/promises';
import { WfmError } from '@wfm/workflow-engine/errors';
import { modesSchema, scenarioSchema } from '@wfm/workflow-engine/mock';
import { interactionAnswerSchema, jsonObjectSchema } from '@wfm/workflow-engine/models';
import { z } from 'zod';
import { recordedCallSchema } from './recorded-ports.ts';

/** The name by which `wfm test` finds saved previews. */
export const savedPreviewSuffix = '.preview.json';

const path = z.string().regex(/^[^/]+\/.+$/);

export const givenAnswerSchema = z.strictObject({
  at: path,
  answer: interactionAnswerSchema,
  /** Who gave it, where no person did (format.md 11.5, 17.7). */
  by: z.enum(['sample', 'scenario']).optional(),
});
export type GivenAnswer = z.output<typeof givenAnswerSchema>;

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
  models: z.strictObject({ default_provider: z.string(), default_models: z.record(z.string(), z.string()) }),
  answers: z.array(givenAnswerSchema),
  /** What models and addresses answered, in order. */
  calls: z.array(recordedCallSchema).default([]),
  /** Places from which a secret was removed. */
  redacted: z.array(z.string()).default([]),
  /** What happened, in the form in which two logs are compared. */
  events: z.array(jsonObjectSchema),
});
export type SavedPreview = z.output<typeof savedPreviewSchema>;

/** Reads a saved preview. Throws `request_invalid`, with the place, for anything else. */
export async function readSavedPreview(file: string): Promise<SavedPreview> {
  const refuse = (message: string, place = ''): WfmError =>
    new WfmError('request_invalid', `${file} is not a saved preview: ${message}`, { params: { file }, place });
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : 'it cannot be read.');
  }
  const parsed = savedPreviewSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [fault] = parsed.error.issues;
  throw refuse(fault?.message ?? 'it has another shape.', fault?.path.join('.'));
}

/** Writes a preview so that a change of it reads well as a difference of lines. */
export async function writeSavedPreview(file: string, preview: SavedPreview): Promise<void> {
  await writeFile(file, `${JSON.stringify(preview, null, 2)}\n`);
}
