import { describe, expect, it } from 'vitest';
import { WfmError } from '../errors/index.ts';
import type { EventType } from '../events/run-event.ts';
import type { Database } from '../ports/database.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig } from '../testing/engine-rig.ts';
import { expectCode } from '../testing/expect-code.ts';
import { startSample } from '../testing/run-samples.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { Setbacks } from './setbacks.ts';
import { sweepRuns } from './sweep.ts';
import { oneCall } from './testing/rigs.ts';

/** Makes a store refuse every append of events of a type, until the answer is called. */
function refuse({ runs }: Database, type: EventType): () => void {
  const { append } = runs;
  let refuses = true;
  runs.append = async (params) => {
    if (refuses && params.events.some((event) => event.type === type))
      throw new WfmError('storage_unavailable', 'The disk is full.');
    return append.call(runs, params);
  };
  return () => {
    refuses = false;
  };
}

describe('10.10.3 a sweep and runs that keep failing', () => {
  it('a model whose answer cannot be stored is asked less and less often, and at once where the store has healed', async () => {
    const clock = createTestClock();
    const database = createMemoryDatabase({ clock });
    const rig = createRig({ database, clock });
    const heal = refuse(database, 'module_completed');
    await expectCode(rig.start(oneCall), 'storage_unavailable');
    const began = clock.monotonicMs();
    const askedAfter: number[] = [];
    const sweepEvery5s = async (until: number): Promise<void> => {
      while (clock.monotonicMs() - began < until) {
        clock.advance(5_000);
        const taken = await rig.processor.sweep();
        if (taken === 0) continue;
        askedAfter.push((clock.monotonicMs() - began) / 1000);
        await expect.poll(() => rig.faults.length).toBe(askedAfter.length + 1);
      }
    };
    await sweepEvery5s(3_600_000);
    // Without a brake it would have been asked 240 times in this hour.
    expect(askedAfter).toEqual([20, 60, 140, 300, 620, 1260, 2540]);
    expect(rig.llm.calls).toHaveLength(1 + askedAfter.length);
    heal();
    clock.advance(2_560_000);
    expect(await rig.processor.sweep()).toBe(1);
    const [row] = (await database.runs.list({ userId: rig.userId, limit: 1 })).items;
    await expect
      .poll(async () => (await database.runs.find({ runId: row?.workflow_run_id ?? '' }))?.status)
      .toBe('awaiting_input');
  });

  it('a command does not wait: whoever asks for the run gets it tried', async () => {
    const clock = createTestClock();
    const database = createMemoryDatabase({ clock });
    const rig = createRig({ database, clock });
    const heal = refuse(database, 'module_completed');
    await expectCode(rig.start(oneCall), 'storage_unavailable');
    heal();
    clock.advance(10_001);
    expect(await rig.processor.sweep()).toBe(0);
    const [row] = (await database.runs.list({ userId: rig.userId, limit: 1 })).items;
    const runId = row?.workflow_run_id ?? '';
    const resumed = await rig.processor.resume({ userId: rig.userId, sessionId: 's', waitMs: 5000, runId });
    expect(resumed.status).toBe('awaiting_input');
  });

  it('runs that are left alone keep no other waiting, however many and however old they are', async () => {
    const clock = createTestClock();
    const { runs } = createMemoryDatabase({ clock });
    const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
    const failing = new Set<string>();
    for (let second = 0; second < 30; second += 1) {
      const { runId } = await startSample(runs, { created_at: at(second), status: 'processing' });
      failing.add(runId);
    }
    const { runId: sound } = await startSample(runs, { created_at: at(59), status: 'processing' });
    const setbacks = new Setbacks(clock);
    const tried: string[] = [];
    const faults: string[] = [];
    const sweep = () =>
      sweepRuns({
        runs,
        setbacks,
        claim: { executor: 'e', ttlMs: 10_000 },
        onFault: (_error, runId) => void faults.push(runId),
        executes: () => false,
        takeUp: async (runId) => {
          tried.push(runId);
          if (failing.has(runId)) throw new TypeError('it cannot be read');
        },
      });
    expect(await sweep()).toBe(20);
    expect(await sweep()).toBe(11);
    expect(tried.at(-1)).toBe(sound);
    expect(faults).toHaveLength(30);
    clock.advance(10_001);
    expect(await sweep()).toBe(1);
    expect(tried.at(-1)).toBe(sound);
  });
});

describe('setbacks of a run', () => {
  it('double up to an hour, and end with the first execution that ends as it should', () => {
    const clock = createTestClock();
    const setbacks = new Setbacks(clock);
    const waits = Array.from({ length: 12 }, () => {
      setbacks.note('r');
      let seconds = 0;
      while (setbacks.holds('r')) {
        clock.advance(1000);
        seconds += 1;
      }
      return seconds;
    });
    expect(waits).toEqual([20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600, 3600]);
    expect(setbacks.holds('another')).toBe(false);
    setbacks.clear('r');
    setbacks.note('r');
    clock.advance(20_000);
    expect(setbacks.holds('r')).toBe(false);
  });
});
