import type { MediaAction } from '@wfm/workflow-engine/ports';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSafeFetch } from '../safe-fetch/safe-fetch.ts';
import { carryOut, faultOf, testContext } from '../testing/media-rig.ts';
import { type FarmVendor, startVendorFarm, type VendorFarm } from '../testing/vendor-farm.ts';
import { mediaSettingNames, readMediaSettings } from './settings.ts';
import { createStandardMedia } from './standard-providers.ts';

/** Law 7: whose order it is, theirs is the key; none lies where another order could find it. */

let farm: VendorFarm;
beforeEach(async () => {
  farm = await startVendorFarm();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await farm.close();
});

const speaks = new Set<FarmVendor>(['elevenlabs', 'deepgram']);
/** A WebUI of one's own takes no person's key. */
const vendors = (): FarmVendor[] =>
  (Object.keys(farm.fakes) as FarmVendor[]).filter((vendor) => vendor !== 'stable_diffusion');
const keySettings = mediaSettingNames.filter((name) => /_(API_KEY|API_TOKEN)$/.test(name));

function orderFrom(vendor: FarmVendor, prompt: string) {
  const action: MediaAction = speaks.has(vendor) ? 'txt2audio' : 'txt2img';
  return { action, model: null, prompt, params: {}, inputs: [], idempotencyKey: `${vendor} ${prompt}` };
}

function media(env: Record<string, string>) {
  return createStandardMedia(readMediaSettings({ ...farm.env, ...env }), { http: createSafeFetch({}) });
}

test('12 people at once, at ten vendors: each order and each look was made with its owner’s key', async () => {
  const server = Object.fromEntries(keySettings.map((name) => [name, 'key-of-the-server']));
  const standard = media(server);
  const people = Array.from({ length: 12 }, (_, index) => ({
    prompt: `lake ${index}`,
    key: `user-key-${index + 100}`,
  }));
  const before = { ...process.env };
  await Promise.all(
    people.flatMap(({ prompt, key }) =>
      vendors().map((vendor) =>
        carryOut(standard.provider(vendor)!, orderFrom(vendor, prompt), testContext({ apiKey: key })),
      ),
    ),
  );
  expect({ ...process.env }).toEqual(before);
  expect(vendors()).toHaveLength(10);
  for (const vendor of vendors()) {
    const { creates, requests } = farm.fakes[vendor];
    const used = creates.map(({ prompt, key }) => [prompt, key.split(' ').at(-1)]);
    expect([vendor, Object.fromEntries(used)]).toEqual([
      vendor,
      Object.fromEntries(people.map(({ prompt, key }) => [prompt, key])),
    ]);
    const sent = JSON.stringify(requests.map(({ headers, path }) => [headers, path]));
    expect(sent).not.toContain('key-of-the-server');
  }
});

test('S13 a key that stands in the environment of the process is nobody’s: without one of their own, nobody is asked', async () => {
  for (const name of keySettings) vi.stubEnv(name, 'decoy-of-the-environment');
  const standard = media({});
  for (const vendor of vendors()) {
    const fault = await faultOf(standard.provider(vendor)!.submit(orderFrom(vendor, 'a lake'), testContext()));
    expect([vendor, fault.code]).toEqual([vendor, 'provider_not_configured']);
    expect(farm.fakes[vendor].requests).toEqual([]);
  }
  expect(keySettings).toHaveLength(10);
});
