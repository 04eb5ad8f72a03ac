import { afterAll, describe, expect, it } from 'vitest';
import { createLocalMediaProvider } from './local-provider.ts';
import { findProgram } from './programs.ts';
import { readPrompt } from './read-prompt.ts';
import { effectFamilies } from './sound/effects/families.ts';
import { moodNames } from './sound/notes.ts';
import { musicFor } from './sound/music-order.ts';
import { readWav } from './sound/wav.ts';
import { contextFor, make, sha } from './testing/ask-local.ts';

const espeak = findProgram('espeak-ng', process.env['PATH'] ?? '');
const provider = createLocalMediaProvider({ ffmpeg: null, espeak: null });
const withProgram = createLocalMediaProvider({ ffmpeg: null, espeak, wasmSpeech: false });
const mute = createLocalMediaProvider({ espeak: null, wasmSpeech: false });
afterAll(() => Promise.all([provider.close(), withProgram.close(), mute.close()]));
const hasWasm = provider.info().models.every((model) => model.id !== 'local-speech' || model.unavailable === undefined);

describe('sound of the local renderer', () => {
  it('the same seed gives the same WAV bytes, as long as asked and below full scale', async () => {
    const params = { seconds: 4, seed: 11, num_outputs: 2 };
    const first = await make(provider, { action: 'txt2audio', model: 'local-music', params });
    const again = await make(provider, { action: 'txt2audio', params });
    expect(again.map(sha)).toEqual(first.map(sha));
    expect(sha(first[0]!)).not.toBe(sha(first[1]!));
    const { samples, rate, channels } = readWav(first[0]!)!;
    expect([rate, channels, samples.length / channels / rate]).toEqual([44_100, 2, 4]);
    expect(peakOf(samples)).toBeCloseTo(0.89, 1);
  });

  it('every mood plays, and they differ', async () => {
    const shas = await Promise.all(
      moodNames.map(async (mood) =>
        sha((await make(provider, { action: 'txt2audio', params: { seconds: 3, mood, seed: 2 } }))[0]!),
      ),
    );
    expect(new Set(shas).size).toBe(moodNames.length);
  });

  it('every effect is heard: not silent, not one constant', async () => {
    const levels = await Promise.all(
      effectFamilies.map(async (family) => {
        const [file] = await make(provider, {
          action: 'txt2audio',
          model: 'local-effect',
          params: { family, seconds: 1.2, seed: 4 },
        });
        const { samples } = readWav(file!)!;
        return {
          family,
          peak: peakOf(samples),
          level: Math.sqrt(samples.reduce((sum, value) => sum + (value / 32_768) ** 2, 0) / samples.length),
        };
      }),
    );
    expect(levels.filter(({ peak, level }) => peak < 0.5 || peak > 0.95 || level < 0.004)).toEqual([]);
  });

  it('a structured music prompt steers mood, tempo and instruments; text does so by its words', () => {
    const words = readPrompt(
      JSON.stringify({
        data: [
          {
            name: 'A',
            description: 'Night drive',
            prompt: 'slow',
            suggested_bpm: 71,
            instruments: ['piano', 'double bass'],
            mood: ['sad', 'lonely'],
            energy: 'low',
          },
        ],
      }),
    );
    expect(musicFor(words, {})).toEqual({ mood: 'sad', bpm: 71, instruments: ['keys', 'bass', 'pad'] });
    expect(musicFor(readPrompt('an epic cinematic battle with drums'), {})).toMatchObject({ mood: 'epic', bpm: 92 });
    expect(readPrompt('{"prompt": broken').text).toBe('{"prompt": broken');
  });

  it.each([
    ['music over its length', 'local-music', { seconds: 900 }],
    ['an effect over its length', 'local-effect', { seconds: 31 }],
    ['an unknown voice', 'local-speech', { voice: '--help' }],
    ['an unknown instrument', 'local-music', { instruments: ['kazoo'] }],
  ])('%s is refused', async (_what, model, params) => {
    await expect(make(provider, { action: 'txt2audio', model, params })).rejects.toMatchObject({
      code: 'input_invalid',
    });
  });

  it('cancelling stops music while it is made', async () => {
    const controller = new AbortController();
    const stopped = new Error('stopped');
    const work = make(provider, { action: 'txt2audio', params: { seconds: 200 } }, contextFor(controller.signal));
    setTimeout(() => controller.abort(stopped), 100);
    await expect(work).rejects.toBe(stopped);
  });

  it('without any speech program the model is listed, says why, and is never called', async () => {
    const model = mute.info().models.find(({ id }) => id === 'local-speech');
    expect(model?.unavailable).toContain('espeak-ng');
    await expect(make(mute, { action: 'txt2audio', model: 'local-speech' })).rejects.toMatchObject({
      code: 'provider_not_configured',
    });
  });

  it.skipIf(espeak === null)(
    'speech by espeak-ng, also of a text that begins with a dash (needs espeak-ng)',
    async () => {
      const [file] = await make(withProgram, {
        action: 'txt2audio',
        model: 'local-speech',
        prompt: '-v hello there, world',
      });
      expect(lengthOf(file!)).toBeGreaterThan(0.8);
    },
  );

  it.skipIf(!hasWasm)(
    'speech by WebAssembly keeps its samples whole (needs @echogarden/espeak-ng-emscripten)',
    async () => {
      const [file] = await make(provider, {
        action: 'txt2audio',
        model: 'local-speech',
        prompt: 'Hello there, world',
        params: { speed: 120 },
      });
      expect(lengthOf(file!)).toBeGreaterThan(0.8);
      expect(peakOf(readWav(file!)!.samples)).toBeGreaterThan(0.1);
    },
  );
});

function peakOf(samples: Int16Array): number {
  return samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 32_768;
}

function lengthOf(file: Uint8Array): number {
  const { samples, rate, channels } = readWav(file)!;
  return samples.length / rate / channels;
}
