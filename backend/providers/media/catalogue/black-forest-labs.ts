import { choiceParam, closedSchema, flagParam, numberParam } from '../support/param-schema.ts';
import type { MediaEntry, VendorCatalogue } from './entry.ts';
import { lastFrameInput, maskInput, sourceInput } from './inputs.ts';

/**
 * Black Forest Labs. Ids and options from `@ai-sdk/black-forest-labs` 2.0.41; prices of pictures from
 * docs.bfl.ai/quick_start/pricing, of video from fal.ai/learn, which resells it; read 2026-11-22.
 */

const seed = numberParam('Seed', { min: 0, max: 2_147_483_647 });
const safety = numberParam('Tolerance of the filter', { min: 0, max: 5, default: 2 });
const outputFormat = choiceParam('File format', ['png', 'jpeg'], 'png');
const side = (title: string) => numberParam(title, { min: 256, max: 2048, step: 16, default: 1024 });
const ratios = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '21:9', '9:21'];

const freeParams = closedSchema({
  width: side('Width in pixels'),
  height: side('Height in pixels'),
  seed,
  safety_tolerance: safety,
  output_format: outputFormat,
});
const olderParams = closedSchema({
  width: numberParam('Width in pixels', { min: 256, max: 1440, step: 32, default: 1024 }),
  height: numberParam('Height in pixels', { min: 256, max: 1440, step: 32, default: 768 }),
  prompt_upsampling: flagParam('Let the vendor write the prompt out', false),
  seed,
  safety_tolerance: safety,
  output_format: outputFormat,
});
const ratioParams = closedSchema({
  aspect_ratio: choiceParam('Aspect ratio', ratios, '1:1'),
  seed,
  safety_tolerance: safety,
  output_format: outputFormat,
});
const fillParams = closedSchema({
  steps: numberParam('Steps', { min: 15, max: 50, default: 50 }),
  seed,
  safety_tolerance: safety,
  output_format: outputFormat,
});
const videoParams = {
  aspect_ratio: choiceParam('Aspect ratio', ['auto', '16:9', '9:16', '1:1', '4:3', '3:4', '21:9'], 'auto'),
  resolution: choiceParam('Resolution', ['hd', 'fhd'], 'hd'),
  duration: numberParam('Seconds', { min: 5, max: 20, default: 5 }),
  generate_audio: flagParam('With sound', true),
  safety_tolerance: safety,
};

const promptMaxChars = 5_000;
const video: Omit<MediaEntry, 'action'> = {
  id: 'flux-3-video',
  label: 'FLUX 3 Video',
  params: closedSchema(videoParams),
  promptMaxChars,
  price: {
    unit: 'second',
    usd: 0.17,
    times: [{ param: 'resolution', by: { fhd: 0.29 / 0.17 } }],
    note: 'The price of a reseller; the vendor tells the true one with the order.',
  },
};

export const blackForestLabsCatalogue: VendorCatalogue = {
  id: 'black_forest_labs',
  label: 'Black Forest Labs',
  asOf: '2026-11-22',
  models: [
    {
      id: 'flux-2-pro',
      label: 'FLUX.2 [pro]',
      action: 'txt2img',
      params: freeParams,
      promptMaxChars,
      price: { unit: 'megapixel', usd: 0.03, note: 'From; later megapixels cost less.' },
    },
    {
      id: 'flux-2-max',
      label: 'FLUX.2 [max]',
      action: 'txt2img',
      params: freeParams,
      promptMaxChars,
      price: { unit: 'megapixel', usd: 0.07, note: 'From; later megapixels cost less.' },
    },
    {
      id: 'flux-pro-1.1',
      label: 'FLUX1.1 [pro]',
      action: 'txt2img',
      params: olderParams,
      promptMaxChars,
      price: { unit: 'image', usd: 0.04 },
    },
    {
      id: 'flux-kontext-pro',
      label: 'FLUX.1 Kontext [pro]',
      action: 'img2img',
      params: ratioParams,
      promptMaxChars,
      inputs: [sourceInput(4)],
      price: { unit: 'image', usd: 0.04 },
    },
    {
      id: 'flux-kontext-max',
      label: 'FLUX.1 Kontext [max]',
      action: 'img2img',
      params: ratioParams,
      promptMaxChars,
      inputs: [sourceInput(4)],
      price: { unit: 'image', usd: 0.08 },
    },
    {
      id: 'flux-pro-1.0-fill',
      label: 'FLUX.1 Fill [pro]',
      action: 'img2img',
      params: fillParams,
      promptMaxChars,
      inputs: [sourceInput(), maskInput],
      price: { unit: 'image', usd: 0.05 },
    },
    { ...video, action: 'txt2vid' },
    { ...video, action: 'img2vid', inputs: [sourceInput(), lastFrameInput] },
  ],
  promptSchemas: {},
  // 24 active tasks an account (docs.bfl.ai, errors); a server shares it with others.
  limits: { atOnce: 6 },
  jobTimeoutMs: 900_000,
};
