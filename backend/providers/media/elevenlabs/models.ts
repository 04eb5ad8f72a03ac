import type { MediaModel } from '@wfm/workflow-engine/ports';
import { choiceParam, closedSchema, flagParam, numberParam } from '../support/param-schema.ts';

/** MP3 alone: raw PCM has no header that a player knows, and higher rates need a higher plan. */
export const outputFormats = ['mp3_44100_128', 'mp3_44100_192', 'mp3_48000_192'] as const;

export interface ElevenLabsModel extends MediaModel {
  path: '/v1/music' | '/v1/sound-generation';
  usdPerMinute: number;
}

/** elevenlabs.io/pricing/api, as read on that day; a plan with credits counts differently. */
export const priceRead = '2026-10-03';
const musicPrice = 0.15;
const soundPrice = 0.12;

const output_format = choiceParam('Format', outputFormats, 'mp3_44100_128');
const musicParams = closedSchema({
  music_length_ms: numberParam('Length in milliseconds', { min: 3_000, max: 600_000, default: 30_000 }),
  force_instrumental: flagParam('Without singing', false),
  output_format,
});
/** A longer prompt is refused (providers.md 3). */
const musicPromptChars = 4100;

/**
 * Music and sound effects (elevenlabs.io/docs/api-reference/music/compose, …/text-to-sound-effects/convert, read
 * 2026-11). `seed` goes with a composition plan only, so prompts have none.
 */
export const elevenLabsModels: readonly ElevenLabsModel[] = [
  {
    id: 'music_v2',
    label: 'Eleven Music v2',
    action: 'txt2audio',
    path: '/v1/music',
    params: musicParams,
    promptMaxChars: musicPromptChars,
    usdPerMinute: musicPrice,
  },
  {
    id: 'music_v2_5',
    label: 'Eleven Music v2.5',
    action: 'txt2audio',
    path: '/v1/music',
    params: musicParams,
    promptMaxChars: musicPromptChars,
    usdPerMinute: musicPrice,
  },
  {
    id: 'music_v1',
    label: 'Eleven Music v1 (deprecated)',
    action: 'txt2audio',
    path: '/v1/music',
    params: musicParams,
    promptMaxChars: musicPromptChars,
    usdPerMinute: musicPrice,
    replacedBy: 'music_v2',
  },
  {
    id: 'eleven_text_to_sound_v2',
    label: 'Eleven sound effects v2',
    action: 'txt2audio',
    path: '/v1/sound-generation',
    params: closedSchema({
      duration_seconds: numberParam('Length in seconds', { min: 0.5, max: 30, default: 5, whole: false }),
      prompt_influence: numberParam('Closeness to the prompt', { min: 0, max: 1, default: 0.3, whole: false }),
      loop: flagParam('Loops without a seam', false),
      output_format,
    }),
    usdPerMinute: soundPrice,
  },
];
