import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { colours, framesIn } from '@wfm/workflow-engine/testing';
import { createServerRig, type Person, type ServerRig, startSample } from '../../testing/server-rig.ts';

/** Sub-actions over real sockets and SQLite (api.md; format.md 13). */

let rig: ServerRig;
let url: string;
let alice: Person;
let script: () => Promise<string> | string = () => 'orange';
beforeAll(async () => {
  rig = await createServerRig({
    script: async (_request, _call, options) => {
      options.onDelta?.('o');
      return script();
    },
  });
  alice = rig.alice;
  url = await rig.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => rig.close());

const headers = () => ({
  cookie: `wfm_session=${alice.tokens.access}`,
  origin: 'http://localhost:9000',
  'content-type': 'application/json',
});
const bodyOf = (run: WorkflowResponse, more: object = {}) => ({
  interaction_id: run.interaction_request?.interaction_id,
  sub_action_id: 'more',
  ...more,
});
const post = (run: WorkflowResponse, more: RequestInit = {}, body: object = {}) =>
  fetch(`${url}/workflow/${run.workflow_run_id}/sub-action`, {
    method: 'POST',
    headers: headers(),
    body: JSON.stringify(bodyOf(run, body)),
    ...more,
  });

/** A script that waits until it is told to go on. */
function gate(): () => void {
  const { promise, resolve } = Promise.withResolvers<string>();
  script = () => promise;
  return () => resolve('blue');
}

describe('sub-actions', () => {
  test('the stream tells of the start, of progress and of the end; the question shows what was added', async () => {
    script = () => 'orange';
    const run = await startSample(alice, 'streamed', colours);
    const frames = framesIn(await (await post(run)).text());
    expect(frames[0]).toMatchObject({ event: 'started', data: { sub_action_id: 'more', expected: 2 } });
    for (const { event, data } of frames.slice(1, -1)) {
      expect(event).toBe('progress');
      expect(data).toMatchObject({ status: 'processing', progress: { elapsed_ms: data['elapsed_ms'] } });
    }
    expect(frames.at(-1)).toMatchObject({
      event: 'complete',
      data: { fresh: ['orange'], updated_state: { colours: ['red', 'orange'] } },
    });
    const id = run.interaction_request?.interaction_id;
    const question = await alice.call('GET', `/workflow/${run.workflow_run_id}/interactions/${id}`);
    expect(question.json().request.data).toEqual(['red', 'orange']);
    const answered = await alice.call('POST', '/workflow/respond', {
      workflow_run_id: run.workflow_run_id,
      interaction_id: id,
      response: { selected_indices: [1] },
    });
    expect(answered.json()).toMatchObject({ status: 'completed', result: { colour: 'orange' } });
    expect(rig.faults).toEqual([]);
  });

  test('Prefer: respond-async answers at once; a client that goes cancels nothing, and may come back', async () => {
    const open = gate();
    const run = await startSample(alice, 'async', colours);
    const reply = await post(run, { headers: { ...headers(), prefer: 'respond-async' } }, { idempotency_key: 'k' });
    expect(reply.status).toBe(202);
    const { execution_id: id, expected } = (await reply.json()) as { execution_id: string; expected: number };
    expect(expected).toBe(2);
    const stream = `${url}/workflow/${run.workflow_run_id}/sub-action/${id}/stream`;
    const gone = new AbortController();
    const watched = await fetch(stream, { headers: headers(), signal: gone.signal });
    await watched.body?.getReader().read();
    gone.abort();
    open();
    const frames = framesIn(await (await fetch(stream, { headers: headers() })).text());
    expect(frames.map(({ event }) => event)).toEqual(expect.arrayContaining(['started', 'complete']));
    // The same key: the finished execution again.
    const again = framesIn(await (await post(run, {}, { idempotency_key: 'k' })).text());
    expect(again.map(({ event }) => event)).toEqual(['started', 'complete']);
    expect(again[0]?.data['execution_id']).toBe(id);
  });

  test('cancelling ends the stream with a problem, and leaves the question open', async () => {
    gate();
    const run = await startSample(alice, 'cancelled', colours);
    const reply = await post(run, { headers: { ...headers(), prefer: 'respond-async' } });
    const { execution_id: id } = (await reply.json()) as { execution_id: string };
    const path = `/workflow/${run.workflow_run_id}/sub-action/${id}`;
    const stream = (await fetch(`${url}${path}/stream`, { headers: headers() })).text();
    expect((await alice.call('POST', `${path}/cancel`)).statusCode).toBe(200);
    expect(framesIn(await stream).at(-1)).toMatchObject({ event: 'error', data: { code: 'sub_action_cancelled' } });
    expect((await alice.call('GET', `/workflow/${run.workflow_run_id}/status`)).json().status).toBe('awaiting_input');
  });

  test('the overview says what was asked for, since when, and what became of it: a page that comes back shows it', async () => {
    const open = gate();
    const run = await startSample(alice, 'overview', colours);
    const started = async (params: object): Promise<string> => {
      const reply = await post(run, { headers: { ...headers(), prefer: 'respond-async' } }, { params });
      return ((await reply.json()) as { execution_id: string }).execution_id;
    };
    const [first, second] = [await started({ hue: 'cold' }), await started({ hue: 'warm' })];
    const path = `/workflow/${run.workflow_run_id}`;
    const executions = async () => (await alice.call('GET', `${path}/overview`)).json().executions;
    expect(await executions()).toMatchObject([
      { execution_id: first, params: { hue: 'cold' }, expected: 2, status: 'running', ended_at: null, error: null },
      { execution_id: second, params: { hue: 'warm' }, status: 'running' },
    ]);
    await alice.call('POST', `${path}/sub-action/${second}/cancel`);
    open();
    await (await fetch(`${url}${path}/sub-action/${first}/stream`, { headers: headers() })).text();
    const ended_at = expect.any(String);
    expect(await executions()).toMatchObject([
      { execution_id: first, status: 'completed', ended_at, error: null },
      { execution_id: second, status: 'failed', ended_at, error: { code: 'sub_action_cancelled' } },
    ]);
  });

  test('refusals are ordinary answers; somebody else’s run is not there', async () => {
    const run = await startSample(alice, 'refused', colours);
    const path = `/workflow/${run.workflow_run_id}/sub-action`;
    const code = async (person: Person, body: object) => (await person.call('POST', path, body)).json().code;
    expect(await code(alice, bodyOf(run, { sub_action_id: 'x' }))).toBe('sub_action_not_found');
    expect(await code(alice, bodyOf(run, { interaction_id: 'x' }))).toBe('interaction_closed');
    expect(await code(alice, bodyOf(run, { odd: 1 }))).toBe('request_invalid');
    expect(await code(rig.bob, bodyOf(run))).toBe('run_not_found');
    expect((await alice.call('GET', `${path}/x/stream`)).json().code).toBe('sub_action_not_found');
    expect((await alice.call('POST', `${path}/${run.workflow_run_id}/cancel`)).json().code).toBe(
      'sub_action_not_found',
    );
  });
});
