import type { JsonObject } from '@wfm/workflow-engine/models';
import { given } from '../support/given.ts';
import { nanoBananaPixels, type Pixels, pixelsByArea } from './dimensions.ts';
import type { LeonardoModel } from './models.ts';
import { leonardoStyles } from './styles.ts';

export interface LeonardoOrder {
  path: string;
  body: JsonObject;
}

/** Ids of pictures that were uploaded before. */
export interface UploadedInputs {
  source?: string;
  last?: string;
  references: string[];
}

/**
 * The request that orders something (OpenAPI of v1: `createGeneration`, `createImageToVideoGeneration`,
 * `createTextToVideoGeneration`; v2: the guides of its models). In: checked parameters. Nothing is published: every
 * order is private.
 */
export function orderFor(
  model: LeonardoModel,
  prompt: string,
  params: JsonObject,
  inputs: UploadedInputs,
): LeonardoOrder {
  if (model.wire === 'v1-image') return ownImage(model, prompt, params, inputs);
  if (model.wire === 'v1-video') return ownVideo(model, prompt, params, inputs);
  if (model.wire === 'v2-image') return partner(model, partnerImage(model, prompt, params, inputs));
  return partner(model, partnerVideo(prompt, params, inputs));
}

function ownImage(model: LeonardoModel, prompt: string, params: JsonObject, inputs: UploadedInputs): LeonardoOrder {
  const mode = params['generation_mode'];
  return {
    path: '/v1/generations',
    body: given({
      prompt,
      modelId: model.vendorId,
      ...pixelsOf(model, params),
      num_images: params['num_images'],
      contrast: params['contrast'],
      styleUUID: styleId(params),
      // Ultra and alchemy exclude one another (OpenAPI, `ultra`).
      alchemy: mode === 'quality',
      ultra: mode === 'ultra',
      negative_prompt: params['negative_prompt'],
      seed: params['seed'],
      guidance_scale: params['guidance_scale'],
      num_inference_steps: params['num_inference_steps'],
      scheduler: params['scheduler'],
      init_image_id: inputs.source,
      init_strength: inputs.source === undefined ? undefined : params['init_strength'],
      public: false,
    }),
  };
}

function ownVideo(model: LeonardoModel, prompt: string, params: JsonObject, inputs: UploadedInputs): LeonardoOrder {
  const image = inputs.source === undefined ? {} : { imageId: inputs.source, imageType: 'UPLOADED' };
  return {
    path: inputs.source === undefined ? '/v1/generations-text-to-video' : '/v1/generations-image-to-video',
    body: given({
      prompt: moving(prompt, params),
      model: model.vendorId,
      ...image,
      resolution: params['resolution'] === '720p' ? 'RESOLUTION_720' : 'RESOLUTION_480',
      frameInterpolation: params['frame_interpolation'],
      promptEnhance: params['prompt_enhance'],
      negativePrompt: params['negative_prompt'],
      seed: params['seed'],
      isPublic: false,
    }),
  };
}

function partner(model: LeonardoModel, parameters: JsonObject): LeonardoOrder {
  return { path: '/v2/generations', body: { model: model.vendorId, public: false, parameters } };
}

function partnerImage(model: LeonardoModel, prompt: string, params: JsonObject, inputs: UploadedInputs): JsonObject {
  const strength = typeof params['strength'] === 'string' ? params['strength'] : 'MID';
  const ids = [...(inputs.source === undefined ? [] : [inputs.source]), ...inputs.references];
  const image_reference = ids.map((id) => ({ ...uploaded(id), strength }));
  const id = styleId(params);
  return given({
    prompt,
    quantity: params['num_images'],
    ...pixelsOf(model, params),
    prompt_enhance: params['prompt_enhance'],
    style_ids: id === undefined ? undefined : [id],
    seed: params['seed'],
    guidances: ids.length === 0 ? undefined : { image_reference },
  });
}

function partnerVideo(prompt: string, params: JsonObject, inputs: UploadedInputs): JsonObject {
  const full = params['resolution'] === '1080p';
  const [long, short] = full ? [1920, 1080] : [1280, 720];
  const upright = params['aspect_ratio'] === '9:16';
  const guidances = given({
    start_frame: inputs.source === undefined ? undefined : [uploaded(inputs.source)],
    end_frame: inputs.last === undefined ? undefined : [uploaded(inputs.last)],
  });
  return given({
    prompt: moving(prompt, params),
    duration: params['duration'],
    width: upright ? short : long,
    height: upright ? long : short,
    mode: full ? 'RESOLUTION_1080' : 'RESOLUTION_720',
    motion_has_audio: params['audio'],
    guidances: Object.keys(guidances).length === 0 ? undefined : guidances,
  });
}

function uploaded(id: string): JsonObject {
  return { image: { id, type: 'UPLOADED' } };
}

/** Width and height: as entered, else from ratio and size. */
export function pixelsOf(model: LeonardoModel, params: JsonObject): Pixels {
  const ratio = String(params['aspect_ratio']);
  const size = String(params['size']);
  const banana = model.vendorId === 'nano-banana-2' || model.vendorId === 'gemini-image-2';
  const bounds = model.wire === 'v1-image' ? { min: 32, max: 1536 } : { min: 768, max: 2048 };
  const pixels = banana ? nanoBananaPixels(ratio, size) : pixelsByArea(ratio, size, bounds);
  const { width, height } = params;
  return {
    width: typeof width === 'number' ? width : pixels.width,
    height: typeof height === 'number' ? height : pixels.height,
  };
}

/** None of the current models takes a strength of motion; they follow the words of the prompt. */
function moving(prompt: string, params: JsonObject): string {
  const strength = params['motion_strength'];
  return typeof strength === 'string' ? `${prompt} (${strength} motion)`.trim() : prompt;
}

function styleId(params: JsonObject): string | undefined {
  const name = params['style'];
  return typeof name === 'string' && Object.hasOwn(leonardoStyles, name) ? leonardoStyles[name] : undefined;
}
