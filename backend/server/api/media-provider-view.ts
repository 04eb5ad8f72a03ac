import { jsonObjectSchema, mediaActionSchema } from '@wfm/workflow-engine/models';
import type { MediaProviderInfo } from '@wfm/workflow-engine/ports';
import { z } from 'zod';

const modelSchema = z.object({
  model: z.string(),
  title: z.string(),
  action: mediaActionSchema,
  params: jsonObjectSchema,
  inputs: z.array(
    z.object({
      role: z.string(),
      mime: z.array(z.string()),
      min: z.number(),
      max: z.number(),
      max_bytes: z.number().optional(),
    }),
  ),
  prompt_max_chars: z.number().optional(),
  retires_on: z.string().optional(),
  retired: z.string().optional(),
  replaced_by: z.string().optional(),
});

/** A media provider as `GET /providers` tells it; there is no field that could hold a key. */
export const mediaProviderSchema = z.object({
  provider: z.string(),
  title: z.string(),
  /** There is a key: the server's, or the caller's own. */
  configured: z.boolean(),
  own_key: z.boolean(),
  reason: z.string().optional(),
  limits: z.object({ at_once: z.number(), per_minute: z.number().optional() }),
  models: z.array(modelSchema),
  prompt_schemas: z.record(z.string(), jsonObjectSchema),
  retired_actions: z.record(z.string(), z.object({ explanation: z.string(), alternatives: z.array(z.string()) })),
});

export function mediaProviderView(info: MediaProviderInfo, hasOwnKey: boolean): z.input<typeof mediaProviderSchema> {
  const { limits } = info;
  return {
    provider: info.id,
    title: info.label,
    configured: info.ready || hasOwnKey,
    own_key: hasOwnKey,
    ...(info.reason === undefined || hasOwnKey ? {} : { reason: info.reason }),
    limits: { at_once: limits.atOnce, ...(limits.perMinute === undefined ? {} : { per_minute: limits.perMinute }) },
    models: info.models.map(modelView),
    prompt_schemas: info.promptSchemas,
    retired_actions: info.retiredActions ?? {},
  };
}

function modelView(model: MediaProviderInfo['models'][number]): z.input<typeof modelSchema> {
  const { promptMaxChars, retiresOn, retired, replacedBy } = model;
  return {
    model: model.id,
    title: model.label,
    action: model.action,
    params: model.params,
    inputs: (model.inputs ?? []).map(({ maxBytes, ...rule }) => ({
      ...rule,
      ...(maxBytes === undefined ? {} : { max_bytes: maxBytes }),
    })),
    ...(promptMaxChars === undefined ? {} : { prompt_max_chars: promptMaxChars }),
    ...(retiresOn === undefined ? {} : { retires_on: retiresOn }),
    ...(retired === undefined ? {} : { retired }),
    ...(replacedBy === undefined ? {} : { replaced_by: replacedBy }),
  };
}
