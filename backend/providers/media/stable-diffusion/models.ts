import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaModel } from '@wfm/workflow-engine/ports';
import { choiceParam, closedSchema, numberParam, textParam } from '../support/param-schema.ts';

const pictures = ['image/png', 'image/jpeg', 'image/webp'];
const maxBytes = 25 * 1024 * 1024;

/** Offered before anybody could be asked; a WebUI takes any multiple of 8. */
export const resolutions = ['512x512', '768x768', '832x1216', '1024x1024', '1216x832', '1344x768', '768x1344'] as const;
/** A second pass that enlarges (`enable_hr`), off or by how much. */
export const hiresChoices = ['off', '1.5x', '2x'] as const;

/** 100 to 3999 pixels. */
const side = '(?:[1-9][0-9]{2}|[1-3][0-9]{3})';

/**
 * `checkpoint`, `sampler_combo` (`sampler / scheduler`), `vae` and `adetailer` are names that the WebUI itself knows;
 * metadata lists them. Ranges are those of the WebUI's own sliders.
 */
const shared: Record<string, JsonObject> = {
  checkpoint: textParam('Model', 300),
  negative_prompt: textParam('Negative prompt', 10_000),
  resolution: { ...textParam('Resolution', 9), pattern: `^${side}x${side}$`, default: '1024x1024' },
  sampler_combo: textParam('Sampler and scheduler', 200),
  steps: numberParam('Steps', { min: 1, max: 150, default: 25 }),
  cfg_scale: numberParam('Guidance', { min: 1, max: 30, default: 7, whole: false }),
  seed: numberParam('Seed (-1: random)', { min: -1, max: 4_294_967_295, default: -1 }),
  num_images: numberParam('Number of pictures', { min: 1, max: 8, default: 1 }),
  vae: textParam('VAE', 300),
  clip_skip: numberParam('CLIP skip', { min: 1, max: 12 }),
  adetailer: textParam('ADetailer model', 200),
};

/** One model an action: the checkpoints behind it are the server's, and change while we run. */
export const stableDiffusionModels: readonly MediaModel[] = [
  {
    id: 'stable-diffusion',
    label: 'Stable Diffusion',
    action: 'txt2img',
    params: closedSchema({
      ...shared,
      hires: choiceParam('Second pass', hiresChoices, 'off'),
      hires_denoising: numberParam('Change in the second pass', { min: 0, max: 1, default: 0.4, whole: false }),
    }),
    promptMaxChars: 10_000,
  },
  {
    id: 'stable-diffusion',
    label: 'Stable Diffusion',
    action: 'img2img',
    params: closedSchema({
      ...shared,
      denoising_strength: numberParam('Change', { min: 0, max: 1, default: 0.75, whole: false }),
    }),
    promptMaxChars: 10_000,
    inputs: [
      { role: 'source', mime: pictures, min: 1, max: 1, maxBytes },
      { role: 'mask', mime: pictures, min: 0, max: 1, maxBytes },
    ],
  },
];
