import { expect, test } from 'vitest';
import type { JsonObject } from '@wfm/workflow-engine/models';
import { checkSchema } from '@wfm/workflow-engine/schema';
import { testContext } from '../media-rig.ts';
import type { MediaBench } from './bench.ts';

/** What a provider says of itself, before anything is ordered (format.md 15). */
export function entryContract(bench: MediaBench): void {
  const { has, rig, provider } = bench;
  const { apiKey, order } = bench.options;

  test('15.1 the catalogue entry is sound', () => {
    const info = provider().info();
    expect(info.limits.atOnce).toBeGreaterThan(0);
    expect(info.jobTimeoutMs).toBeGreaterThan(0);
    if (!info.ready) expect(info.reason).toBeTruthy();
    const keys = info.models.map((model) => `${model.action} ${model.id}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const model of info.models) {
      checkSchema(model.params);
      expect([model.id, model.params['additionalProperties']]).toEqual([model.id, false]);
      const properties = Object.entries(model.params['properties'] as Record<string, JsonObject>);
      expect(properties.filter(([, property]) => !property['title']).map(([name]) => name)).toEqual([]);
      if (model.retiresOn !== undefined) expect(model.retiresOn).toMatch(/^\d{4}-\d\d-\d\d$/);
      if (model.replacedBy !== undefined)
        expect(info.models.some((other) => other.id === model.replacedBy && other.action === model.action)).toBe(true);
    }
    for (const schema of Object.values(info.promptSchemas)) {
      checkSchema(schema);
      expect(schema['additionalProperties']).toBe(false);
      expect(schema['required']).toEqual(Object.keys(schema['properties'] as object));
    }
  });

  test('the entry is a copy: nobody changes it for others', () => {
    provider().info().models.length = 0;
    expect(provider().info().models.length).toBeGreaterThan(0);
  });

  test('an estimate is the same twice, orders nothing, and does not shrink with the order', async () => {
    const amounts: number[] = [];
    for (const params of bench.options.growing) {
      const asked = {
        ...order,
        inputs: order.inputs ?? [],
        prompt: 'a lake',
        params: { ...order.params, ...params },
      };
      const first = await provider().estimate(asked, testContext({ apiKey }));
      expect(await provider().estimate(asked, testContext({ apiKey }))).toEqual(first);
      if (first.basis === 'table') expect(first.as_of).toMatch(/^\d{4}-\d\d-\d\d$/);
      if (first.basis === 'unknown') expect(first.cost).toBeNull();
      else amounts.push(Number(first.cost?.amount ?? 0));
    }
    expect(amounts).toEqual(amounts.toSorted((a, b) => a - b));
    expect(rig().creates()).toBe(0);
  });

  if (has('metadata'))
    test('15.3 forms get what they offer', async () => {
      const metadata = await provider().metadata!(order.action, testContext({ apiKey }));
      expect(Object.keys(metadata).length).toBeGreaterThan(0);
      expect(JSON.parse(JSON.stringify(metadata))).toEqual(metadata);
    });
}
