import { choiceParam, closedSchema, numberParam, textParam } from '../support/param-schema.ts';
import type { MediaEntry, PriceRule, VendorCatalogue } from './entry.ts';
import { lastFrameInput, sourceInput } from './inputs.ts';
import { speechPromptSchema } from './prompt-schemas.ts';

/**
 * Google by the Gemini API. Ids from `@ai-sdk/google` 4.0.121; retirements from ai.google.dev/gemini-api/docs/
 * deprecations; pictures' prices from the announcement of Nano Banana 2.1, videos' from copies of the pricing page; all
 * read 2026-11-22.
 */

const ratios = ['1:1', '3:2', '2:3', '4:3', '3:4', '4:5', '5:4', '16:9', '9:16', '21:9'];
const pictureParams = closedSchema({ aspect_ratio: choiceParam('Aspect ratio', ['auto', ...ratios], 'auto') });

type Picture = Pick<MediaEntry, 'id' | 'label'> & Partial<MediaEntry>;

const gone = (id: string, label: string, retiresOn: string): Picture => ({
  id,
  label,
  retiresOn,
  retired: `Google shut ${label} down on ${retiresOn}.`,
  replacedBy: 'gemini-nano-banana-2.1',
});

const pictures: readonly Picture[] = [
  {
    id: 'gemini-nano-banana-2.1',
    label: 'Nano Banana 2.1',
    price: { unit: 'image', usd: 0.0336, note: 'For a picture of 1K; billed by tokens.' },
    tokens: { textIn: 1.5, imageIn: 1.5, out: 30 },
  },
  { id: 'gemini-3-pro-image', label: 'Nano Banana Pro (Gemini 3 Pro Image)' },
  gone('gemini-3.1-flash-image', 'Nano Banana 2 (Gemini 3.1 Flash Image)', '2026-10-29'),
  gone('gemini-2.5-flash-image', 'Nano Banana (Gemini 2.5 Flash Image)', '2026-10-02'),
  gone('gemini-3-pro-image-preview', 'Gemini 3 Pro Image Preview', '2026-06-25'),
  gone('imagen-4.0-generate-001', 'Imagen 4', '2026-06-24'),
];

const videoPrice = (usd: number, fullHd: number): PriceRule => ({
  unit: 'second',
  usd,
  times: [{ param: 'resolution', by: { '1080p': fullHd / usd } }],
});

const videoParams = closedSchema({
  aspect_ratio: choiceParam('Aspect ratio', ['16:9', '9:16'], '16:9'),
  resolution: choiceParam('Resolution', ['720p', '1080p'], '720p'),
  duration: choiceParam('Seconds', [4, 6, 8], 8),
  negative_prompt: textParam('What shall not be seen', 1000),
  seed: numberParam('Seed', { min: 0, max: 2_147_483_647 }),
});

const videos: readonly Picture[] = [
  { id: 'veo-3.1-lite-generate-preview', label: 'Veo 3.1 Lite', price: videoPrice(0.05, 0.08) },
  { id: 'veo-3.1-fast-generate-preview', label: 'Veo 3.1 Fast', price: videoPrice(0.15, 0.15) },
  { id: 'veo-3.1-generate-preview', label: 'Veo 3.1', price: videoPrice(0.4, 0.4) },
];

const voices = ['Kore', 'Puck', 'Zephyr', 'Charon', 'Fenrir', 'Leda', 'Orus', 'Aoede'];
const speechParams = closedSchema({ voice: choiceParam('Voice', voices, 'Kore') });

export const googleCatalogue: VendorCatalogue = {
  id: 'google',
  label: 'Google',
  asOf: '2026-11-22',
  models: [
    ...pictures.map(
      (picture): MediaEntry => ({ ...picture, action: 'txt2img', params: pictureParams, promptMaxChars: 32_000 }),
    ),
    ...pictures
      .filter((picture) => picture.id !== 'imagen-4.0-generate-001')
      .map(
        (picture): MediaEntry => ({
          ...picture,
          action: 'img2img',
          params: pictureParams,
          promptMaxChars: 32_000,
          inputs: [sourceInput(3, 7 * 1024 * 1024)],
        }),
      ),
    // Veo reads 1024 tokens of a prompt; four characters are about one.
    ...videos.map((video): MediaEntry => ({ ...video, action: 'txt2vid', params: videoParams, promptMaxChars: 4_000 })),
    ...videos.map(
      (video): MediaEntry => ({
        ...video,
        action: 'img2vid',
        params: videoParams,
        promptMaxChars: 4_000,
        inputs: [sourceInput(), lastFrameInput],
      }),
    ),
    ...[
      ['gemini-3.8-flash-tts', 'Gemini 3.8 Flash TTS'],
      ['gemini-3.8-flash-lite-tts', 'Gemini 3.8 Flash-Lite TTS'],
    ].map(
      ([id = '', label = '']): MediaEntry => ({
        id,
        label,
        action: 'txt2audio',
        params: speechParams,
        promptMaxChars: 8_000,
      }),
    ),
  ],
  promptSchemas: { txt2audio: speechPromptSchema },
  limits: { atOnce: 3 },
  jobTimeoutMs: 900_000,
};
