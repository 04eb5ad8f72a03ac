import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaModel } from '@wfm/workflow-engine/ports';
import { grades } from './picture/edit-picture.ts';
import { sourceMimes } from './picture/open-picture.ts';
import { paletteNames } from './picture/palettes.ts';
import { sceneNames } from './picture/keywords.ts';
import { styleNames, styles } from './picture/styles.ts';
import { effectFamilies } from './sound/effects/families.ts';
import { instruments } from './sound/music-order.ts';
import { moodNames } from './sound/notes.ts';
import { voices } from './speech/voices.ts';
import { moves } from './video/film-plan.ts';

const MiB = 1024 * 1024;
/** Seconds of stereo sound at 44.1 kHz that stay below format.md 23's 50 MB for audio. */
const longestMusic = 240;
const promptMaxChars = 10_000;

export const ratios = {
  '1:1': [1, 1],
  '4:3': [4, 3],
  '3:2': [3, 2],
  '16:9': [16, 9],
  '3:4': [3, 4],
  '2:3': [2, 3],
  '9:16': [9, 16],
} as const;
export const resolutions = { '360p': 360, '480p': 480, '720p': 720, '1080p': 1080 } as const;

/** What a machine can do beyond what is always there; a text says why not. */
export interface MachineTools {
  speech: string | null;
  film: string | null;
}

const seed = {
  type: 'integer',
  minimum: 0,
  maximum: 2_147_483_647,
  title: 'Seed',
  description: 'The same seed gives the same result. Left out: from the prompt.',
};
const count = (most: number): JsonObject => ({
  type: 'integer',
  minimum: 1,
  maximum: most,
  default: 1,
  title: 'How many',
});
const seconds = (low: number, most: number, value: number): JsonObject => ({
  type: 'number',
  minimum: low,
  maximum: most,
  default: value,
  title: 'Seconds',
});
const title = { type: 'string', maxLength: 120, default: '', title: 'Title', description: 'Set upon the picture.' };
const format = { type: 'string', enum: ['png', 'jpeg', 'webp'], default: 'png', title: 'File format' };
const side = { type: 'integer', minimum: 64, maximum: 2048 };
const colour = { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' };

function closed(properties: JsonObject): JsonObject {
  return { type: 'object', additionalProperties: false, properties };
}

const film = {
  resolution: { type: 'string', enum: Object.keys(resolutions), default: '720p', title: 'Resolution' },
  aspect_ratio: { type: 'string', enum: Object.keys(ratios), default: '16:9', title: 'Aspect ratio' },
  fps: { type: 'integer', enum: [24, 25, 30], default: 25, title: 'Frames a second' },
  move: { type: 'string', enum: ['auto', ...moves], default: 'auto', title: 'Camera' },
  captions: {
    type: 'array',
    items: { type: 'string', maxLength: 140 },
    maxItems: 20,
    default: [],
    title: 'Captions',
    description: 'Shown one after the other, each for its share of the film.',
  },
  seed,
};

/** Everything that the local renderer makes (format.md 15.1), parameters with the limits of format.md 23 in mind. */
export function localModels(missing: MachineTools): MediaModel[] {
  return [
    {
      id: 'local-picture',
      label: 'Composed picture',
      action: 'txt2img',
      promptMaxChars,
      params: closed({
        style: {
          type: 'string',
          enum: styleNames,
          default: 'poster',
          title: 'Style',
          'x-labels': Object.fromEntries(styleNames.map((name) => [name, styles[name].title])),
        },
        aspect_ratio: {
          type: 'string',
          enum: Object.keys(ratios),
          default: '1:1',
          title: 'Aspect ratio',
          description: 'Of a picture of about one megapixel; width and height go before it.',
        },
        width: { ...side, title: 'Width' },
        height: { ...side, title: 'Height' },
        scene: {
          type: 'string',
          enum: ['auto', ...sceneNames],
          default: 'auto',
          title: 'Scene',
          description: 'auto: by the words of the prompt.',
        },
        palette: { type: 'string', enum: ['auto', ...paletteNames], default: 'auto', title: 'Colours' },
        title,
        num_images: count(4),
        seed,
        format,
      }),
    },
    {
      id: 'local-edit',
      label: 'Picture edit',
      action: 'img2img',
      promptMaxChars,
      inputs: [
        {
          role: 'source',
          mime: sourceMimes,
          min: 1,
          max: 1,
          maxBytes: 25 * MiB,
        },
      ],
      params: closed({
        grade: {
          type: 'string',
          enum: ['auto', ...grades],
          default: 'auto',
          title: 'Grade',
          description: 'auto: by the words of the prompt.',
        },
        tint: { ...colour, title: 'Tint' },
        tint_strength: { type: 'number', minimum: 0, maximum: 1, default: 0.5, title: 'Strength of the tint' },
        blur: { type: 'number', minimum: 0, maximum: 60, default: 0, title: 'Blur', description: 'In pixels.' },
        grain: { type: 'number', minimum: 0, maximum: 1, default: 0, title: 'Grain' },
        flip: { type: 'boolean', default: false, title: 'Mirror' },
        width: { ...side, title: 'Width', description: 'With height: the picture is cut to fill this size.' },
        height: { ...side, title: 'Height' },
        title,
        seed,
        format,
      }),
    },
    {
      id: 'local-music',
      label: 'Synthesised music',
      action: 'txt2audio',
      promptMaxChars,
      params: closed({
        seconds: seconds(2, longestMusic, 20),
        bpm: {
          type: 'integer',
          minimum: 50,
          maximum: 180,
          title: 'Beats a minute',
          description: 'Left out: by the prompt.',
        },
        mood: { type: 'string', enum: ['auto', ...moodNames], default: 'auto', title: 'Mood' },
        instruments: {
          type: 'array',
          items: { type: 'string', enum: [...instruments] },
          uniqueItems: true,
          maxItems: instruments.length,
          default: [],
          title: 'Instruments',
          description: 'Empty: by the prompt.',
        },
        num_outputs: count(3),
        seed,
      }),
    },
    {
      id: 'local-effect',
      label: 'Synthesised sound effect',
      action: 'txt2audio',
      promptMaxChars,
      params: closed({
        family: {
          type: 'string',
          enum: ['auto', ...effectFamilies],
          default: 'auto',
          title: 'Kind of sound',
          description: 'auto: by the words of the prompt.',
        },
        seconds: seconds(0.2, 30, 3),
        num_outputs: count(3),
        seed,
      }),
    },
    {
      id: 'local-speech',
      label: 'Synthesised speech (eSpeak NG)',
      action: 'txt2audio',
      promptMaxChars: 5000,
      params: closed({
        voice: { type: 'string', enum: [...voices], default: 'en-gb', title: 'Voice' },
        speed: { type: 'integer', minimum: 80, maximum: 350, default: 160, title: 'Words a minute' },
        pitch: { type: 'integer', minimum: 0, maximum: 99, default: 45, title: 'Pitch' },
      }),
      ...(missing.speech === null ? {} : { unavailable: missing.speech }),
    },
    {
      id: 'local-motion',
      label: 'Camera move over a picture',
      action: 'img2vid',
      promptMaxChars,
      inputs: [
        { role: 'source', mime: sourceMimes, min: 1, max: 1, maxBytes: 25 * MiB },
        { role: 'last', mime: sourceMimes, min: 0, max: 1, maxBytes: 25 * MiB },
        { role: 'audio', mime: ['audio/*'], min: 0, max: 1, maxBytes: 50 * MiB },
      ],
      params: closed({ seconds: seconds(1, 30, 5), ...film }),
      ...(missing.film === null ? {} : { unavailable: missing.film }),
    },
    {
      id: 'local-film',
      label: 'Film of stills and sound',
      action: 'compose',
      promptMaxChars,
      inputs: [
        { role: 'still', mime: sourceMimes, min: 1, max: 20, maxBytes: 25 * MiB },
        { role: 'audio', mime: ['audio/*'], min: 0, max: 4, maxBytes: 50 * MiB },
      ],
      params: closed({
        seconds: {
          type: 'number',
          minimum: 1,
          maximum: 300,
          title: 'Seconds',
          description: 'Left out: as long as the first sound, else by seconds_per_still.',
        },
        seconds_per_still: { type: 'number', minimum: 1, maximum: 30, default: 4, title: 'Seconds a still' },
        crossfade: { type: 'number', minimum: 0, maximum: 3, default: 0.8, title: 'Crossfade in seconds' },
        sound: {
          type: 'string',
          enum: ['duck', 'mix'],
          default: 'duck',
          title: 'Several sounds',
          description: 'duck: the others make room for the first one.',
        },
        ...film,
      }),
      ...(missing.film === null ? {} : { unavailable: missing.film }),
    },
  ];
}
