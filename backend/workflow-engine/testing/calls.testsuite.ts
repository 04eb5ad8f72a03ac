import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { CallRecord } from '../ports/call-store.ts';
import { collectPages } from './collect-pages.ts';
import { expectCode } from './expect-code.ts';
import { sampleAppend, startSample } from './run-samples.ts';
import { type StoreSetup, useDatabase } from './store-setup.ts';

/** Calls are written by appends, and summed by run and by user. */
export function callStoreContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: calls`, () => {
    const current = useDatabase(setup);
    const runs = () => current().database.runs;
    const calls = () => current().database.calls;

    test('calls ride on creates and appends, and page oldest first', async () => {
      const made = Array.from({ length: 5 }, () => sampleCall());
      const run = await startSample(runs(), {}, { calls: made.slice(0, 2) });
      await runs().append(sampleAppend({ ...run, expectedSeq: 0 }, 1, { calls: made.slice(2) }));
      for (const limit of [1, 2, 5, 9]) {
        expect(await collectPages((page) => calls().list({ runId: run.runId, ...page }), limit)).toEqual(made);
      }
      await expectCode(calls().list({ runId: run.runId, limit: 1, cursor: 'x' }), 'request_invalid');
      await expectCode(calls().list({ runId: v7(), limit: 1 }), 'run_not_found');
    });

    test('a worker’s calls belong to no append', async () => {
      const run = await startSample(runs(), {}, { calls: [sampleCall()] });
      const made = [sampleCall({ provider: 'acme' }), sampleCall({ provider: 'acme' })];
      await calls().add({ runId: run.runId, calls: made });
      const listed = await calls().list({ runId: run.runId, limit: 10 });
      expect(listed.items.slice(1)).toEqual(made);
      expect((await calls().usage({ runId: run.runId })).by.map(({ provider }) => provider)).toContain('acme');
      await expectCode(calls().add({ runId: v7(), calls: made }), 'run_not_found');
    });

    test('an append that loses writes no calls', async () => {
      const run = await startSample(runs());
      await expectCode(
        runs().append(sampleAppend({ ...run, expectedSeq: 3 }, 1, { calls: [sampleCall()] })),
        'conflict',
      );
      expect((await calls().list({ runId: run.runId, limit: 9 })).items).toEqual([]);
    });

    test('usage is summed by provider and target; what nobody knows stays absent', async () => {
      const run = await startSample(
        runs(),
        {},
        {
          calls: [
            sampleCall({ target: 'm1', usage: { input_tokens: 10, output_tokens: 5, cost_usd: 0.1 } }),
            sampleCall({ target: 'm1', usage: { input_tokens: 1, cost_usd: 0.2, calls: 3 } }),
            sampleCall({ provider: 'b', target: 'm2', usage: null }),
          ],
        },
      );
      expect(await calls().usage({ runId: run.runId })).toEqual({
        total: { input_tokens: 11, output_tokens: 5, cost_usd: 0.3, calls: 5 },
        by: [
          { provider: 'a', target: 'm1', usage: { input_tokens: 11, output_tokens: 5, cost_usd: 0.3, calls: 4 } },
          { provider: 'b', target: 'm2', usage: { calls: 1 } },
        ],
      });
      const empty = await startSample(runs());
      expect(await calls().usage({ runId: empty.runId })).toEqual({ total: {}, by: [] });
    });

    test('a user’s usage is summed by template or run, between two times, and is nobody else’s', async () => {
      const at = (day: number) => `2026-03-0${day}T00:00:00.000Z`;
      const withCalls = (days: number[]) => ({
        calls: days.map((day) => sampleCall({ created_at: at(day), usage: { input_tokens: day } })),
      });
      const a = await startSample(
        runs(),
        { template_id: 't1', template_name: 'One', project_name: 'A' },
        withCalls([1, 2, 3]),
      );
      const b = await startSample(
        runs(),
        { template_id: 't1', template_name: 'One', project_name: 'B' },
        withCalls([3]),
      );
      await startSample(runs(), { template_id: null, template_name: 'None' }, withCalls([4]));
      await startSample(runs(), { user_id: 'user-2', template_id: 't1' }, withCalls([1, 2, 3]));
      expect(await calls().usageOfUser({ userId: 'user-1', by: 'template' })).toEqual([
        { key: '', name: 'None', usage: { input_tokens: 4, calls: 1 } },
        { key: 't1', name: 'One', usage: { input_tokens: 9, calls: 4 } },
      ]);
      expect(await calls().usageOfUser({ userId: 'user-1', by: 'run', from: at(2), to: at(4) })).toEqual([
        { key: a.runId, name: 'A', usage: { input_tokens: 5, calls: 2 } },
        { key: b.runId, name: 'B', usage: { input_tokens: 3, calls: 1 } },
      ]);
    });

    test('13 the calls of a child run count as its parent’s', async () => {
      const [first, second, third] = [sampleCall(), sampleCall({ target: 'm2' }), sampleCall()];
      const run = await startSample(runs(), { project_name: 'Parent' }, { calls: [first] });
      const child = { parent_run_id: run.runId, project_name: 'Named before' };
      await startSample(runs(), child, { calls: [second], forceNew: true });
      await runs().append(sampleAppend({ ...run, expectedSeq: 0 }, 1, { calls: [third] }));
      for (const limit of [1, 9]) {
        expect(await collectPages((page) => calls().list({ runId: run.runId, ...page }), limit)).toEqual([
          first,
          second,
          third,
        ]);
      }
      expect((await calls().usage({ runId: run.runId })).total).toEqual({ input_tokens: 3, calls: 3 });
      expect(await calls().usageOfUser({ userId: 'user-1', by: 'run' })).toEqual([
        { key: run.runId, name: 'Parent', usage: { input_tokens: 3, calls: 3 } },
      ]);
    });

    test('R22 calls go with their run', async () => {
      const run = await startSample(runs(), {}, { calls: [sampleCall()] });
      await runs().delete({ runId: run.runId });
      expect(await calls().usageOfUser({ userId: 'user-1', by: 'run' })).toEqual([]);
    });
  });
}

function sampleCall(changes: Partial<CallRecord> = {}): CallRecord {
  return {
    call_id: v7(),
    workflow_run_id: 'r',
    branch_id: 'b',
    step_id: 's',
    module_name: 'm',
    kind: 'llm',
    provider: 'a',
    target: 'm1',
    request: { messages: ['Hallo ✓'] },
    reply: null,
    error: null,
    usage: { input_tokens: 1 },
    mock: false,
    duration_ms: 12.5,
    created_at: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}
