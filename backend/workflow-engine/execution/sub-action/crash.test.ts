import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../../events/run-event.ts';
import { createMemoryDatabase } from '../../ports/memory/index.ts';
import { createRig, type EngineRig } from '../../testing/engine-rig.ts';
import { type Death, mortalDatabase, ProcessDied } from '../../testing/mortal-database.ts';
import { runs } from '../../testing/runs.ts';
import { scriptedLlm } from '../../testing/scripted-llm.ts';
import { createTestClock } from '../../testing/test-clock.ts';
import { isEnded } from '../../ports/store-rules.ts';
import { cooked, menu, moreDishes, startOf } from './testing/board.ts';

/** Law 4 of architecture.md 3.2 for sub-actions: killed at any write, one ends once, and its result is there once. */

const user = 'user-of-all-processes';

async function liveThrough(deaths: Death[]) {
  const clock = createTestClock();
  const database = createMemoryDatabase({ clock });
  const llm = scriptedLlm(() => cooked);
  const first = createRig({ database, clock, llm, userId: user });
  const at = await first.start(menu([moreDishes]));
  const runId = at.workflow_run_id ?? '';
  let lives = 0;
  const born = (): EngineRig => {
    const death = deaths[lives];
    lives += 1;
    const own = death ? mortalDatabase(database, death) : database;
    return createRig({ database: own, clock, llm, userId: user, executor: `process-${lives}` });
  };
  let rig = born();
  let isOver = false;
  while (!isOver) {
    if (lives > deaths.length + 20) throw new Error('the sub-action never ends');
    try {
      const { executionId } = await rig.processor.subActions.start(startOf(rig, at, { idempotencyKey: 'one' }));
      await rig.processor.sweep();
      await rig.processor.subActions.finished(executionId);
      const { state } = await first.processor.load({ runId });
      isOver =
        state.subActions.every(({ status }) => status !== 'running') &&
        (await rig.database.runs.abandoned({ limit: 5 })).length === 0;
    } catch (error) {
      if (!(error instanceof ProcessDied)) throw error;
    }
    if (isOver) break;
    clock.advance(11_000);
    rig = born();
    await rig.processor.sweep().catch((error: unknown) => {
      if (!(error instanceof ProcessDied)) throw error;
    });
  }
  // What was left behind by the dead is taken up, and ended, by whoever sweeps.
  await vi.waitFor(async () => {
    clock.advance(11_000);
    await first.processor.sweep();
    expect(await database.runs.abandoned({ limit: 5 })).toEqual([]);
  });
  const { state } = await first.processor.load({ runId });
  return {
    state,
    events: await first.events(runId),
    tried: llm.calls.map((call) => call.idempotencyKey),
    lives,
    database,
  };
}

const ends = (events: RunEvent[]): string[] =>
  events.filter(({ type }) => type.startsWith('sub_action_')).map(({ type }) => type);

describe('13.9 crash', () => {
  const death = fc.record({
    write: fc.integer({ min: 1, max: 8 }),
    moment: fc.constantFrom('before' as const, 'after' as const),
  });

  it('killed at any write, again and again, a child run ends as if nothing had happened', async () => {
    let died = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(death, { minLength: 1, maxLength: 3 }), async (deaths) => {
        const { state, events, lives, database } = await liveThrough(deaths);
        died += lives - 1;
        expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index));
        expect(ends(events)).toEqual(['sub_action_started', 'sub_action_completed']);
        expect(state.flat['dishes']).toEqual([{ id: 'dal' }, { id: 'soup' }, { id: 'pie' }]);
        const [execution] = state.subActions;
        const child = await database.runs.find({ runId: execution?.executionId ?? '' });
        expect(isEnded(child?.status ?? 'processing')).toBe(true);
      }),
      { numRuns: runs(40, 500) },
    );
    expect(died).toBeGreaterThan(0);
  });

  it('10.3.7 the effect of a child whose process died is tried again under the same key', async () => {
    // Writes: the child's row, the parent's event, module_started, and the outcome, which dies with its process.
    const { tried, events } = await liveThrough([{ write: 4, moment: 'before' }]);
    expect(tried).toHaveLength(2);
    expect(new Set(tried).size).toBe(1);
    expect(ends(events)).toEqual(['sub_action_started', 'sub_action_completed']);
  });
});
