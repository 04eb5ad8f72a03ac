import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstAnswer, secondAnswer } from '../../testing/sample-workflow.ts';
import {
  answer,
  completeSample,
  createServerRig,
  type Person,
  type ServerRig,
  startSample,
} from '../../testing/server-rig.ts';

let rig: ServerRig;
let alice: Person;
let done: WorkflowResponse;
beforeAll(async () => {
  rig = await createServerRig({ script: () => 'A text with </script> and ünïcode.' });
  alice = rig.alice;
  done = await completeSample(alice, 'read me');
});
afterAll(() => rig.close());

const get = async (path: string) => (await alice.call('GET', `/workflow/${done.workflow_run_id}${path}`)).json();

describe('reading a run', () => {
  test('status, definition and state say what happened', async () => {
    expect(await get('/status')).toMatchObject({
      status: 'completed',
      result: { colour: 'green' },
      last_seq: done.last_seq,
    });
    expect(await get('/definition')).toMatchObject({
      version_id: expect.stringMatching(/^sha256:/),
      definition: { workflow_id: 'sample' },
    });
    const state = await get('/state');
    expect(state.state_mapped).toMatchObject({ colour: 'green', said: 'spring', join: { result: ['green', 'white'] } });
    expect(state.steps.ask.pick.interaction_response).toMatchObject({ _metadata: { node_type: 'event_data' } });
    expect(Object.keys(state.files)).toEqual(['outputs']);
    expect(await get('/state?part=state_mapped')).toEqual({ ...state, steps: {}, files: {} });
  });

  test('events come in order, in pages, dense', async () => {
    const whole = await get('/events?limit=1000');
    expect(whole.items.map(({ seq }: { seq: number }) => seq)).toEqual(
      Array.from({ length: done.last_seq + 1 }, (_, seq) => seq),
    );
    expect(whole.next_after).toBeNull();
    const seqs: number[] = [];
    for (let after: number | null = -1; after !== null; ) {
      const page = await get(`/events?limit=3&after=${after}`);
      seqs.push(...page.items.map(({ seq }: { seq: number }) => seq));
      after = page.next_after;
    }
    expect(seqs).toHaveLength(done.last_seq + 1);
    expect((await get('/events?after=x')).status).toBe(400);
    expect(await get('/events?after=100000')).toMatchObject({ items: [], next_after: null });
  });

  test('8.4 no event holds a credential that came with a request', async () => {
    const reply = await alice.call('POST', '/workflow/start', {
      project_name: 'secret',
      workflow_version_id: (await get('/definition')).version_id,
      ai_config: { provider: 'scripted', api_key: 'sk-canary' },
    });
    const events = await alice.call('GET', `/workflow/${reply.json().workflow_run_id}/events`);
    expect(events.json().items[0].data.ai_config).toEqual({ provider: 'scripted' });
    expect(events.body).not.toContain('sk-canary');
  });

  test('how each module stands, without a value of it; the run as lists show it beside', async () => {
    const overview = await get('/overview');
    expect(overview).toMatchObject({
      run: { project_name: 'read me', template_name: 'Sample', status: 'completed' },
      branch_id: done.branch_id,
      last_seq: done.last_seq,
      executions: [],
    });
    expect(overview.modules.map(({ step_id, module_name }: Record<string, string>) => [step_id, module_name])).toEqual([
      ['ask', 'pick'],
      ['ask', 'join'],
      ['tell', 'note'],
      ['tell', 'write'],
      ['tell', 'keep'],
    ]);
    expect(overview.modules[3]).toMatchObject({
      phase: 'completed',
      attempt: 1,
      reason: 'no_record',
      duration_ms: expect.any(Number),
      usage: { calls: 1 },
    });
    expect(JSON.stringify(overview)).not.toContain('ünïcode');
  });

  test('questions are read from the newest as well', async () => {
    const newest = await get('/interaction-history?order=desc&limit=1');
    expect(newest.items).toMatchObject([{ module_name: 'note' }]);
    const rest = await get(`/interaction-history?order=desc&cursor=${newest.next_cursor}`);
    expect(rest).toMatchObject({ items: [{ module_name: 'pick' }], next_cursor: null });
  });

  test('questions with their answers, in pages and one by one', async () => {
    const { items } = await get('/interaction-history');
    expect(items).toMatchObject([
      { module_name: 'pick', status: 'answered', request: { interaction_type: 'select_from_structured' } },
      { module_name: 'note', status: 'answered', response: { value: 'spring' } },
    ]);
    const first = await get('/interaction-history?limit=1');
    expect(first.items).toHaveLength(1);
    expect((await get(`/interaction-history?limit=1&cursor=${first.next_cursor}`)).items).toMatchObject([
      { module_name: 'note' },
    ]);
    expect(await get(`/interactions/${items[1].interaction_id}`)).toEqual(items[1]);
    expect(await get('/interactions/none')).toMatchObject({ status: 404, code: 'interaction_not_found' });
    expect((await get('/interaction-history?cursor=abc')).status).toBe(400);
  });

  test('calls and what they cost, of a run and over runs', async () => {
    const calls = await get('/calls');
    expect(calls).toMatchObject({
      items: [{ kind: 'llm', module_name: 'write', target: 'scripted-1', mock: false }],
      next_cursor: null,
    });
    expect(await get('/usage')).toMatchObject({ total: { calls: 1, cost_usd: 0.001 }, by: [{ usage: { calls: 1 } }] });
    const byTemplate = (await alice.call('GET', '/usage?from=2020-01-01')).json();
    expect(byTemplate.items).toMatchObject([{ name: 'Sample', usage: { calls: 1 } }]);
    expect((await alice.call('GET', '/usage?to=2020-01-01')).json().items).toEqual([]);
    expect((await alice.call('GET', '/usage?from=yesterday')).statusCode).toBe(400);
    expect((await alice.call('GET', '/usage?by=run')).json().items).toMatchObject([{ key: done.workflow_run_id }]);
  });
});

describe('files', () => {
  test('the tree leads to the bytes, which no browser will take for a page', async () => {
    const tree = await get('/files');
    const [leaf] = Object.values<{ _meta: { content_url: string; display_name: string } }>(
      tree.outputs.children.tell.children,
    );
    expect(leaf?._meta.display_name).toBe('text.txt');
    const file = await alice.call('GET', leaf?._meta.content_url ?? '');
    expect(file.body).toBe('A text with </script> and ünïcode.');
    expect(file.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': "inline; filename*=UTF-8''text.txt",
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    });
    expect(file.headers['cache-control']).toContain('private');
    const download = await alice.call('GET', `${leaf?._meta.content_url}?download=1`);
    expect(download.headers['content-disposition']).toMatch(/^attachment/);
    expect((await rig.bob.call('GET', leaf?._meta.content_url ?? '')).json()).toMatchObject({
      status: 404,
      code: 'run_not_found',
    });
    expect(await get('/files/none')).toMatchObject({ status: 404, code: 'file_not_found' });
    expect(await get('/files/..%2F..%2Fwfm.sqlite')).toMatchObject({ status: 404, code: 'file_not_found' });
  });

  test('all of them as a ZIP, by category and step', async () => {
    const path = `/workflow/${done.workflow_run_id}/files/download`;
    const reply = await alice.call('GET', path);
    expect(reply.headers['content-type']).toBe('application/zip');
    const entries = unzipSync(new Uint8Array(reply.rawPayload));
    expect(Object.keys(entries)).toEqual(['outputs/tell/text.txt']);
    expect((await alice.call('GET', `${path}?step=tell&category=outputs`)).statusCode).toBe(200);
    expect((await alice.call('GET', `${path}?step=ask`)).json()).toMatchObject({ status: 404, code: 'file_not_found' });
    expect((await alice.call('GET', `${path}?category=secret`)).statusCode).toBe(400);
  });
});

describe('lists', () => {
  test('runs by status, template, name and time, without reading a log', async () => {
    const person = await rig.person();
    await completeSample(person, 'one ended');
    const waiting = await startSample(person, 'two waits');
    const list = async (query: string) =>
      (await person.call('GET', `/workflows${query}`))
        .json()
        .items.map((run: { project_name: string }) => run.project_name);
    expect(await list('')).toEqual(['two waits', 'one ended']);
    expect(await list('?status=completed')).toEqual(['one ended']);
    expect(await list('?q=WAIT')).toEqual(['two waits']);
    expect(await list('?to=2020-01-01')).toEqual([]);
    const [run] = (await person.call('GET', '/workflows?limit=1')).json().items;
    expect(run).toMatchObject({
      workflow_run_id: waiting.workflow_run_id,
      status: 'awaiting_input',
      active: true,
      status_fields: [],
    });
    expect(await list(`?template=${run.template_id}`)).toHaveLength(2);
    expect((await person.call('GET', '/workflows?status=sleeping')).statusCode).toBe(400);
  });

  test('the inbox counts what waits, and an answer takes it away', async () => {
    const person = await rig.person();
    const first = await startSample(person, 'waits');
    const inbox = async () => (await person.call('GET', '/inbox')).json();
    const counted = (await person.call('GET', '/inbox?limit=0')).json();
    expect(counted).toEqual({ items: [], next_cursor: null, total: (await inbox()).total });
    expect(await inbox()).toMatchObject({
      total: 1,
      items: [{ interaction_id: first.interaction_request?.interaction_id }],
    });
    await answer(person, await answer(person, first, firstAnswer), secondAnswer);
    expect(await inbox()).toMatchObject({ total: 0, items: [] });
  });
});
