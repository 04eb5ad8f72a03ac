import { describe, expect, it } from 'vitest';
import { WfmError } from '../errors/index.ts';
import type { EventDraft, RunEvent } from '../events/run-event.ts';
import { limits } from '../models/limits.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import type { RunStore } from '../ports/run-store.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { liveClock } from '../testing/live-clock.ts';
import { type Script, scriptedLlm } from '../testing/scripted-llm.ts';
import { askFirst, idOf, longRun, oneCall } from './testing/rigs.ts';

function rigWith(script?: (runs: RunStore) => Script): EngineRig {
  const clock = liveClock();
  const database = createMemoryDatabase({ clock });
  const llm = script ? scriptedLlm(script(database.runs)) : scriptedLlm();
  return createRig({ database, clock, llm });
}

/** Appends to the current line as another process does: without the lease. */
async function appendFrom(runs: RunStore, runId: string, draft: EventDraft): Promise<void> {
  const row = await runs.find({ runId });
  if (!row) throw new Error('no run');
  const event = {
    workflow_run_id: runId,
    branch_id: row.current_branch_id,
    seq: row.last_seq + 1,
    time: '2026-01-01T00:00:00.000Z',
    version_id: row.version_id,
    ...draft,
  } as RunEvent;
  await runs.append({
    runId,
    branchId: row.current_branch_id,
    expectedSeq: row.last_seq,
    events: [event],
    projection: {},
  });
}

const subActionDone = (state_mapped: Record<string, unknown>): EventDraft => ({
  type: 'sub_action_completed',
  data: { interaction_id: 'i', sub_action_id: 's', execution_id: 'e', result: null, state_mapped },
});

describe('10.10.2 a holder that meets a conflict', () => {
  it('folds again and puts its events after those of others; the effect is not called twice', async () => {
    let runId = '';
    const rig = rigWith((runs) => async () => {
      await appendFrom(runs, runId, subActionDone({ extra: 1 }));
      await appendFrom(runs, runId, subActionDone({ extra: 2 }));
      return 'said';
    });
    const asked = await rig.start(askFirst);
    runId = idOf(asked);
    const looked = await rig.respond(asked, {});
    expect(looked).toMatchObject({ status: 'awaiting_input', interaction_request: { message: 'said' } });
    expect(rig.llm.calls).toHaveLength(1);
    const events = await rig.events(runId);
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index));
    expect(events.slice(-6).map((event) => event.type)).toEqual([
      'module_started',
      'sub_action_completed',
      'sub_action_completed',
      'module_completed',
      'module_started',
      'interaction_requested',
    ]);
    const { state } = await rig.processor.load({ runId });
    expect(state.flat).toMatchObject({ extra: 2, text: 'said' });
    expect((await rig.database.calls.list({ runId, limit: 9 })).items).toHaveLength(1);
    expect(rig.faults).toEqual([]);
  });

  it('gives its work up when the line was ended meanwhile, and records nothing after the end', async () => {
    let runId = '';
    const rig = rigWith((runs) => async () => {
      await appendFrom(runs, runId, { type: 'workflow_cancelled', data: { by: 'other' } });
      return 'too late';
    });
    const asked = await rig.start(askFirst);
    runId = idOf(asked);
    expect((await rig.respond(asked, {})).status).toBe('cancelled');
    expect((await rig.events(runId)).at(-1)?.type).toBe('workflow_cancelled');
    expect(await rig.database.runs.find({ runId })).toMatchObject({ executor: null });
    expect(rig.faults).toEqual([]);
  });

  it('gives its work up when the line was left meanwhile, and goes on on the branch', async () => {
    let runId = '';
    const rig = rigWith((runs) => async (_request, call) => {
      if (call > 1) return 'on the branch';
      await appendFrom(runs, runId, {
        type: 'retry_requested',
        step_id: 's',
        module_name: 'write',
        data: { target: { step_id: 's', module_name: 'write' }, new_branch_id: 'B', fork_seq: 6, by: 'other' },
      });
      return 'too late';
    });
    const asked = await rig.start(askFirst);
    runId = idOf(asked);
    expect(await rig.respond(asked, {})).toMatchObject({
      branch_id: 'B',
      interaction_request: { message: 'on the branch' },
    });
    expect(JSON.stringify(await rig.events(runId))).not.toContain('too late');
    expect(rig.faults).toEqual([]);
  });

  it('keeps a failure that happened under a conflict as well', async () => {
    let runId = '';
    const rig = rigWith((runs) => async () => {
      await appendFrom(runs, runId, subActionDone({}));
      throw new WfmError('llm_refused', 'No.');
    });
    const asked = await rig.start(askFirst);
    runId = idOf(asked);
    expect(await rig.respond(asked, {})).toMatchObject({ status: 'error', error: { code: 'llm_refused' } });
  });
});

describe('3.2 what one append holds', () => {
  /** Types of the events of each append, in order. */
  function appends(rig: EngineRig): string[][] {
    const batches: string[][] = [];
    const { runs } = rig.database;
    const { append, create } = runs;
    runs.append = (params) => {
      batches.push(params.events.map((event) => event.type));
      return append.call(runs, params);
    };
    runs.create = (params) => {
      batches.push(params.events.map((event) => event.type));
      return create.call(runs, params);
    };
    return batches;
  }

  it('computations wait for the next boundary; an effect is stored before it is called, its outcome right after', async () => {
    const rig = rigWith();
    const batches = appends(rig);
    const extract = (name: string) => ({ module_id: 'transform.extract', name, inputs: { x: 1 } });
    const call = { module_id: 'api.llm', name: 'write', inputs: { input: 'hello' } };
    await rig.start({
      format: 2,
      workflow_id: 'w',
      steps: [{ step_id: 's', modules: [extract('a'), extract('b'), call, extract('c'), extract('d')] }],
    });
    expect(batches).toEqual([
      [
        'workflow_created',
        'step_started',
        'module_started',
        'module_completed',
        'module_started',
        'module_completed',
        'module_started',
      ],
      // The outcome of an effect waits for nothing that has still to be computed.
      ['module_completed', 'module_started'],
      ['module_completed', 'module_started', 'module_completed', 'step_completed', 'workflow_completed'],
    ]);
  });

  it('10.3 an effect step costs one append: outcome, end of its step and the next start together', async () => {
    const rig = rigWith();
    const batches = appends(rig);
    const call = (name: string) => ({ module_id: 'api.llm', name, inputs: { input: name } });
    await rig.start({
      format: 2,
      workflow_id: 'w',
      steps: [
        { step_id: 's', modules: [call('a')] },
        { step_id: 't', modules: [call('b')] },
      ],
    });
    expect(batches).toEqual([
      ['workflow_created', 'step_started', 'module_started'],
      ['module_completed', 'step_completed', 'step_started', 'module_started'],
      ['module_completed', 'step_completed', 'workflow_completed'],
    ]);
  });

  it('a run that waits when it is first stored never takes a lease', async () => {
    const rig = rigWith();
    const asked = await rig.start(askFirst);
    expect(await rig.database.runs.find({ runId: idOf(asked) })).toMatchObject({ executor: null, fence: 0 });
  });
});

describe('23 a run that is full', () => {
  it('fails with the reason in its log, instead of being tried for ever', async () => {
    const rig = rigWith();
    const asked = await rig.start(askFirst);
    const runId = idOf(asked);
    const { runs } = rig.database;
    const { append } = runs;
    // The store has room for the answer, and for nothing more than an end.
    runs.append = async (params) => {
      const last = params.events.at(-1)?.type;
      if (last !== 'interaction_response' && last !== 'workflow_error')
        throw new WfmError('run_limit', 'A run holds at most 100000 events.', { params: { what: 'events' } });
      return append.call(runs, params);
    };
    const full = await rig.respond(asked, {});
    expect(full).toMatchObject({ status: 'error', error: { code: 'run_limit', params: { what: 'events' } } });
    expect(rig.llm.calls).toHaveLength(0);
    expect(await runs.find({ runId })).toMatchObject({ status: 'error', executor: null });
    expect(await runs.abandoned({ limit: 9 })).toEqual([]);
    expect(rig.faults).toEqual([]);
  });

  it('is not left for a branch that it has no room for', async () => {
    const rig = rigWith();
    const asked = await rig.start(askFirst);
    const runId = idOf(asked);
    const { runs } = rig.database;
    const { branches } = runs;
    runs.branches = async (params) => {
      const [first] = await branches.call(runs, params);
      return first ? Array.from({ length: limits.branchesPerRun }, () => first) : [];
    };
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId };
    const retried = rig.processor.depart({ ...caller, mode: 'retry', stepId: 'ask', moduleName: 'begin' });
    await expect(retried).rejects.toMatchObject({ code: 'run_limit', params: { limit: 500, actual: 501 } });
    expect((await rig.processor.status(caller)).status).toBe('awaiting_input');
    expect((await rig.events(runId)).at(-1)?.type).toBe('interaction_requested');
  });

  it('a fault of the store is told, the lease dies by itself, and the next process goes on', async () => {
    const rig = rigWith();
    const { runs } = rig.database;
    const { append } = runs;
    const asked = await rig.start(oneCall, { waitMs: 0 }).then(async () => rig.start(longRun(3)));
    runs.append = (params) =>
      params.events.some((event) => event.type === 'workflow_completed')
        ? Promise.reject(new WfmError('storage_unavailable', 'The disk is full.'))
        : append.call(runs, params);
    await expect(rig.respond(asked, {})).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(rig.faults).toHaveLength(1);
    runs.append = append;
    expect(await runs.find({ runId: idOf(asked) })).toMatchObject({ status: 'processing' });
  });
});
