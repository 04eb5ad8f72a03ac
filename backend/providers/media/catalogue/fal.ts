import { choiceParam, closedSchema, flagParam, numberParam, textParam } from '../support/param-schema.ts';
import type { MediaEntry, VendorCatalogue } from './entry.ts';
import { audioInput, sourceInput } from './inputs.ts';
import { speechPromptSchema } from './prompt-schemas.ts';

/**
 * fal, a host of many models. Ids from `@ai-sdk/fal` 3.0.41 and fal.ai/models; prices from the models' pages as copied
 * there, read 2026-11-22; check them before a large order. Models whose price was not found have none.
 */

const seed = numberParam('Seed', { min: 0, max: 2_147_483_647 });
const sizes = {
  '1:1': '1024x1024',
  '4:3': '1024x768',
  '3:4': '768x1024',
  '16:9': '1024x576',
  '9:16': '576x1024',
};
const pictureParams = closedSchema({
  aspect_ratio: choiceParam('Aspect ratio', Object.keys(sizes), '1:1'),
  num_images: numberParam('Pictures', { min: 1, max: 4, default: 1 }),
  seed,
  output_format: choiceParam('File format', ['png', 'jpeg'], 'png'),
});
const editParams = closedSchema({
  strength: numberParam('How much it may change', { min: 0.01, max: 1, default: 0.95, whole: false }),
  num_images: numberParam('Pictures', { min: 1, max: 4, default: 1 }),
  seed,
  output_format: choiceParam('File format', ['png', 'jpeg'], 'png'),
});
const promptMaxChars = 5_000;

const klingParams = {
  duration: choiceParam('Seconds', [5, 10], 5),
  negative_prompt: textParam('What shall not be seen', 2_500),
};
const klingPrice = { unit: 'second', usd: 0.07 } as const;

export const falCatalogue: VendorCatalogue = {
  id: 'fal',
  label: 'fal',
  asOf: '2026-11-22',
  models: [
    {
      id: 'fal-ai/flux/dev',
      label: 'FLUX.1 [dev]',
      action: 'txt2img',
      params: pictureParams,
      sizes,
      promptMaxChars,
      price: { unit: 'megapixel', usd: 0.025 },
    },
    {
      id: 'fal-ai/flux/schnell',
      label: 'FLUX.1 [schnell]',
      action: 'txt2img',
      params: pictureParams,
      sizes,
      promptMaxChars,
      price: { unit: 'megapixel', usd: 0.003 },
    },
    { id: 'fal-ai/qwen-image', label: 'Qwen Image', action: 'txt2img', params: pictureParams, sizes, promptMaxChars },
    {
      id: 'fal-ai/flux/dev/image-to-image',
      label: 'FLUX.1 [dev], from a picture',
      action: 'img2img',
      params: editParams,
      promptMaxChars,
      inputs: [sourceInput()],
      price: { unit: 'megapixel', usd: 0.03 },
    },
    {
      id: 'fal-ai/kling-video/v2.5-turbo/pro/text-to-video',
      label: 'Kling 2.5 Turbo Pro',
      action: 'txt2vid',
      params: closedSchema({
        aspect_ratio: choiceParam('Aspect ratio', ['16:9', '9:16', '1:1'], '16:9'),
        ...klingParams,
      }),
      asText: ['duration'],
      promptMaxChars: 2_500,
      price: klingPrice,
    },
    {
      id: 'fal-ai/kling-video/v2.5-turbo/pro/image-to-video',
      label: 'Kling 2.5 Turbo Pro, from a picture',
      action: 'img2vid',
      params: closedSchema(klingParams),
      asText: ['duration'],
      promptMaxChars: 2_500,
      inputs: [sourceInput()],
      price: klingPrice,
    },
    ...(['minimax/speech-02-hd', 'minimax/speech-02-turbo'] as const).map(
      (name): MediaEntry => ({
        id: `fal-ai/${name}`,
        label: name.endsWith('hd') ? 'MiniMax Speech 02 HD' : 'MiniMax Speech 02 Turbo',
        action: 'txt2audio',
        params: closedSchema({ speed: numberParam('Speed', { min: 0.5, max: 2, default: 1, whole: false }) }),
        promptMaxChars: 5_000,
      }),
    ),
    {
      id: 'wizper',
      label: 'Wizper',
      action: 'transcribe',
      params: closedSchema({
        language: textParam('Language of the sound, as ISO 639-1', 2, { pattern: '^[a-z]{2}$', default: 'en' }),
        diarize: flagParam('Tell speakers apart', false),
      }),
      inputs: [audioInput],
    },
  ],
  promptSchemas: { txt2audio: speechPromptSchema },
  // Of a new account (docs.fal.ai, concurrency).
  limits: { atOnce: 2 },
  jobTimeoutMs: 900_000,
};
