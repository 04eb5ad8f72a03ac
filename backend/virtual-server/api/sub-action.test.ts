import { WfmError } from '@wfm/workflow-engine/errors';
import { canonicalLog } from '@wfm/workflow-engine/events';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { colours, createRig, createTestClock, framesIn, scriptedLlm } from '@wfm/workflow-engine/testing';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { afterEach, describe, expect, it } from 'vitest';
import { eventsIn } from '../testing/events-in.ts';
import { createVirtualRig, type VirtualRig, type VirtualRigOptions } from '../testing/virtual-rig.ts';

/** Sub-actions of previews (format.md 13, 22; api.md): the request is the execution. */

const rigs: VirtualRig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});
async function rigWith(script: NonNullable<VirtualRigOptions['script']>): Promise<VirtualRig> {
  const rig = await createVirtualRig({ script });
  rigs.push(rig);
  return rig;
}

const begin = (rig: VirtualRig): Promise<VirtualWorkflowResponse> =>
  rig.preview('/workflow/start', { workflow: colours, virtual_db: null, mock: false });

const bodyOf = (at: VirtualWorkflowResponse, more: object = {}) => ({
  workflow: colours,
  virtual_db: at.virtual_db,
  virtual_run_id: at.virtual_run_id,
  interaction_id: at.interaction_request?.interaction_id,
  sub_action_id: 'more',
  ...more,
});

describe('sub-actions of previews', () => {
  it('13 a stream that ends with the state after; what was added can be chosen then', async () => {
    const rig = await rigWith(() => 'orange');
    const at = await begin(rig);
    const reply = await rig.post('/workflow/sub-action', bodyOf(at));
    expect(reply.headers['content-type']).toContain('text/event-stream');
    const frames = framesIn(reply.body);
    expect(frames[0]).toMatchObject({ event: 'started', data: { sub_action_id: 'more', expected: 2 } });
    const last = frames.at(-1);
    expect(last).toMatchObject({
      event: 'complete',
      data: {
        sub_action_id: 'more',
        fresh: ['orange'],
        updated_state: { colours: ['red', 'orange'] },
        virtual_run_id: at.virtual_run_id,
        state: { state_mapped: { colours: ['red', 'orange'] } },
      },
    });
    const done = await rig.preview('/workflow/respond', {
      workflow: colours,
      virtual_db: last?.data['virtual_db'],
      virtual_run_id: at.virtual_run_id,
      interaction_id: at.interaction_request?.interaction_id,
      response: { selected_indices: [1] },
    });
    expect(done).toMatchObject({ status: 'completed', result: { colour: 'orange' } });

    // 10.7.1 the walk of a changed version meets what was added where the line did: a new name executes nothing.
    const renamed = await rig.preview('/workflow/start', {
      workflow: { ...colours, name: 'Colours' },
      virtual_db: done.virtual_db,
      mock: false,
    });
    expect(renamed).toMatchObject({ status: 'completed', branch_id: done.branch_id });
    expect(rig.llm.calls).toHaveLength(1);
  });

  it('parity: the log of the run is the one that production writes', async () => {
    const rig = await rigWith(() => 'orange');
    const at = await begin(rig);
    const last = framesIn((await rig.post('/workflow/sub-action', bodyOf(at))).body).at(-1);
    const done = await rig.preview('/workflow/respond', {
      ...bodyOf(at, { sub_action_id: undefined }),
      virtual_db: last?.data['virtual_db'],
      response: { selected_indices: [1] },
    });
    const preview = eventsIn(done.virtual_db).filter((event) => event.workflow_run_id === at.virtual_run_id);

    const clock = createTestClock();
    const production = createRig({
      database: createMemoryDatabase({ clock }),
      clock,
      llm: scriptedLlm(() => 'orange'),
    });
    const run = await production.start(colours);
    const runId = run.workflow_run_id ?? '';
    const { executionId } = await production.processor.subActions.start({
      runId,
      userId: production.userId,
      interactionId: run.interaction_request?.interaction_id ?? '',
      subActionId: 'more',
      params: {},
    });
    await production.processor.subActions.finished(executionId);
    await production.respond(run, { selected_indices: [1] });
    const plain = (lines: string[]) =>
      lines.map((line) => line.replaceAll(/"(project_name|template_name|template_id|by)":"[^"]*",?/g, ''));
    expect(plain(canonicalLog(preview).map(withoutIds))).toEqual(
      plain((await production.canonical(runId)).map(withoutIds)),
    );
  });

  it('a failure ends the stream with a problem and the state in which it is known', async () => {
    const rig = await rigWith(() => {
      throw new WfmError('llm_refused', 'The model does not want to.');
    });
    const at = await begin(rig);
    const last = framesIn((await rig.post('/workflow/sub-action', bodyOf(at))).body).at(-1);
    expect(last).toMatchObject({ event: 'error', data: { code: 'llm_refused', virtual_db: expect.any(String) } });
    expect(eventsIn(String(last?.data['virtual_db'])).map(({ type }) => type)).toContain('sub_action_failed');
  });

  it('refusals are ordinary answers', async () => {
    const rig = await rigWith(() => 'orange');
    const at = await begin(rig);
    const code = async (more: object) => (await rig.refusal('/workflow/sub-action', bodyOf(at, more))).code;
    expect(await code({ sub_action_id: 'less' })).toBe('sub_action_not_found');
    expect(await code({ interaction_id: 'other' })).toBe('interaction_closed');
    expect(await code({ odd: 1 })).toBe('request_invalid');
    expect(await code({ virtual_run_id: 'other' })).toBe('snapshot_foreign');
  });

  it('10.10.5 a client that goes ends the work, which would never end by itself', async () => {
    const asked = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const rig = await rigWith(
      (_request, _call, { signal }) =>
        new Promise((_resolve, reject) => {
          asked.resolve();
          signal.addEventListener('abort', () => {
            ended.resolve();
            reject(signal.reason as Error);
          });
        }),
    );
    const url = await rig.app.listen({ host: '127.0.0.1', port: 0 });
    const at = await begin(rig);
    const gone = new AbortController();
    const request = fetch(`${url}/workflow/sub-action`, {
      method: 'POST',
      headers: { 'x-access-key': rig.keys.ada, 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(at)),
      signal: gone.signal,
    }).then((reply) => reply.text());
    await asked.promise;
    gone.abort();
    await expect(request).rejects.toThrow();
    await ended.promise;
  });
});

/** Ids are numbered by first appearance; what differs between the hosts shifts the numbers. */
function withoutIds(line: string): string {
  return line.replaceAll(/id-\d+/g, 'id');
}
