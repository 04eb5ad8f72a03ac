import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VendorProgress } from '@wfm/workflow-engine/ports';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalMediaProvider, type LocalMediaProvider } from './local-provider.ts';
import { findProgram } from './programs.ts';
import { renderEffect } from './sound/effects/render-effect.ts';
import { contextFor, inputOf, make } from './testing/ask-local.ts';

const path = process.env['PATH'] ?? '';
const ffmpeg = findProgram('ffmpeg', path);
const ffprobe = findProgram('ffprobe', path);
const file = findProgram('file', path);
const without = [
  ffmpeg === null ? 'ffmpeg' : '',
  ffprobe === null ? 'ffprobe' : '',
  file === null ? 'file' : '',
].filter((name) => name !== '');
if (without.length > 0) console.warn(`films are not tested whole: ${without.join(', ')} not installed`);

let folder = '';
let provider: LocalMediaProvider;
let still: Uint8Array;
const small = { resolution: '360p', seconds: 2, fps: 24 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wfm-film-test-'));
  provider = createLocalMediaProvider({ ffmpeg, espeak: null, folder, wasmSpeech: false });
  still = await sharp({ create: { width: 320, height: 200, channels: 3, background: '#a04060' } })
    .png()
    .toBuffer();
});
afterAll(async () => {
  await provider.close();
  await rm(folder, { recursive: true });
});

describe('films of the local renderer', () => {
  it('without ffmpeg they are listed, say what to install, and are never called', async () => {
    const bare = createLocalMediaProvider({ path: '' });
    const models = bare.info().models.filter(({ action }) => action === 'img2vid' || action === 'compose');
    expect(models.map(({ unavailable }) => unavailable?.includes('ffmpeg'))).toEqual([true, true]);
    expect(bare.info().ready).toBe(true);
    const inputs = [inputOf('source', 'image/png', still)];
    await expect(make(bare, { action: 'img2vid', inputs })).rejects.toMatchObject({ code: 'provider_not_configured' });
  });

  it.skipIf(without.length > 0)(
    'a picture moves: H.264 of the size and length asked for (needs ffmpeg, ffprobe, file)',
    async () => {
      const [film] = await make(provider, {
        action: 'img2vid',
        prompt: '',
        params: small,
        inputs: [inputOf('source', 'image/png', still)],
      });
      const probed = await probe(film!);
      expect(probed.kind).toContain('ISO Media');
      expect(probed.streams).toEqual(['h264 640x360']);
      expect(probed.seconds).toBeCloseTo(2, 1);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it.skipIf(without.length > 0)(
    'stills, two sounds and captions become one film as long as its first sound, with progress (needs ffmpeg, ffprobe, file)',
    async () => {
      const other = await sharp({ create: { width: 200, height: 300, channels: 3, background: '#204080' } })
        .jpeg()
        .toBuffer();
      const lead = renderEffect({ family: 'bell', seed: 1, seconds: 3 });
      const bed = renderEffect({ family: 'waves', seed: 1, seconds: 2 });
      const context = contextFor();
      const inputs = [
        inputOf('still', 'image/png', still),
        inputOf('still', 'image/jpeg', other),
        inputOf('audio', 'audio/wav', lead),
        inputOf('audio', 'audio/wav', bed),
      ];
      const params = { resolution: '360p', aspect_ratio: '9:16', captions: ["It's: one, 50% [done];", 'Two'] };
      const [film] = await make(provider, { action: 'compose', prompt: '', params, inputs }, context);
      const probed = await probe(film!);
      expect(probed.streams.toSorted()).toEqual(['aac', 'h264 360x640']);
      expect(probed.seconds).toBeCloseTo(3, 1);
      const percents = context.progress.flatMap((entry) => (entry.phase === 'running' ? (entry.percent ?? []) : []));
      expect(percents).toEqual(percents.toSorted((a, b) => a - b));
      expect(percents.some((percent) => percent > 10)).toBe(true);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it.skipIf(ffmpeg === null)(
    'a cancel while stills are prepared and while ffmpeg runs ends at once and leaves nothing (needs ffmpeg)',
    async () => {
      for (const phase of ['preparing stills', 'rendering']) {
        const controller = new AbortController();
        const stopped = new Error(phase);
        const context = {
          ...contextFor(controller.signal),
          report: (entry: VendorProgress) => {
            if (entry.phase === 'running' && entry.note === phase) controller.abort(stopped);
          },
        };
        const inputs = [inputOf('still', 'image/png', still), inputOf('still', 'image/png', still)];
        await expect(
          make(provider, { action: 'compose', params: { ...small, seconds: 60 }, inputs }, context),
        ).rejects.toBe(stopped);
        expect(await readdir(folder)).toEqual([]);
      }
    },
  );

  it.skipIf(ffmpeg === null)('a film over its time limit is stopped (needs ffmpeg)', async () => {
    const hasty = createLocalMediaProvider({ ffmpeg, espeak: null, folder, filmTimeoutMs: 150 });
    const inputs = [inputOf('source', 'image/png', still)];
    await expect(
      make(hasty, { action: 'img2vid', params: { seconds: 30, resolution: '1080p' }, inputs }),
    ).rejects.toMatchObject({ code: 'provider_timeout' });
    await hasty.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it.skipIf(ffmpeg === null)(
    'a playlist in disguise, a damaged sound, a damaged still and one in SVG are refused (needs ffmpeg)',
    async () => {
      const playlist = Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n');
      const cases = [
        [inputOf('still', 'image/png', still), inputOf('audio', 'audio/mpeg', playlist)],
        [inputOf('still', 'image/png', still), inputOf('audio', 'audio/wav', Buffer.from('RIFF....WAVEjunk'))],
        [inputOf('still', 'image/png', Buffer.from('no picture'))],
        [inputOf('still', 'image/png', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'))],
      ];
      for (const inputs of cases) {
        const work = make(provider, { action: 'compose', params: small, inputs });
        await expect(work).rejects.toMatchObject({
          code: expect.stringMatching(/^(?:input_invalid|provider_failed)$/),
        });
      }
      expect(await readdir(folder)).toEqual([]);
    },
  );
});

async function probe(film: Uint8Array): Promise<{ kind: string; streams: string[]; seconds: number }> {
  const at = join(tmpdir(), `wfm-probe-${process.pid}.mp4`);
  await writeFile(at, film);
  try {
    const kind = spawnSync(file!, ['-b', at], { encoding: 'utf8' }).stdout;
    const shown = spawnSync(
      ffprobe!,
      ['-v', 'error', '-show_entries', 'stream=codec_name,width,height:format=duration', '-of', 'json', at],
      { encoding: 'utf8' },
    );
    const { streams, format } = JSON.parse(shown.stdout) as {
      streams: { codec_name: string; width?: number; height?: number }[];
      format: { duration: string };
    };
    return {
      kind,
      streams: streams.map(({ codec_name, width, height }) =>
        width === undefined ? codec_name : `${codec_name} ${width}x${height}`,
      ),
      seconds: Number(format.duration),
    };
  } finally {
    await rm(at);
  }
}
