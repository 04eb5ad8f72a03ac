import { describe, expect, it } from 'vitest';
import { WfmError } from '../../errors/index.ts';
import { toStoredError } from '../../errors/index.ts';
import { tail } from '../../execution/tail.ts';
import { watchTasks } from '../../execution/tasks/task-watch.ts';
import type { EngineRig } from '../../testing/index.ts';
import { claimTask, mediaRig, report, workOn } from './testing/media-rig.ts';

const workflow = {
  format: 2,
  workflow_id: 'poster',
  initial_state: { town: 'Lisbon' },
  steps: [
    {
      step_id: 'make',
      modules: [
        {
          module_id: 'media.render',
          name: 'poster',
          inputs: {
            provider: 'local',
            action_type: 'txt2img',
            params: { prompt: 'A tram in {{ state.town }}' },
            count: 2,
          },
          outputs_to_state: { contents: 'posters' },
        },
        {
          module_id: 'user.text_input',
          name: 'say',
          inputs: { prompt: 'First: {{ state.posters[0].local_path }}', allow_empty: true },
        },
      ],
    },
  ],
};

const settled = async (rig: EngineRig, runId: string) => {
  for (let turn = 0; turn < 200; turn += 1) {
    const answer = await rig.processor.status({ runId, userId: rig.userId });
    if (answer.status !== 'processing') return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('the run does not come to rest');
};

describe('14.6 media.render', () => {
  it('enqueues a task with its event, waits, and completes with what the worker made', async () => {
    const rig = mediaRig();
    const started = await rig.start(workflow);
    expect(started).toMatchObject({ status: 'awaiting_task', progress: { current_module: 'poster' } });
    const runId = started.workflow_run_id ?? '';
    const claimed = await claimTask(rig);
    expect(claimed.task).toMatchObject({
      provider: 'local',
      prompt: 'A tram in Lisbon',
      params: { num_images: 2 },
      workflow_run_id: runId,
    });
    await workOn(rig, claimed);
    const asked = await settled(rig, runId);
    expect(asked.interaction_request?.title).toMatch(/^First: media:[0-9a-f-]{36}\.png$/);
    const types = (await rig.events(runId)).map((event) => event.type);
    expect(types.slice(2, 6)).toEqual(['module_started', 'task_enqueued', 'task_finished', 'module_completed']);
  });

  it('21 a report that is repeated, by any process, is told once', async () => {
    const rig = mediaRig();
    const runId = (await rig.start(workflow)).workflow_run_id ?? '';
    const claimed = await claimTask(rig);
    await workOn(rig, claimed);
    await Promise.all([report(rig, claimed.row.task_id), report(rig, claimed.row.task_id)]);
    expect(await rig.processor.tasks.sweep()).toBe(0);
    await settled(rig, runId);
    const types = (await rig.events(runId)).map((event) => event.type);
    expect(types.filter((type) => type === 'task_finished')).toHaveLength(1);
  });

  it('21 a sweep tells of a task whose worker died after it had ended', async () => {
    const rig = mediaRig();
    const runId = (await rig.start(workflow)).workflow_run_id ?? '';
    const { row } = await claimTask(rig);
    const error = toStoredError(new WfmError('provider_failed', 'The vendor refused the prompt.'));
    expect(await rig.database.tasks.fail({ taskId: row.task_id, fence: row.fence, error })).toBe('failed');
    expect(await rig.processor.tasks.sweep()).toBe(1);
    expect(await settled(rig, runId)).toMatchObject({
      status: 'error',
      error: { code: 'provider_failed', message: 'The vendor refused the prompt.' },
    });
  });

  it('10.5 a resume after a failed task makes a new one; a cancel ends it', async () => {
    const rig = mediaRig();
    const runId = (await rig.start(workflow)).workflow_run_id ?? '';
    const first = await claimTask(rig);
    const error = toStoredError(new WfmError('provider_credits', 'No credits are left.'));
    await rig.database.tasks.fail({ taskId: first.row.task_id, fence: first.row.fence, error });
    await report(rig, first.row.task_id);
    await settled(rig, runId);
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId };
    expect(await rig.processor.resume(caller)).toMatchObject({ status: 'awaiting_task' });
    const second = await claimTask(rig);
    expect(second.row.task_id).not.toBe(first.row.task_id);
    expect(second.task.metadata_id).not.toBe(first.task.metadata_id);
    expect(await rig.processor.cancel(caller)).toMatchObject({ status: 'cancelled' });
    expect(await rig.database.tasks.find({ taskId: second.row.task_id })).toMatchObject({ status: 'cancelled' });
  });

  it('9.8 a line that is left cancels its task; what comes late changes nothing', async () => {
    const rig = mediaRig();
    const runId = (await rig.start(workflow)).workflow_run_id ?? '';
    const claimed = await claimTask(rig);
    const depart = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId, mode: 'jump' as const };
    await rig.processor.depart({ ...depart, stepId: 'make', moduleName: 'poster' });
    expect(await rig.database.tasks.find({ taskId: claimed.row.task_id })).toMatchObject({ status: 'cancelled' });
    await report(rig, claimed.row.task_id);
    const again = await claimTask(rig);
    await workOn(rig, again);
    expect(await settled(rig, runId)).toMatchObject({ status: 'awaiting_input' });
    const types = (await rig.events(runId)).map((event) => event.type);
    expect(types.filter((type) => type === 'task_finished')).toHaveLength(1);
  });

  it('15.5 parameters that the provider does not know are refused before anything is enqueued', async () => {
    const rig = mediaRig();
    const wrong = structuredClone(workflow);
    Object.assign(wrong.steps[0]?.modules[0]?.inputs ?? {}, { params: { prompt: 'x', steps: 3 } });
    expect(await rig.start(wrong)).toMatchObject({ status: 'error', error: { code: 'input_invalid' } });
    expect(await rig.database.tasks.claim({ worker: 't', leaseMs: 1000, limits: {} })).toBeNull();
  });

  it('17.5 a preview makes mocks in process, and the run goes on', async () => {
    const rig = mediaRig({ preview: {} });
    const asked = await rig.start(workflow, { mode: 'mock' });
    expect(asked.interaction_request?.title).toMatch(/^First: media:[0-9a-f-]{36}\.svg$/);
    const events = await rig.events(asked.workflow_run_id ?? '');
    expect(events.find((event) => event.type === 'module_completed')?.data).toMatchObject({
      origin: { kind: 'mocked', reason: 'mock_generated' },
      outputs: { contents: [{ url: expect.stringMatching(/^\/mock-media\//) }, {}] },
    });
  });

  it('17.7 a scenario’s fault meets the task, and the queue tries again', async () => {
    const modules = { 'make/poster': { fail: 'rate_limited' as const, times: 1 } };
    const rig = mediaRig({ preview: { scenario: { name: 'busy', modules } } });
    expect(await rig.start(workflow, { mode: 'mock' })).toMatchObject({ status: 'awaiting_input' });
    const [task] = await rig.database.tasks.listOfRun({
      runId: (await rig.database.runs.list({ userId: rig.userId, limit: 1 })).items[0]?.workflow_run_id ?? '',
    });
    expect(task).toMatchObject({ attempts: 2, status: 'succeeded' });
    const lost = mediaRig({ preview: { scenario: { name: 'x', modules: { 'make/poster': { fail: 'malformed' } } } } });
    expect(await lost.start(workflow, { mode: 'mock' })).toMatchObject({
      status: 'error',
      error: { code: 'provider_failed' },
    });
  });

  it('17.2 a mock_output stands in for the whole job', async () => {
    const rig = mediaRig({ preview: {} });
    const written = structuredClone(workflow) as { steps: { modules: Record<string, unknown>[] }[] };
    Object.assign(written.steps[0]?.modules[0] ?? {}, {
      mock_output: { content_ids: ['x'], contents: [{ local_path: 'media:x.png' }], metadata_id: 'm' },
    });
    const asked = await rig.start(written, { mode: 'mock' });
    expect(asked.interaction_request?.title).toBe('First: media:x.png');
  });
});

describe('ux.md 2.7 the stream of a run', () => {
  it('carries the progress of the task that the run waits for, and its end', async () => {
    const rig = mediaRig();
    const runId = (await rig.start(workflow)).workflow_run_id ?? '';
    const abort = new AbortController();
    const { processor, database } = rig;
    const seen: string[] = [];
    const reading = (async () => {
      const frames = tail({
        runs: database.runs,
        content: database.content,
        progress: processor.progress,
        runId,
        taskWatch: watchTasks(processor, runId),
        signal: abort.signal,
      });
      for await (const { event, data } of frames) {
        const { message, percent } = data as { message?: string; percent?: number };
        seen.push(event === 'progress' ? `${event} ${message} ${percent ?? ''}`.trim() : event);
        if (event === 'interaction_requested') abort.abort();
      }
    })();
    const claimed = await claimTask(rig);
    const hold = { taskId: claimed.row.task_id, fence: claimed.row.fence };
    const progress = { message: 'Rendering', percent: 40, elapsed_ms: 5, updated_at: new Date().toISOString() };
    await rig.database.tasks.progress({ ...hold, progress });
    await expect.poll(() => seen, { timeout: 5000 }).toContain('progress Rendering 40');
    await workOn(rig, claimed);
    await reading;
    expect(seen.indexOf('progress Rendering 40')).toBeLessThan(seen.indexOf('task_finished'));
  });
});
