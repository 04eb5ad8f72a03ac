import { choiceParam, closedSchema, flagParam, textParam } from '../support/param-schema.ts';
import type { VendorCatalogue } from './entry.ts';
import { audioInput } from './inputs.ts';
import { speechPromptSchema } from './prompt-schemas.ts';

/**
 * Deepgram. Ids from `@ai-sdk/deepgram` 3.1.16; voices from developers.deepgram.com/docs/tts-models; the price of
 * `aura` from a copy of the price list; read 2026-11-22.
 */

const formats = choiceParam('File format', ['mp3', 'wav', 'opus', 'flac', 'aac'], 'mp3');

export const deepgramCatalogue: VendorCatalogue = {
  id: 'deepgram',
  label: 'Deepgram',
  asOf: '2026-11-22',
  models: [
    {
      id: 'aura-2',
      label: 'Aura 2',
      action: 'txt2audio',
      params: closedSchema({
        voice: choiceParam('Voice', ['thalia', 'andromeda', 'helena', 'apollo', 'arcas', 'aries'], 'thalia'),
        output_format: formats,
      }),
      // docs.deepgram.com, TTS limits.
      promptMaxChars: 2_000,
    },
    {
      id: 'aura',
      label: 'Aura',
      action: 'txt2audio',
      params: closedSchema({
        voice: choiceParam('Voice', ['asteria', 'luna', 'stella', 'orion', 'arcas', 'zeus'], 'asteria'),
        output_format: formats,
      }),
      promptMaxChars: 2_000,
      price: { unit: 'character', usd: 0.000_015 },
    },
    {
      id: 'nova-3',
      label: 'Nova 3',
      action: 'transcribe',
      params: closedSchema({
        language: textParam('Language of the sound, as BCP 47', 10, { pattern: '^[A-Za-z-]{2,10}$' }),
        detect_language: flagParam('Find the language out', false),
        diarize: flagParam('Tell speakers apart', false),
        smart_format: flagParam('Write numbers and dates as such', true),
      }),
      inputs: [audioInput],
    },
  ],
  promptSchemas: { txt2audio: speechPromptSchema },
  limits: { atOnce: 5 },
  jobTimeoutMs: 300_000,
};
