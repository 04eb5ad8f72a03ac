import { choiceParam, closedSchema, numberParam, textParam } from '../support/param-schema.ts';
import type { MediaEntry, PriceRule, VendorCatalogue } from './entry.ts';
import { audioInput, maskInput, sourceInput } from './inputs.ts';
import { cameraPromptSchema, speechPromptSchema } from './prompt-schemas.ts';

/**
 * OpenAI. Ids and option values from `@ai-sdk/openai` 4.0.118; limits, sizes and the prices of gpt-image-2 from copies
 * of OpenAI's model pages; retirements from `openai` 7.57.0 and OpenAI's deprecations page; all read 2026-11-22.
 */

const count = numberParam('Pictures', { min: 1, max: 10, default: 1 });
const outputFormat = choiceParam('File format', ['png', 'jpeg', 'webp'], 'png');

/** By the vendor's three sizes. */
const fixedSizes = { '1:1': '1024x1024', '3:2': '1536x1024', '2:3': '1024x1536' };
/** Sides in steps of 16, ratio up to 3:1. */
const freeSizes = {
  ...fixedSizes,
  '4:3': '1280x960',
  '3:4': '960x1280',
  '16:9': '1536x864',
  '9:16': '864x1536',
  '21:9': '1680x720',
};

function pictureParams(qualities: readonly string[], backgrounds: readonly string[], sizes: object) {
  return closedSchema({
    aspect_ratio: choiceParam('Aspect ratio', ['auto', ...Object.keys(sizes)], 'auto'),
    quality: choiceParam('Quality', qualities, 'auto'),
    num_images: count,
    background: choiceParam('Background', backgrounds, 'auto'),
    output_format: outputFormat,
    moderation: choiceParam('Moderation', ['auto', 'low'], 'auto'),
  });
}

const plainQualities = ['auto', 'low', 'medium', 'high'];
const anyBackground = ['auto', 'opaque', 'transparent'];
const ofTwo = pictureParams(plainQualities, ['auto', 'opaque'], freeSizes);
const ofTwoFive = pictureParams([...plainQualities, 'xhigh', 'max'], anyBackground, freeSizes);
const ofOlder = pictureParams(plainQualities, anyBackground, fixedSizes);
const ofTwoSix = {
  ...ofTwoFive,
  properties: {
    ...(ofTwoFive['properties'] as object),
    complexity: choiceParam('Detail', ['low', 'medium', 'high']),
  },
};

/** At 1024x1024; `auto` may choose the highest. Larger pictures cost more tokens, about in proportion. */
const gptImage2Price: PriceRule = {
  unit: 'image',
  usd: 0.211,
  times: [{ param: 'quality', by: { low: 0.006 / 0.211, medium: 0.053 / 0.211 } }],
  pixels: 1024 * 1024,
  note: 'Billed by tokens; quality "auto" is counted as "high".',
};

type Picture = Pick<MediaEntry, 'id' | 'label' | 'params'> & Partial<MediaEntry>;

const pictures: readonly Picture[] = [
  {
    id: 'gpt-image-2',
    label: 'GPT Image 2',
    params: ofTwo,
    sizes: freeSizes,
    price: gptImage2Price,
    tokens: { textIn: 5, imageIn: 8, out: 30 },
  },
  { id: 'gpt-image-2.6-sunburst', label: 'GPT Image 2.6 Sunburst', params: ofTwoSix, sizes: freeSizes },
  { id: 'gpt-image-2.6-flare', label: 'GPT Image 2.6 Flare', params: ofTwoSix, sizes: freeSizes },
  { id: 'gpt-image-2.5-sunburst', label: 'GPT Image 2.5 Sunburst', params: ofTwoFive, sizes: freeSizes },
  { id: 'gpt-image-2.5-flare', label: 'GPT Image 2.5 Flare', params: ofTwoFive, sizes: freeSizes },
  {
    id: 'gpt-image-1.5',
    label: 'GPT Image 1.5',
    params: ofOlder,
    sizes: fixedSizes,
    retiresOn: '2026-12-01',
    replacedBy: 'gpt-image-2',
  },
  {
    id: 'gpt-image-1-mini',
    label: 'GPT Image 1 mini',
    params: ofOlder,
    sizes: fixedSizes,
    retiresOn: '2026-12-01',
    replacedBy: 'gpt-image-2',
  },
  {
    id: 'gpt-image-1',
    label: 'GPT Image 1',
    params: ofOlder,
    sizes: fixedSizes,
    retiresOn: '2026-10-23',
    retired: 'OpenAI shut GPT Image 1 down on 2026-10-23.',
    replacedBy: 'gpt-image-2',
  },
];

/** 32 000 characters by the API reference. */
const promptMaxChars = 32_000;

const voices = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'fable', 'nova', 'onyx', 'sage', 'shimmer', 'verse'];
const speechParams = {
  voice: choiceParam('Voice', voices, 'alloy'),
  output_format: choiceParam('File format', ['mp3', 'wav', 'opus', 'aac', 'flac'], 'mp3'),
};
const speed = numberParam('Speed', { min: 0.25, max: 4, default: 1, whole: false });
const speechLimit = 4096;

const transcriptParams = closedSchema({
  language: textParam('Language of the sound, as ISO 639-1', 2, { pattern: '^[a-z]{2}$' }),
  prompt: textParam('Words that may occur', 1000),
});

const videoIsGone =
  'OpenAI shut its Videos API and the Sora models down on 2026-09-24, without a successor. Choose another provider for videos.';
const makeVideos = ['google', 'fal', 'replicate', 'black_forest_labs', 'leonardo'];

export const openaiCatalogue: VendorCatalogue = {
  id: 'openai',
  label: 'OpenAI',
  asOf: '2026-11-22',
  models: [
    ...pictures.map((picture): MediaEntry => ({ ...picture, action: 'txt2img', promptMaxChars })),
    ...pictures.map(
      (picture): MediaEntry => ({
        ...picture,
        action: 'img2img',
        promptMaxChars,
        inputs: [sourceInput(16), maskInput],
      }),
    ),
    {
      id: 'gpt-4o-mini-tts',
      label: 'GPT-4o mini TTS',
      action: 'txt2audio',
      params: closedSchema({ ...speechParams, instructions: textParam('How it is said', 2000) }),
      promptMaxChars: speechLimit,
    },
    {
      id: 'tts-1',
      label: 'TTS 1',
      action: 'txt2audio',
      params: closedSchema({ ...speechParams, speed }),
      promptMaxChars: speechLimit,
      price: { unit: 'character', usd: 0.000_015 },
    },
    {
      id: 'tts-1-hd',
      label: 'TTS 1 HD',
      action: 'txt2audio',
      params: closedSchema({ ...speechParams, speed }),
      promptMaxChars: speechLimit,
      price: { unit: 'character', usd: 0.000_03 },
    },
    ...[
      ['gpt-4o-transcribe', 'GPT-4o Transcribe'],
      ['gpt-4o-mini-transcribe', 'GPT-4o mini Transcribe'],
      ['whisper-1', 'Whisper'],
    ].map(
      ([id = '', label = '']): MediaEntry => ({
        id,
        label,
        action: 'transcribe',
        params: transcriptParams,
        inputs: [audioInput],
      }),
    ),
  ],
  promptSchemas: { txt2img: cameraPromptSchema, img2img: cameraPromptSchema, txt2audio: speechPromptSchema },
  retiredActions: {
    txt2vid: { explanation: videoIsGone, alternatives: [...makeVideos] },
    img2vid: { explanation: videoIsGone, alternatives: [...makeVideos, 'local'] },
  },
  limits: { atOnce: 3 },
  jobTimeoutMs: 300_000,
};
