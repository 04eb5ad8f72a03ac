import { describe, expect, it } from 'vitest';
import { hasCode } from '../errors/index.ts';
import type { RunEvent } from '../events/run-event.ts';
import type { JsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import type { KeptValue } from '../ports/run-store.ts';
import { startSample } from '../testing/run-samples.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { assertModuleValue, leastJsonBytes, readLargeValues, takeLargeValues } from './large-values.ts';
import { completed, line, started, stepStarted } from './testing/line.ts';
import { cpuMs } from '../testing/cpu-ms.ts';

const KiB = 1024;
const eventOf = (outputs: JsonObject, mapped: JsonObject = {}): RunEvent => {
  const event = line([completed('one/a', outputs, mapped)]).at(-1);
  if (!event) throw new Error('no event');
  return event;
};
const take = (event: RunEvent): { stored: RunEvent; values: KeptValue[] } => {
  const values: KeptValue[] = [];
  return { stored: takeLargeValues(event, (value) => values.push(value)), values };
};

describe('7.7 values over 256 KiB', () => {
  const text = (bytes: number): string => 'x'.repeat(bytes - '{"o":""}'.length);

  it('stay in the event up to the limit, and go by reference one byte above it', () => {
    const small = eventOf({ o: text(256 * KiB) });
    expect(take(small)).toEqual({ stored: small, values: [] });
    const { stored, values } = take(eventOf({ o: text(256 * KiB + 1) }));
    expect(stored.data).not.toHaveProperty('outputs');
    expect(stored.data).toMatchObject({ outputs_ref: { sha256: values[0]?.sha256, bytes: 256 * KiB + 1 } });
    expect(values).toHaveLength(1);
  });

  it('are measured in bytes of JSON, not in characters', () => {
    expect(take(eventOf({ o: 'ä'.repeat(200 * KiB) })).values).toHaveLength(1);
    expect(take(eventOf({ o: '\u0000'.repeat(50 * KiB) })).values).toHaveLength(1);
    expect(take(eventOf({ o: 'a'.repeat(200 * KiB) })).values).toHaveLength(0);
    expect(take(eventOf({ o: Array.from({ length: 20_000 }, () => 0.1234567890123456) })).values).toHaveLength(1);
  });

  it('go field by field: inputs, outputs and what they map to', () => {
    const large = 'x'.repeat(300 * KiB);
    const { stored, values } = take(eventOf({ o: large }, { k: large, l: 1 }));
    expect(Object.keys(stored.data)).toEqual(expect.arrayContaining(['outputs_ref', 'state_mapped_ref', 'origin']));
    expect(values).toHaveLength(2);
    const [, , begun] = line([stepStarted('one'), started('one/a', { inputs: { i: large } })]);
    if (!begun) throw new Error('no event');
    expect(take(begun).stored.data).toHaveProperty('inputs_ref');
  });

  it('leave the event of whoever made it as it was', () => {
    const event = eventOf({ o: 'x'.repeat(300 * KiB) });
    const before = JSON.stringify(event);
    take(event);
    expect(JSON.stringify(event)).toBe(before);
  });

  it('come back transparently; one that is gone is storage_unavailable', async () => {
    const { content, runs } = createMemoryDatabase({ clock: createTestClock() });
    const { runId } = await startSample(runs);
    const event = { ...eventOf({ o: 'x'.repeat(300 * KiB), p: { q: ['ü', null] } }, { k: 1 }), workflow_run_id: runId };
    const { stored, values } = take(event);
    expect(
      hasCode(await readLargeValues(content, stored).catch((error: unknown) => error), 'storage_unavailable'),
    ).toBe(true);
    for (const value of values) await content.putValue({ runId, ...value });
    const read = await readLargeValues(content, stored);
    expect(read.data).toMatchObject(event.data);
    expect(stored.data).not.toHaveProperty('outputs');
  });

  it('other events are passed as they are', async () => {
    const { content } = createMemoryDatabase({ clock: createTestClock() });
    const [event] = line([]);
    if (!event) throw new Error('no event');
    expect(take(event).stored).toBe(event);
    expect(await readLargeValues(content, event)).toBe(event);
  });
});

describe('23 4 MB of inputs', () => {
  const limit = limits.moduleValueBytes;
  const refused = (value: unknown): JsonObject | null => {
    try {
      assertModuleValue(value, 'steps[0].modules[0].inputs');
      return null;
    } catch (error) {
      if (!hasCode(error, 'value_too_large')) throw error;
      expect(error.place).toBe('steps[0].modules[0].inputs');
      return error.params;
    }
  };
  const exactly = (bytes: number): object => ({ o: 'x'.repeat(bytes - 8) });

  it('are given, and one byte more is value_too_large with limit and actual', () => {
    expect(refused(exactly(limit))).toBeNull();
    expect(refused(exactly(limit + 1))).toMatchObject({ limit, actual: limit + 1 });
  });

  it('characters that take more bytes than one count as what they take', () => {
    expect(refused({ o: '\u0000'.repeat(1024 * KiB) })).toMatchObject({ limit });
    expect(refused({ o: 'ä'.repeat(2200 * KiB) })).toMatchObject({ limit });
    expect(refused({ o: 'a'.repeat(2200 * KiB) })).toBeNull();
  });

  it('one value in many places is counted before anything is serialised', () => {
    // 2 ^ 60 times ten characters: neither memory nor time would do.
    let value: unknown = 'ten letters';
    for (let level = 0; level < 60; level += 1) value = [value, value];
    const before = cpuMs();
    expect(refused({ o: value })).toMatchObject({ limit });
    expect(take(eventOf({ o: 1 })).values).toEqual([]);
    expect(cpuMs() - before).toBeLessThan(2000);
  });

  it('the count is a lower bound of the JSON, and stops once it is over', () => {
    for (const value of [null, true, 0, 'ab', [], {}, [1, [2]], { a: { b: [null, 'c'] } }, '\n"', { o: [{}, {}] }])
      expect(leastJsonBytes(value, limit)).toBeLessThanOrEqual(Buffer.byteLength(JSON.stringify(value)));
    expect(
      leastJsonBytes(
        Array.from({ length: 1_000_000 }, () => 'x'),
        100,
      ),
    ).toBeLessThan(1_000_200);
  });
});
