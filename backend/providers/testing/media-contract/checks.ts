import { expect, test } from 'vitest';
import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaAction } from '@wfm/workflow-engine/ports';
import { faultOf, testContext } from '../media-rig.ts';
import type { MediaBench } from './bench.ts';

/** What is told wrong before a vendor is asked (format.md 15.1, 24). */
export function checkContract(bench: MediaBench): void {
  const { has, rig, provider, requestFor } = bench;
  const { apiKey, order } = bench.options;

  test('24 an unknown parameter is a fault with its place, before anybody is asked', async () => {
    const params = JSON.parse('{"nonsense": 1}') as JsonObject;
    const fault = await faultOf(
      provider().submit(requestFor('a lake', { params: { ...order.params, ...params } }), testContext({ apiKey })),
    );
    expect([fault.code, fault.place]).toEqual(['input_invalid', 'params.nonsense']);
    expect(fault.errors[0]).toMatchObject({ path: 'params.nonsense', code: 'input_invalid' });
    const hidden = { ...requestFor('a lake'), params: JSON.parse('{"__proto__": {"x": 1}}') as JsonObject };
    expect((await faultOf(provider().submit(hidden, testContext({ apiKey })))).code).toBe('input_invalid');
    expect(rig().requests()).toBe(0);
  });

  if (has('prompt_limit'))
    test('a prompt over the vendor’s limit is a fault, before anybody is asked', async () => {
      const model = provider()
        .info()
        .models.find((entry) => entry.action === order.action && (order.model ?? entry.id) === entry.id)!;
      const limit = model.promptMaxChars!;
      const over = requestFor('x'.repeat(limit + 1));
      const fault = await faultOf(provider().submit(over, testContext({ apiKey })));
      expect([fault.code, fault.place, fault.params['limit'], fault.params['actual']]).toEqual([
        'input_invalid',
        'prompt',
        limit,
        limit + 1,
      ]);
      expect(rig().requests()).toBe(0);
    });

  test('an unknown model and an action that nobody offers are told apart', async () => {
    const model = await faultOf(
      provider().submit(requestFor('a lake', { model: 'no-such-model' }), testContext({ apiKey })),
    );
    expect([model.code, model.params['reason']]).toEqual(['model_unknown', 'unknown']);
    const offered = new Set(
      provider()
        .info()
        .models.map((entry) => entry.action),
    );
    const actions: MediaAction[] = ['txt2img', 'img2img', 'txt2vid', 'img2vid', 'txt2audio', 'compose', 'transcribe'];
    const missing = actions.find((action) => !offered.has(action));
    if (missing !== undefined) {
      const fault = await faultOf(
        provider().submit(requestFor('a lake', { action: missing, model: null, params: {} }), testContext({ apiKey })),
      );
      expect(fault.code).toBe('provider_action_unsupported');
    }
    expect(rig().creates()).toBe(0);
  });

  const { retired } = bench.options;
  if (has('retired'))
    test('15.1 a retired model is listed and explained, never called', async () => {
      if (retired === undefined) throw new Error('name a retired model, or say why there is none');
      expect(
        provider()
          .info()
          .models.some((model) => model.id === retired.model),
      ).toBe(true);
      const { action, model, now } = retired;
      const fault = await faultOf(
        provider().submit(requestFor('a lake', { action, model, params: {} }), testContext({ apiKey, now })),
      );
      expect([fault.code, fault.params['reason']]).toEqual(['model_unknown', 'retired']);
      expect(fault.params['replaced_by']).toBeTruthy();
      expect(fault.message).toContain(String(fault.params['replaced_by']));
      expect(rig().requests()).toBe(0);
    });
}
