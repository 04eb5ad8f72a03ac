import {
  aiConfigSchema,
  idempotencyKeySchema,
  idSchema,
  jumpFields,
  mediaPreviewFields,
  respondFields,
  retryFields,
  subActionFields,
} from '@wfm/http';
import { modesSchema, scenarioSchema } from '@wfm/workflow-engine/mock';
import { jsonObjectSchema } from '@wfm/workflow-engine/models';
import { z } from 'zod';

/** Bodies of the preview routes (api.md, Virtual server). A field that nobody knows is refused, so that a misspelt one is noticed. */

const snapshot = z.string().min(1).describe('The signed state, exactly as it was received');
const pathName = z.string().min(1).max(300);

/** What every executing request may say. */
const common = {
  workflow: z
    .union([jsonObjectSchema, z.string().min(1)])
    .describe('A resolved definition, or a ZIP package in base64'),
  entry_point: z.string().min(1).max(1000).optional(),
  target_step_id: pathName.nullish().describe('Where to stop; without a target the run goes on to its end'),
  target_module_name: pathName.nullish(),
  ai_config: aiConfigSchema.optional(),
  preview_key: z.string().min(1).max(100).optional().describe('One per editor tab: a newer request ends the older'),
  modes: modesSchema.optional(),
  scenario: scenarioSchema.optional(),
  capabilities: z
    .array(z.string().max(200))
    .max(100)
    .optional()
    .describe('Choose among execution groups; by default, what the preview was started with'),
  answers: z.enum(['ask', 'sample']).default('ask'),
  auto_reapply: z.boolean().default(true),
};

/** A request about a preview that is there. */
const existing = {
  ...common,
  virtual_db: snapshot,
  virtual_run_id: idSchema.optional(),
  mock: z.boolean().optional(),
};

const hasWholeTarget = (body: { target_step_id?: unknown; target_module_name?: unknown }): boolean =>
  (body.target_step_id == null) === (body.target_module_name == null);
const wholeTarget = { message: 'A target is a step and a module: send both or neither.', path: ['target_module_name'] };

export const startBody = z
  .strictObject({
    ...common,
    virtual_db: snapshot.nullable(),
    mock: z.boolean().default(true),
    force: z
      .union([z.boolean(), z.array(pathName).max(200)])
      .default(false)
      .describe('Begin again, whatever there is; or run these modules again: step/module'),
  })
  .refine(hasWholeTarget, wholeTarget);

/** A command may name the branch that it takes for the current one; another is `branch_not_current` (format.md 9.3). */
const commanding = { ...existing, branch_id: idSchema.optional() };

export const respondBody = z
  .strictObject({ ...commanding, virtual_run_id: idSchema, ...respondFields })
  .refine(hasWholeTarget, wholeTarget);
export const retryBody = z.strictObject({ ...commanding, ...retryFields }).refine(hasWholeTarget, wholeTarget);
export const jumpBody = z
  .union([
    z.strictObject({ ...commanding, ...jumpFields }),
    z.strictObject({ ...commanding, reopen: idSchema, idempotency_key: idempotencyKeySchema.optional() }),
  ])
  .refine(hasWholeTarget, wholeTarget);
export const subActionBody = z.strictObject({ ...existing, ...subActionFields }).refine(hasWholeTarget, wholeTarget);
export const resumeBody = z.strictObject(existing).refine(hasWholeTarget, wholeTarget);

/** What a request that executes has, whichever it is. */
export type ExecuteBody = z.output<typeof startBody> | z.output<typeof resumeBody> | z.output<typeof jumpBody>;

const reading = {
  virtual_db: snapshot,
  virtual_run_id: idSchema.optional(),
  /** Editors send it along with everything; a snapshot knows its own. */
  workflow: z.unknown().optional(),
  mock: z.boolean().optional(),
};
export const readBody = z.strictObject(reading);
export const historyBody = z.strictObject({
  ...reading,
  limit: z.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2000).optional(),
});
export const fileBody = z.strictObject({ ...reading, file_id: idSchema });
/** What a catalogue says; a snapshot may come along. */
export const mediaPreviewBody = z.strictObject({
  ...reading,
  virtual_db: snapshot.optional(),
  ...mediaPreviewFields,
});
export const generationsBody = z.strictObject({ ...reading, interaction_id: idSchema });

export const nameBranchBody = z.strictObject({ ...reading, name: z.string().trim().min(1).max(200).nullable() });
export const compareBody = z.strictObject({ ...reading, a: idSchema, b: idSchema });

export const openBody = z.strictObject({
  workflow_run_id: idSchema.describe('A run of the caller on the production server'),
  up_to_seq: z.number().int().min(0).optional().describe('The last event to take of its current line; all by default'),
});

export const exportBody = z.strictObject({
  ...reading,
  description: z.string().max(2000).optional().describe('What the preview shows'),
});
