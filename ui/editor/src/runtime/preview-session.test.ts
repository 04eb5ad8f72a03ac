import { ApiError, offlineError } from '@wfm/shared/core';
import type { Plan, VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PreviewSession, type PreviewSettings, type PreviewWish } from './preview-session.ts';
import type { VirtualApi } from './virtual-api.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Call {
  path: string;
  body: Record<string, unknown>;
  signal: AbortSignal;
  answer(response?: Partial<VirtualWorkflowResponse>): Promise<void>;
  refuse(error: unknown): Promise<void>;
}

/** A server that answers when the test says so. */
function rig(plan: Partial<Plan> = {}) {
  const calls: Call[] = [];
  const plans: unknown[] = [];
  const answered = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(0));
  const api = {
    execute: (path, body, { signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        calls.push({
          path,
          body,
          signal,
          answer: (response = {}) => {
            const no = calls.length;
            resolve({
              virtual_db: `db${no}`,
              virtual_run_id: 'run',
              status: 'awaiting_input',
              plan: [],
              ...response,
            } as never);
            return answered();
          },
          refuse: (error) => {
            reject(error);
            return answered();
          },
        });
      }),
    plan: (body) => {
      plans.push(body);
      return Promise.resolve({ plan_id: 'p', modules: [], likely_cost_usd: 0, cost_unknown: 0, ...plan });
    },
  } as Partial<VirtualApi> as VirtualApi;
  return { calls, plans, session: new PreviewSession(api, 'tab') };
}

const settings: PreviewSettings = { modes: {}, scenario: null, answers: 'ask', autoReapply: true };
const wish = (text: string, more: Partial<PreviewSettings> = {}): PreviewWish => ({
  definition: () => Promise.resolve(text === '' ? null : { text }),
  target: null,
  settings: { ...settings, ...more },
});
const refusal = (code: string, status = 422) =>
  new ApiError({ code, params: {}, title: code, status, detail: code, errors: [] });
const pause = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('E12 one editor’s preview', () => {
  test('asks once, 150 ms after the last of many edits, for what is written then', async () => {
    const { session, calls } = rig();
    for (const text of ['a', 'ab', 'abc']) {
      session.edited(wish(text));
      await pause(149);
    }
    expect(calls).toHaveLength(0);
    expect(session.getState().phase).toBe('waiting');
    await pause(1);
    expect(calls.map(({ path, body }) => [path, body['workflow'], body['virtual_db'], body['preview_key']])).toEqual([
      ['start', { text: 'abc' }, null, 'tab'],
    ]);
    await calls[0]?.answer();
    expect(session.getState()).toMatchObject({ phase: 'settled', stale: false, round: 1 });
  });

  test('a newer edit ends the older run, whose answer is then worth nothing; the result before stays, stale', async () => {
    const { session, calls } = rig();
    session.edited(wish('one'));
    await pause(150);
    await calls[0]?.answer();
    session.edited(wish('two'));
    expect(session.getState()).toMatchObject({ stale: true, response: { virtual_db: 'db1' } });
    await pause(150);
    session.edited(wish('three'));
    await pause(150);
    expect(calls[1]?.signal.aborted).toBe(true);
    await calls[2]?.answer();
    expect(session.getState()).toMatchObject({ phase: 'settled', stale: false, response: { virtual_db: 'db3' } });
    expect(calls[2]?.body).toMatchObject({ workflow: { text: 'three' }, virtual_db: 'db1' });
  });

  test('says that the server is away, asks again by itself, and keeps saying so until it answers', async () => {
    const { session, calls } = rig();
    session.edited(wish('one'));
    await pause(150);
    await calls[0]?.refuse(offlineError('refused'));
    expect(session.getState()).toMatchObject({ phase: 'unreachable', away: true });
    await pause(2_000);
    expect(session.getState()).toMatchObject({ phase: 'unreachable', away: true });
    await calls[1]?.answer();
    expect(session.getState()).toMatchObject({ phase: 'settled', away: false });
  });

  test('what cannot be resolved is not sent', async () => {
    const { session, calls } = rig();
    session.edited(wish(''));
    await pause(150);
    expect(calls).toHaveLength(0);
    expect(session.getState().phase).toBe('unresolved');
  });

  test('a snapshot that the server no longer takes is given up, and the preview begins again', async () => {
    const { session, calls } = rig();
    session.edited(wish('one'));
    await pause(150);
    await calls[0]?.answer();
    void session.run();
    await pause(0);
    await calls[1]?.refuse(refusal('snapshot_expired', 400));
    expect(calls[2]?.body['virtual_db']).toBeNull();
    await calls[2]?.answer();
    expect(session.getState().phase).toBe('settled');
  });
});

describe('answers in a preview', () => {
  test('an edit waits for an answer that is on its way, and goes on from it', async () => {
    const { session, calls } = rig();
    session.edited(wish('one'));
    await pause(150);
    await calls[0]?.answer();
    const sent = session.respond('q', { value: 'x' }, 'key');
    await pause(0);
    session.edited(wish('two'));
    await pause(150);
    expect(calls.map(({ path }) => path)).toEqual(['start', 'respond']);
    expect(calls[1]?.signal.aborted).toBe(false);
    await calls[1]?.answer();
    await sent;
    await pause(0);
    expect(calls[2]).toMatchObject({ path: 'start', body: { virtual_db: 'db2', workflow: { text: 'two' } } });
  });

  test('a refusal is thrown to whoever answered, and the preview stands as it was', async () => {
    const { session, calls } = rig();
    session.edited(wish('one'));
    await pause(150);
    await calls[0]?.answer();
    const sent = session.respond('q', { value: 'x' }, 'key').catch((error: unknown) => error);
    await pause(0);
    await calls[1]?.refuse(refusal('response_invalid'));
    expect(await sent).toMatchObject({ problem: { code: 'response_invalid' } });
    expect(session.getState()).toMatchObject({ phase: 'settled', error: null, response: { virtual_db: 'db1' } });
  });
});

describe('E13 real calls', () => {
  const real = { modes: { 's/write': 'real' } } as const;

  test('are held with their plan until somebody says so', async () => {
    const { session, calls, plans } = rig({ cost_unknown: 1 });
    session.edited(wish('one', real));
    await pause(150);
    expect(calls).toHaveLength(0);
    expect(session.getState()).toMatchObject({ phase: 'held', plan: { cost_unknown: 1 } });
    void session.run(false, true);
    await pause(0);
    await calls[0]?.answer();
    expect(plans).toHaveLength(1);
    expect(session.getState()).toMatchObject({ phase: 'settled', plan: null });
  });

  test('are held too where they come after what is not known yet', async () => {
    const entry = { step_id: 's', module_name: 'write', action: 'not_reached', reason: 'depends_on_unknown' } as const;
    const { session, calls } = rig({ modules: [{ ...entry, duration_ms: 0 }] });
    session.edited(wish('one', real));
    await pause(150);
    expect(calls).toHaveLength(0);
    expect(session.getState().phase).toBe('held');
  });

  test('are not asked about where the plan needs none', async () => {
    const { session, calls } = rig();
    session.edited(wish('one', real));
    await pause(150);
    expect(calls.map(({ path }) => path)).toEqual(['start']);
  });
});

describe('a run of production as a preview', () => {
  test('edits wait until it is open, and go on from it', async () => {
    const { session, calls } = rig();
    let opened: (response: VirtualWorkflowResponse) => void = () => undefined;
    session.beginFrom('r', new Promise((resolve) => (opened = resolve)));
    session.edited(wish('one'));
    await pause(500);
    expect(calls).toHaveLength(0);
    opened({ virtual_db: 'opened', plan: [] } as never);
    await pause(0);
    expect(calls[0]?.body['virtual_db']).toBe('opened');
    expect(session.getState().runId).toBe('r');
  });

  test('one that cannot be opened is told of, and the preview begins anew', async () => {
    const { session, calls } = rig();
    session.beginFrom('r', Promise.reject(refusal('run_not_found', 404)));
    session.edited(wish('one'));
    await pause(150);
    expect(calls[0]?.body['virtual_db']).toBeNull();
    expect(session.getState().runFault).toMatchObject({ problem: { code: 'run_not_found' } });
  });
});
