import { choiceParam, closedSchema, flagParam, numberParam, textParam } from '../support/param-schema.ts';
import type { MediaEntry, VendorCatalogue } from './entry.ts';
import { audioInput } from './inputs.ts';

/**
 * ElevenLabs' speech and transcripts; its music and sound effects are a client of our own. Ids from
 * `@ai-sdk/elevenlabs` 3.0.46; limits from elevenlabs.io/docs/models and prices from elevenlabs.io/pricing/api, read
 * 2026-11-22.
 */

/** Voices that every account has. */
const voices = [
  '21m00Tcm4TlvDq8ikWAM',
  'EXAVITQu4vr4xnSDxMaL',
  'JBFqnCBsd6RMkjVDRZzb',
  'TX3LPaxmHKxFdv7VOQHJ',
  'XB0fDUnXU5powFXDhCwa',
  'onwK4e9ZLuTAKqWW03F9',
];
const speechParams = closedSchema({
  voice: textParam('Id of the voice', 100, { pattern: '^[A-Za-z0-9]{1,100}$', default: voices[0], examples: voices }),
  output_format: choiceParam('File format', ['mp3_44100_128', 'mp3_44100_64', 'mp3_44100_192'], 'mp3_44100_128'),
  speed: numberParam('Speed', { min: 0.7, max: 1.2, default: 1, whole: false }),
  language: textParam('Language, as ISO 639-1', 2, { pattern: '^[a-z]{2}$' }),
  seed: numberParam('Seed', { min: 0, max: 4_294_967_295 }),
});

const speech = (id: string, label: string, promptMaxChars: number, usd: number): MediaEntry => ({
  id,
  label,
  action: 'txt2audio',
  params: speechParams,
  promptMaxChars,
  price: { unit: 'character', usd: usd / 1000 },
});

export const elevenLabsSpeechCatalogue: VendorCatalogue = {
  id: 'elevenlabs',
  label: 'ElevenLabs',
  asOf: '2026-11-22',
  models: [
    speech('eleven_v3', 'Eleven v3, speech', 5_000, 0.1),
    speech('eleven_multilingual_v2', 'Eleven Multilingual v2, speech', 10_000, 0.1),
    speech('eleven_flash_v2_5', 'Eleven Flash v2.5, speech', 40_000, 0.05),
    {
      id: 'scribe_v2',
      label: 'Scribe v2',
      action: 'transcribe',
      params: closedSchema({
        language_code: textParam('Language of the sound, as ISO 639', 3, { pattern: '^[a-z]{2,3}$' }),
        tag_audio_events: flagParam('Note laughter and the like', true),
        num_speakers: numberParam('Speakers', { min: 1, max: 32 }),
      }),
      inputs: [audioInput],
    },
  ],
  // How its music is asked for stands with the client of our own.
  promptSchemas: {},
  limits: { atOnce: 2 },
  jobTimeoutMs: 300_000,
};
