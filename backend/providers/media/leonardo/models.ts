import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaInputRule, MediaModel } from '@wfm/workflow-engine/ports';
import { choiceParam, closedSchema, flagParam, numberParam, textParam } from '../support/param-schema.ts';
import { aspectRatios, sizes } from './dimensions.ts';
import { styleNames } from './styles.ts';

/** How a model is spoken to: which request, and by which name the vendor knows it. */
export type LeonardoWire = 'v1-image' | 'v1-video' | 'v2-image' | 'v2-video';

export interface LeonardoModel extends MediaModel {
  wire: LeonardoWire;
  vendorId: string;
  /** In USD for one result, where a page of the vendor or of a user of it says so. */
  price?: { usd: number; as_of: string };
}

/** `sd_generation_schedulers` of v1's OpenAPI. */
export const leonardoSchedulers = [
  'LEONARDO',
  'EULER_DISCRETE',
  'EULER_ANCESTRAL_DISCRETE',
  'KLMS',
  'DDIM',
  'DPM_SOLVER',
  'PNDM',
] as const;

const pictures = ['image/png', 'image/jpeg', 'image/webp'];
const source: MediaInputRule = { role: 'source', mime: pictures, min: 1, max: 1, maxBytes: 5 * 1024 * 1024 };
const references: MediaInputRule = { role: 'reference', mime: pictures, min: 0, max: 6, maxBytes: 5 * 1024 * 1024 };

const shape = {
  aspect_ratio: choiceParam('Aspect ratio', aspectRatios, '1:1'),
  size: choiceParam('Size', sizes, 'medium'),
};
const seed = numberParam('Seed', { min: 0, max: 2_147_483_637 });
const style = choiceParam('Style', styleNames);
const negative = textParam('Negative prompt', 1000);
const contrast = choiceParam('Contrast', [3, 3.5, 4], 3.5);

/** Leonardo's own models: `POST /v1/generations` (OpenAPI of v1; guides to Lucid and Phoenix). Prompts of 1500. */
function ownImage(params: Record<string, JsonObject>): JsonObject {
  return closedSchema({
    ...shape,
    num_images: numberParam('Number of pictures', { min: 1, max: 4, default: 1 }),
    width: numberParam('Width in pixels', { min: 32, max: 1536, step: 8 }),
    height: numberParam('Height in pixels', { min: 32, max: 1536, step: 8 }),
    style,
    seed,
    ...params,
  });
}

/** Partner models: `POST /v2/generations`; width and height follow from ratio and size. */
function partnerImage(most: number, params: Record<string, JsonObject> = {}): JsonObject {
  return closedSchema({
    ...shape,
    num_images: numberParam('Number of pictures', { min: 1, max: most, default: 1 }),
    seed,
    prompt_enhance: choiceParam('Prompt improvement', ['OFF', 'ON'], 'OFF'),
    ...params,
  });
}

const motionStrength = choiceParam('Motion', ['subtle', 'moderate', 'dynamic']);

function ownVideo(params: Record<string, JsonObject>): JsonObject {
  return closedSchema({ motion_strength: motionStrength, negative_prompt: negative, seed, ...params });
}

const motionParams = ownVideo({
  resolution: choiceParam('Resolution', ['480p', '720p'], '480p'),
  frame_interpolation: flagParam('Smooth motion', true),
  prompt_enhance: flagParam('Prompt improvement', false),
});
const klingParams = closedSchema({
  motion_strength: motionStrength,
  aspect_ratio: choiceParam('Aspect ratio', ['16:9', '9:16'], '16:9'),
  resolution: choiceParam('Resolution', ['720p', '1080p'], '1080p'),
  duration: numberParam('Length in seconds', { min: 3, max: 15, default: 5 }),
  audio: flagParam('With sound', false),
});

/**
 * What we offer of Leonardo, the default of each action first. Ids are ours and stay; `vendorId` is the vendor's.
 * Facts: docs.leonardo.ai, guides of each model, read 2026-11 (lucid-realism, phoenix, nano-banana-2, nano-banana-pro,
 * seedream-50-pro, kling-30, generate-with-motion-2-using-generated-images) and the OpenAPI of v1.
 */
export const leonardoModels: readonly LeonardoModel[] = [
  {
    id: 'lucid-origin',
    label: 'Leonardo Lucid Origin',
    action: 'txt2img',
    wire: 'v1-image',
    vendorId: '7b592283-e8a7-4c5a-9ba6-d18c31f258b9',
    promptMaxChars: 1500,
    params: ownImage({ contrast, generation_mode: choiceParam('Mode', ['fast', 'ultra'], 'fast') }),
  },
  {
    id: 'lucid-realism',
    label: 'Leonardo Lucid Realism',
    action: 'txt2img',
    wire: 'v1-image',
    vendorId: '05ce0082-2d80-4a2d-8653-4d1c85e2418e',
    promptMaxChars: 1500,
    params: ownImage({ contrast, generation_mode: choiceParam('Mode', ['fast', 'ultra'], 'fast') }),
  },
  {
    id: 'phoenix-1.0',
    label: 'Leonardo Phoenix 1.0',
    action: 'txt2img',
    wire: 'v1-image',
    vendorId: 'de7d3faf-762f-48e0-b3b7-9d0ac3a3fcf3',
    promptMaxChars: 1500,
    params: ownImage({
      contrast,
      generation_mode: choiceParam('Mode', ['fast', 'quality', 'ultra'], 'quality'),
      negative_prompt: negative,
    }),
  },
  {
    id: 'nano-banana-2',
    label: 'Nano Banana 2 by Leonardo',
    action: 'txt2img',
    wire: 'v2-image',
    vendorId: 'nano-banana-2',
    promptMaxChars: 5000,
    params: partnerImage(8, { style }),
    inputs: [references],
    price: { usd: 0.04, as_of: '2026-11-22' },
  },
  {
    id: 'nano-banana-pro',
    label: 'Nano Banana Pro by Leonardo',
    action: 'txt2img',
    wire: 'v2-image',
    vendorId: 'gemini-image-2',
    promptMaxChars: 5000,
    params: partnerImage(8, { style }),
    inputs: [references],
  },
  {
    id: 'seedream-5.0-pro',
    label: 'Seedream 5.0 Pro by Leonardo',
    action: 'txt2img',
    wire: 'v2-image',
    vendorId: 'seedream-5.0-pro',
    params: partnerImage(6),
    inputs: [references],
  },
  {
    id: 'gpt-image-1.5',
    label: 'GPT Image-1.5 by Leonardo',
    action: 'txt2img',
    wire: 'v2-image',
    vendorId: 'gpt-image-1.5',
    params: partnerImage(8),
    // OpenAI ends the model on this day (providers.md 0.2), whoever resells it.
    retiresOn: '2026-12-01',
    replacedBy: 'nano-banana-pro',
    retired: 'OpenAI has retired GPT Image-1.5, so Leonardo cannot offer it any more.',
  },
  {
    id: 'nano-banana-2',
    label: 'Nano Banana 2 by Leonardo',
    action: 'img2img',
    wire: 'v2-image',
    vendorId: 'nano-banana-2',
    promptMaxChars: 5000,
    params: partnerImage(8, { style, strength: choiceParam('Likeness', ['LOW', 'MID', 'HIGH'], 'MID') }),
    inputs: [source, { ...references, max: 5 }],
    price: { usd: 0.04, as_of: '2026-11-22' },
  },
  {
    id: 'kino-xl',
    label: 'Leonardo Kino XL',
    action: 'img2img',
    wire: 'v1-image',
    vendorId: 'aa77f04e-3eec-4034-9c07-d0f619684628',
    promptMaxChars: 1500,
    params: ownImage({
      init_strength: numberParam('Likeness', { min: 0.1, max: 0.9, default: 0.5, whole: false }),
      generation_mode: choiceParam('Mode', ['fast', 'quality'], 'quality'),
      guidance_scale: numberParam('Guidance', { min: 1, max: 20, default: 7, whole: false }),
      num_inference_steps: numberParam('Steps', { min: 10, max: 60 }),
      scheduler: choiceParam('Scheduler', leonardoSchedulers),
      negative_prompt: negative,
    }),
    inputs: [source],
  },
  {
    id: 'motion-2.0',
    label: 'Leonardo Motion 2.0',
    action: 'img2vid',
    wire: 'v1-video',
    vendorId: 'MOTION2',
    promptMaxChars: 1500,
    params: motionParams,
    inputs: [source],
  },
  {
    id: 'kling-3.0',
    label: 'Kling 3.0 by Leonardo',
    action: 'img2vid',
    wire: 'v2-video',
    vendorId: 'kling-3.0',
    promptMaxChars: 2500,
    params: klingParams,
    inputs: [source, { role: 'last', mime: pictures, min: 0, max: 1, maxBytes: 5 * 1024 * 1024 }],
  },
  {
    id: 'motion-2.0',
    label: 'Leonardo Motion 2.0',
    action: 'txt2vid',
    wire: 'v1-video',
    vendorId: 'MOTION2',
    promptMaxChars: 1500,
    params: motionParams,
  },
  {
    id: 'kling-3.0',
    label: 'Kling 3.0 by Leonardo',
    action: 'txt2vid',
    wire: 'v2-video',
    vendorId: 'kling-3.0',
    promptMaxChars: 2500,
    params: klingParams,
  },
];
