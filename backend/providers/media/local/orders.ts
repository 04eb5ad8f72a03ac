import type { JsonObject } from '@wfm/workflow-engine/models';
import { randomFor } from './random.ts';
import type { EditOrder, Grade } from './picture/edit-picture.ts';
import type { SceneName } from './picture/keywords.ts';
import type { PaletteName } from './picture/palettes.ts';
import type { PictureFormat, PictureOrder } from './picture/render-picture.ts';
import type { StyleName } from './picture/styles.ts';
import type { PromptWords } from './read-prompt.ts';
import { pictureSize } from './sizes.ts';
import { type EffectFamily, type EffectOrder, familyOf } from './sound/effects/families.ts';
import { type Instrument, type MusicOrder, musicFor } from './sound/music-order.ts';
import type { Mood } from './sound/notes.ts';

/** Checked parameters and a prompt's words as orders to the renderers. `auto` is left to the words. */

/** The seed of the first output: as asked, else from the prompt, so that the same request gives the same file. */
export function seedOf(words: PromptWords, params: JsonObject): number {
  const asked = params['seed'];
  return typeof asked === 'number' ? asked : randomFor('seed', words.text).whole(0, 2_147_483_000);
}

/** What is drawn; `auto` is left to the prompt's words. Takes parameters that have passed their schema, as those below. */
export function pictureOrder(words: PromptWords, params: JsonObject, seed: number): PictureOrder {
  return {
    prompt: words.text,
    seed,
    ...pictureSize(params),
    style: params['style'] as StyleName,
    palette: unlessAuto<PaletteName>(params['palette']) ?? null,
    scene: unlessAuto<SceneName>(params['scene']) ?? null,
    title: String(params['title']),
    format: params['format'] as PictureFormat,
  };
}

/** How a picture, given by its bytes, is graded, tinted, cut and titled. */
export function editOrder(words: PromptWords, params: JsonObject, seed: number, source: Uint8Array): EditOrder {
  const { width, height } = params as { width?: number; height?: number };
  const tint = params['tint'];
  return {
    source,
    grade: unlessAuto<Grade>(params['grade']) ?? gradeFor(words.text),
    tint: typeof tint === 'string' ? tint.toLowerCase() : null,
    tintStrength: Number(params['tint_strength']),
    blur: Number(params['blur']) < 0.3 ? 0 : Number(params['blur']),
    grain: Number(params['grain']),
    size: width === undefined || height === undefined ? null : { width, height },
    flip: params['flip'] === true,
    title: String(params['title']),
    seed,
    format: params['format'] as PictureFormat,
  };
}

/** What is played, for `seconds`; mood, tempo and instruments that are not asked for come from the words. */
export function musicOrder(words: PromptWords, params: JsonObject, seed: number): MusicOrder {
  const mood = unlessAuto<Mood>(params['mood']);
  const instruments = params['instruments'] as Instrument[];
  return {
    prompt: words.text,
    seed,
    seconds: Number(params['seconds']),
    ...musicFor(words, {
      ...(mood === undefined ? {} : { mood }),
      ...(typeof params['bpm'] === 'number' ? { bpm: params['bpm'] } : {}),
      ...(instruments.length === 0 ? {} : { instruments }),
    }),
  };
}

/** Which sound is made, for `seconds`; a family that is not asked for comes from the words. */
export function effectOrder(words: PromptWords, params: JsonObject, seed: number): EffectOrder {
  const family =
    unlessAuto<EffectFamily>(params['family']) ?? familyOf(words.text, randomFor('family', words.text, seed));
  return { family, seed, seconds: Number(params['seconds']) };
}

const gradeWords: [Grade, RegExp][] = [
  ['mono', /\b(?:black.and.white|monochrome|mono|noir|gr[ae]yscale)\b/i],
  ['sepia', /\b(?:sepia|vintage|old|antique|retro)\b/i],
  ['warm', /\b(?:warm|warmer|golden|sunset|cosy|cozy)\b/i],
  ['cool', /\b(?:cool|cooler|cold|blue|winter|icy|night)\b/i],
  ['faded', /\b(?:faded|fade|matte|soft|pastel|washed)\b/i],
  ['vivid', /\b(?:vivid|vibrant|bright|colou?rful|punchy|pop)\b/i],
];

function gradeFor(text: string): Grade {
  return gradeWords.find(([, pattern]) => pattern.test(text))?.[0] ?? 'none';
}

function unlessAuto<T extends string>(value: unknown): T | undefined {
  return value === 'auto' || value === undefined ? undefined : (value as T);
}
