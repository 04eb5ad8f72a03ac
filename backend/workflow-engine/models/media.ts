import { z } from 'zod';
import { isJsonObject, type JsonObject, jsonObjectSchema } from './json.ts';

/** What media modules and whoever does their work tell one another (format.md 13.6, 15.4, 15.5). */

/** Name of the actor that generates media. */
export const MEDIA_ACTOR = 'media';

export const mediaActions = ['txt2img', 'img2img', 'txt2vid', 'img2vid', 'txt2audio', 'compose', 'transcribe'] as const;
export const mediaActionSchema = z.enum(mediaActions);

/** Part of a picture, in pixels of its source. */
export const cropRegionSchema = z.strictObject({
  x: z.number().int().min(0),
  y: z.number().int().min(0),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
});
export type CropRegion = z.infer<typeof cropRegionSchema>;

/** A file of this run that goes into a generation. */
export const mediaInputRefSchema = z.strictObject({
  role: z.enum(['source', 'mask', 'first', 'last', 'reference', 'audio', 'still']),
  /** Null where a source was given as data and is no content of its own. */
  content_id: z.string().nullable(),
  sha256: z.string(),
  mime: z.string(),
  bytes: z.number().int(),
});

/** The payload of a task of the media actor. Its generation record is there already, `pending`. */
export const mediaTaskSchema = z.strictObject({
  metadata_id: z.string(),
  /** Whose the record and its files are. A sub-action's task is reported to its hidden child run, which owns none. */
  workflow_run_id: z.string(),
  provider: z.string(),
  action_type: mediaActionSchema,
  /** Null: the provider's default for the action. */
  model: z.string().nullable(),
  prompt: z.string(),
  /** Checked by the model's schema before the task was made. */
  params: jsonObjectSchema,
  inputs: z.array(mediaInputRefSchema).max(64),
  /** Applied to the input of role `source` before it is sent; the cropped frame is kept as `video.preview`. */
  crop_region: cropRegionSchema.nullable(),
  prompt_id: z.string(),
  prompt_key: z.string(),
});
export type MediaTask = z.infer<typeof mediaTaskSchema>;

/** What such a task gives, and a media sub-action with it (format.md 13.6). `urls[i]` belongs to `content_ids[i]`. */
export const mediaTaskResultSchema = z.looseObject({
  metadata_id: z.string(),
  content_ids: z.array(z.string()),
  urls: z.array(z.string()),
  prompt_id: z.string(),
  /** Of `transcribe`. */
  text: z.string().optional(),
});
export type MediaTaskResult = z.infer<typeof mediaTaskResultSchema>;

/** `local_path` of a content: an opaque name, never a path on a disk (format.md 15.4). */
export function localPathOf(content: { content_id: string; extension: string }): string {
  return `media:${content.content_id}.${content.extension}`;
}

/** Where the bytes of a content are served, below the API's address. */
export function contentUrl(content: { workflow_run_id: string; content_id: string }): string {
  return `/workflow/${content.workflow_run_id}/media/${content.content_id}`;
}

/** What a content in an output or in the state is seen or heard as (format.md 15.4); undefined for any other value. */
export function contentFamily(value: unknown): 'image' | 'audio' | 'video' | undefined {
  if (!isJsonObject(value)) return undefined;
  const { content_id: id, url, mime } = value as JsonObject & Record<'content_id' | 'url' | 'mime', unknown>;
  if (typeof id !== 'string' || typeof url !== 'string' || typeof mime !== 'string') return undefined;
  return /^(image|audio|video)\//.exec(mime)?.[1] as 'image' | 'audio' | 'video' | undefined;
}
