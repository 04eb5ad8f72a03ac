import { choiceParam, closedSchema, flagParam, numberParam } from '../support/param-schema.ts';
import type { MediaEntry, PriceRule, VendorCatalogue } from './entry.ts';
import { maskInput, sourceInput } from './inputs.ts';

/**
 * Replicate, a host of many models. Ids from `@ai-sdk/replicate` 3.0.46 and replicate.com; parameters by the models'
 * schemas there; prices of official models as listed; read 2026-11-22.
 */

const seed = numberParam('Seed', { min: 0, max: 2_147_483_647 });
const ratios = ['1:1', '16:9', '21:9', '3:2', '2:3', '4:5', '5:4', '3:4', '4:3', '9:16', '9:21'];
const outputFormat = choiceParam('File format', ['png', 'jpg', 'webp'], 'png');
const pictureParams = closedSchema({
  aspect_ratio: choiceParam('Aspect ratio', ratios, '1:1'),
  num_images: numberParam('Pictures', { min: 1, max: 4, default: 1 }),
  output_format: outputFormat,
  seed,
});
const promptMaxChars = 5_000;

const videoParams = {
  resolution: choiceParam('Resolution', ['480p', '720p', '1080p'], '720p'),
  duration: numberParam('Seconds', { min: 2, max: 12, default: 5 }),
  camera_fixed: flagParam('The camera stands still', false),
  seed,
};
const ratioOfVideo = choiceParam('Aspect ratio', ['16:9', '4:3', '1:1', '3:4', '9:16', '21:9'], '16:9');
const videoPrice = (small: number, medium: number, large: number): PriceRule => ({
  unit: 'second',
  usd: small,
  times: [{ param: 'resolution', by: { '720p': medium / small, '1080p': large / small } }],
});
const videos = [
  { id: 'bytedance/seedance-1-pro', label: 'Seedance 1 Pro', price: videoPrice(0.03, 0.06, 0.15) },
  { id: 'bytedance/seedance-1-lite', label: 'Seedance 1 Lite', price: videoPrice(0.018, 0.036, 0.072) },
];

export const replicateCatalogue: VendorCatalogue = {
  id: 'replicate',
  label: 'Replicate',
  asOf: '2026-11-22',
  models: [
    {
      id: 'black-forest-labs/flux-dev',
      label: 'FLUX.1 [dev]',
      action: 'txt2img',
      params: pictureParams,
      promptMaxChars,
      price: { unit: 'image', usd: 0.025 },
    },
    {
      id: 'black-forest-labs/flux-schnell',
      label: 'FLUX.1 [schnell]',
      action: 'txt2img',
      params: pictureParams,
      promptMaxChars,
      price: { unit: 'image', usd: 0.003 },
    },
    {
      id: 'black-forest-labs/flux-fill-pro',
      label: 'FLUX.1 Fill [pro]',
      action: 'img2img',
      params: closedSchema({ output_format: choiceParam('File format', ['png', 'jpg'], 'png'), seed }),
      promptMaxChars,
      inputs: [sourceInput(), maskInput],
      price: { unit: 'image', usd: 0.05 },
    },
    ...videos.map(
      (video): MediaEntry => ({
        ...video,
        action: 'txt2vid',
        params: closedSchema({ aspect_ratio: ratioOfVideo, ...videoParams }),
        promptMaxChars,
      }),
    ),
    ...videos.map(
      (video): MediaEntry => ({
        ...video,
        action: 'img2vid',
        params: closedSchema(videoParams),
        promptMaxChars,
        inputs: [sourceInput()],
      }),
    ),
  ],
  promptSchemas: {},
  // 600 creates a minute by replicate.com/docs/reference/http; fewer at once keep an account's bill in sight.
  limits: { atOnce: 5, perMinute: 600 },
  jobTimeoutMs: 900_000,
};
