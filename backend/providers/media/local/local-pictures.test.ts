import { spawnSync } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { createLocalMediaProvider } from './local-provider.ts';
import { paletteNames } from './picture/palettes.ts';
import { sceneNames } from './picture/keywords.ts';
import { styleNames } from './picture/styles.ts';
import { contextFor, inputOf, make, requestFor, sha, smallPicture } from './testing/ask-local.ts';

const provider = createLocalMediaProvider({ ffmpeg: null, espeak: null });
afterAll(() => provider.close());

describe('pictures of the local renderer', () => {
  it('the same seed gives the same PNG bytes, another seed another picture', async () => {
    const params = { ...smallPicture, seed: 7, num_images: 2 };
    const first = await make(provider, { action: 'txt2img', params });
    const again = await make(provider, { action: 'txt2img', params });
    expect(again.map(sha)).toEqual(first.map(sha));
    expect(sha(first[0]!)).not.toBe(sha(first[1]!));
    expect(Buffer.from(first[0]!).subarray(0, 4).toString('latin1')).toBe('\x89PNG');
  });

  it('another process makes the same bytes', async () => {
    const order = {
      prompt: 'sea at dusk',
      seed: 3,
      width: 160,
      height: 120,
      style: 'painted',
      palette: null,
      scene: null,
      title: 'Über',
      format: 'png',
    } as const;
    const { renderPicture } = await import('./picture/render-picture.ts');
    const here = sha(await renderPicture(order));
    const script = `const { renderPicture } = await import(${JSON.stringify(new URL('./picture/render-picture.ts', import.meta.url).href)});
      const { createHash } = await import('node:crypto');
      process.stdout.write(createHash('sha256').update(await renderPicture(${JSON.stringify(order)})).digest('hex'));`;
    const there = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(there.stdout).toBe(here);
  });

  it('every style renders, and no two look alike', async () => {
    const shas = await Promise.all(
      styleNames.map(async (style) =>
        sha((await make(provider, { action: 'txt2img', params: { ...smallPicture, seed: 1, style } }))[0]!),
      ),
    );
    expect(new Set(shas).size).toBe(styleNames.length);
  });

  it('every scene and palette renders in more than a few colours', async () => {
    const asked = [...sceneNames.map((scene) => ({ scene })), ...paletteNames.map((palette) => ({ palette }))];
    const spreads = await Promise.all(
      asked.map(async (params) => {
        const [picture] = await make(provider, { action: 'txt2img', params: { ...smallPicture, seed: 5, ...params } });
        const { channels } = await sharp(picture).stats();
        return Math.max(...channels.map((channel) => channel.stdev));
      }),
    );
    expect(spreads.filter((spread) => spread < 12)).toEqual([]);
  });

  it('sizes, ratios and formats are as asked', async () => {
    const sizes = await Promise.all(
      [
        { width: 200, aspect_ratio: '16:9' },
        { width: 64, height: 100, format: 'jpeg' },
        { height: 160, aspect_ratio: '2:3', format: 'webp' },
      ].map(async (params) => {
        const { width, height, format } = await sharp(
          (await make(provider, { action: 'txt2img', params }))[0],
        ).metadata();
        return [width, height, format];
      }),
    );
    expect(sizes).toEqual([
      [200, 112, 'png'],
      [64, 100, 'jpeg'],
      [104, 160, 'webp'],
    ]);
  });

  it('a title changes the picture, and hostile text in it stays text', async () => {
    const [plain, titled] = await Promise.all(
      ['', '</text><script>&"\u0000\ud800 title'].map(
        async (title) => (await make(provider, { action: 'txt2img', params: { ...smallPicture, seed: 1, title } }))[0]!,
      ),
    );
    expect(sha(titled!)).not.toBe(sha(plain!));
  });

  it('an edit keeps the size or cuts to a new one, and reads the prompt for its grade', async () => {
    const source = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#3060c0' } })
      .png()
      .toBuffer();
    const inputs = [inputOf('source', 'image/png', source)];
    const [kept] = await make(provider, { action: 'img2img', prompt: 'make it black and white', inputs });
    const [cut] = await make(provider, {
      action: 'img2img',
      prompt: 'x',
      params: { width: 64, height: 64, tint: '#ff0000', blur: 2, grain: 0.4, flip: true, title: 'T' },
      inputs,
    });
    const [r, g, b] = (await sharp(kept).stats()).channels.map((channel) => Math.round(channel.mean));
    expect([await size(kept!), await size(cut!)]).toEqual(['90x60', '64x64']);
    expect([g, b]).toEqual([r, r]);
  });

  it.each([
    ['an unknown parameter', { colour: 'red' }, 'input_invalid'],
    ['a side over the limit', { width: 4096, height: 64 }, 'input_invalid'],
    ['an unknown style', { style: 'photo' }, 'input_invalid'],
    ['too many pictures', { num_images: 9 }, 'input_invalid'],
  ])('%s is refused', async (_what, params, code) => {
    await expect(make(provider, { action: 'txt2img', params })).rejects.toMatchObject({ code });
  });

  it('an empty prompt, a missing source and a broken source are refused', async () => {
    await expect(make(provider, { action: 'txt2img', prompt: ' ' })).rejects.toMatchObject({ code: 'prompt_empty' });
    await expect(make(provider, { action: 'img2img' })).rejects.toMatchObject({ code: 'source_image_missing' });
    const inputs = [inputOf('source', 'image/png', Buffer.from('no picture'))];
    await expect(make(provider, { action: 'img2img', inputs })).rejects.toMatchObject({ code: 'provider_failed' });
  });

  it('a cancelled picture stops at once, before and while it renders', async () => {
    const stopped = new Error('stopped');
    await expect(make(provider, { action: 'txt2img' }, contextFor(AbortSignal.abort(stopped)))).rejects.toBe(stopped);
    const controller = new AbortController();
    const started = performance.now();
    const work = make(
      provider,
      { action: 'txt2img', params: { width: 2048, height: 2048, style: 'painted' } },
      contextFor(controller.signal),
    );
    setTimeout(() => controller.abort(stopped), 150);
    await expect(work).rejects.toBe(stopped);
    expect(performance.now() - started).toBeLessThan(2500);
  });

  it('rendering does not hold up the event loop', async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    await make(provider, { action: 'txt2img', params: smallPicture });
    delay.enable();
    await make(provider, { action: 'txt2img', params: { aspect_ratio: '1:1', style: 'painted' } });
    delay.disable();
    // The 99th percentile: on a busy machine one look can be late for reasons that are not ours.
    expect(delay.percentile(99) / 1e6).toBeLessThan(50);
  });

  it('an estimate is free and says the size', async () => {
    const { idempotencyKey: _, ...asked } = requestFor({
      action: 'txt2img',
      params: { aspect_ratio: '16:9', num_images: 3 },
    });
    const estimate = await provider.estimate(asked, contextFor());
    expect(estimate).toMatchObject({
      basis: 'free',
      cost: { amount: '0' },
      output: { count: 3, width: 1368, height: 768 },
    });
  });
});

async function size(picture: Uint8Array): Promise<string> {
  const { width, height } = await sharp(picture).metadata();
  return `${width}x${height}`;
}
