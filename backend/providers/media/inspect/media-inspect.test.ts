import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expectCode } from '@wfm/workflow-engine/testing';
import { expect, it } from 'vitest';
import { createMediaInspect } from './media-inspect.ts';
import { sourceOf } from './media-source.ts';
import { foldPeaks } from './sound-peaks.ts';

const media = createMediaInspect();
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
const needsFfmpeg = hasFfmpeg ? '' : ' (SKIPPED: ffmpeg is not installed)';

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#3a7' } });

/** A file that ffmpeg makes of a test source. */
function sample(name: string, ...args: string[]): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), 'wfm-sample-'));
  const path = join(directory, name);
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...args, path]);
  const bytes = readFileSync(path);
  rmSync(directory, { recursive: true });
  return bytes;
}
const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1.5'];
const film = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=10:duration=2', '-pix_fmt', 'yuv420p'];

it('15.4 a picture is what its bytes say, with its size as a viewer sees it', async () => {
  const kinds = [
    ['png', 'image/png', 'png'],
    ['jpeg', 'image/jpeg', 'jpg'],
    ['webp', 'image/webp', 'webp'],
    ['gif', 'image/gif', 'gif'],
    ['avif', 'image/avif', 'avif'],
  ] as const;
  for (const [format, mime, extension] of kinds) {
    const bytes = await picture(40, 30).toFormat(format).toBuffer();
    const expected = { kind: 'image', mime, extension, width: 40, height: 30, durationMs: null };
    expect(await media.inspect(sourceOf(bytes))).toEqual(expected);
  }
  const turned = await picture(40, 30).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  expect(await media.inspect(sourceOf(turned))).toMatchObject({ width: 30, height: 40 });
});

it('S15 what is neither picture, video nor sound is refused, whatever it was called', async () => {
  const texts = [
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    '<!doctype html><p>',
    '#EXTM3U\nfile:///etc/passwd',
    '%PDF-1.7 ',
    '{"error":"no"}',
    '',
  ];
  for (const text of texts) {
    const refused = await media.inspect(sourceOf(Buffer.from(text.padEnd(64)))).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'provider_failed', params: { reason: 'content_type' } });
  }
  await expectCode(media.inspect(sourceOf(new Uint8Array(0))), 'provider_failed');
  await expectCode(media.inspect(sourceOf(await picture(2, 2).tiff().toBuffer())), 'provider_failed');
});

it('a file that breaks off after its first bytes is refused', async () => {
  const png = await picture(40, 30).png().toBuffer();
  await expectCode(media.inspect(sourceOf(png.subarray(0, 20))), 'provider_failed');
});

it('23 a picture that would fill the memory is refused by its header', async () => {
  const bomb = Buffer.from(await picture(8, 8).png().toBuffer());
  bomb.writeUInt32BE(60_000, 16);
  await expectCode(media.inspect(sourceOf(bomb)), 'content_too_large');
  await expectCode(media.thumbnail(sourceOf(bomb), { mime: 'image/png', width: 160 }), 'content_too_large');
  bomb.writeUInt32BE(15_000, 16);
  bomb.writeUInt32BE(15_000, 20);
  await expectCode(media.inspect(sourceOf(bomb)), 'content_too_large');
  await expectCode(media.crop(bomb, { x: 0, y: 0, width: 1, height: 1 }), 'content_too_large');
});

it('23 a picture over 25 MB is refused before it is read', async () => {
  const head = await picture(8, 8).png().toBuffer();
  let read = 0;
  const file = {
    size: 26 * 1024 * 1024,
    read: async (start: number, end: number) => {
      read += end - start;
      const bytes = new Uint8Array(end - start);
      bytes.set(head.subarray(start, end).subarray(0, bytes.length));
      return bytes;
    },
  };
  await expectCode(media.inspect(file), 'content_too_large');
  expect(read).toBeLessThan(2 * 1024 * 1024);
});

it('15.5 a crop is the asked part, in the format of the picture; outside is refused', async () => {
  const red = {
    input: { create: { width: 10, height: 10, channels: 3, background: '#f00' } },
    left: 20,
    top: 5,
  } as const;
  const png = await picture(40, 30).composite([red]).png().toBuffer();
  const cut = await media.crop(png, { x: 20, y: 5, width: 10, height: 10 });
  expect(cut).toMatchObject({ mime: 'image/png', width: 10, height: 10 });
  const { dominant } = await sharp(cut.data).stats();
  expect(dominant.r).toBeGreaterThan(200);
  const jpeg = await media.crop(await picture(40, 30).jpeg().toBuffer(), { x: 0, y: 0, width: 40, height: 30 });
  expect(jpeg).toMatchObject({ mime: 'image/jpeg', width: 40, height: 30 });
  const outside = [
    { x: 31, y: 0, width: 10, height: 10 },
    { x: 0, y: 21, width: 10, height: 10 },
    { x: -1, y: 0, width: 10, height: 10 },
    { x: 0, y: 0, width: 0, height: 10 },
    { x: 0, y: 0, width: 1e308, height: 10 },
    { x: 0.5, y: 0, width: 10, height: 10 },
  ];
  for (const region of outside) await expectCode(media.crop(png, region), 'crop_invalid');
});

it('a thumbnail is a WebP of the asked width, never larger than its picture', async () => {
  const bytes = await picture(800, 400).png().toBuffer();
  for (const [width, expected] of [
    [160, 160],
    [320, 320],
    [640, 640],
  ] as const) {
    const small = await media.thumbnail(sourceOf(bytes), { mime: 'image/png', width });
    expect(await sharp(small).metadata()).toMatchObject({ format: 'webp', width: expected, height: expected / 2 });
  }
  const tiny = await media.thumbnail(sourceOf(await picture(50, 20).gif().toBuffer()), {
    mime: 'image/gif',
    width: 640,
  });
  expect(await sharp(tiny).metadata()).toMatchObject({ width: 50 });
  await expectCode(media.thumbnail(sourceOf(bytes), { mime: 'audio/wav', width: 160 }), 'content_not_found');
  await expectCode(
    media.thumbnail(sourceOf(bytes.subarray(0, 40)), { mime: 'image/png', width: 9 }),
    'content_not_found',
  );
});

it.skipIf(!hasFfmpeg)(`15.4 a sound says how long it is${needsFfmpeg}`, async () => {
  for (const [name, mime, extension, ...more] of [
    ['a.wav', 'audio/wav', 'wav'],
    ['a.mp3', 'audio/mpeg', 'mp3'],
    ['a.flac', 'audio/flac', 'flac'],
    ['a.ogg', 'audio/ogg', 'ogg'],
    ['a.m4a', 'audio/mp4', 'm4a'],
    ['sound-only.mp4', 'audio/mp4', 'm4a'],
    ['a.aac', 'audio/aac', 'aac', '-f', 'adts'],
  ] as const) {
    const found = await media.inspect(sourceOf(sample(name, ...tone, ...more)));
    expect(found).toMatchObject({ kind: 'audio', mime, extension, width: null, height: null });
    expect(Math.abs((found.durationMs ?? 0) - 1500)).toBeLessThan(120);
  }
});

it.skipIf(!hasFfmpeg)(`15.4 a video says its size and length, and has a picture${needsFfmpeg}`, async () => {
  for (const [name, mime] of [
    ['v.mp4', 'video/mp4'],
    ['v.webm', 'video/webm'],
    ['v.mov', 'video/quicktime'],
  ] as const) {
    const bytes = sample(name, ...film);
    const found = await media.inspect(sourceOf(bytes));
    expect(found).toMatchObject({ kind: 'video', mime, width: 320, height: 180 });
    expect(Math.abs((found.durationMs ?? 0) - 2000)).toBeLessThan(150);
    const small = await media.thumbnail(sourceOf(bytes), { mime, width: 160 });
    expect(await sharp(small).metadata()).toMatchObject({ format: 'webp', width: 160, height: 90 });
  }
  const broken = Buffer.from(await picture(8, 8).png().toBuffer());
  await expectCode(media.thumbnail(sourceOf(broken), { mime: 'video/mp4', width: 160 }), 'content_not_found');
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('wfm-media-'))).toEqual([]);
});

it.skipIf(!hasFfmpeg)(`the peaks of a sound follow its loudness${needsFfmpeg}`, async () => {
  const swell = sample('a.mp3', ...tone, '-af', 'afade=t=in:d=1.5');
  const { peaks, durationMs } = await media.peaks(sourceOf(swell), { mime: 'audio/mpeg' });
  expect(Math.abs(durationMs - 1500)).toBeLessThan(120);
  const [first = 1, , , last = 0] = foldPeaks(peaks, 4);
  expect(first).toBeLessThan(last);
  expect(Math.max(...peaks)).toBeLessThanOrEqual(1);
  await expectCode(media.peaks(sourceOf(swell), { mime: 'image/png' }), 'content_not_found');
  await expectCode(media.peaks(sourceOf(Buffer.from('no sound')), { mime: 'audio/wav' }), 'content_not_found');
});

it('peaks fold to the loudest of each stretch, and never grow', () => {
  expect(foldPeaks([0.1, 0.9, 0.2, 0.3], 2)).toEqual([0.9, 0.3]);
  expect(foldPeaks([0.1, 0.9, 0.2], 2)).toEqual([0.1, 0.9]);
  expect(foldPeaks([0.5], 10)).toEqual([0.5]);
  expect(foldPeaks([], 10)).toEqual([]);
});

it('work on a large picture leaves the event loop free', async () => {
  const bytes = await picture(4000, 3000).jpeg().toBuffer();
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  await media.inspect(sourceOf(bytes));
  await media.thumbnail(sourceOf(bytes), { mime: 'image/jpeg', width: 640 });
  await media.crop(bytes, { x: 10, y: 10, width: 3900, height: 2900 });
  clearInterval(timer);
  // 50 ms on a free machine; the allowance is for tests that run beside.
  expect(longest).toBeLessThan(150);
});

it('a storage that fails is said as such, and not taken for a broken file', async () => {
  const fault = new Error('the disk is gone');
  const file = { size: 1000, read: () => Promise.reject(fault) };
  await expect(media.inspect(file)).rejects.toBe(fault);
  await expect(media.thumbnail(file, { mime: 'video/mp4', width: 160 })).rejects.toBe(fault);
  await expect(media.peaks(file, { mime: 'audio/wav' })).rejects.toBe(fault);
});
