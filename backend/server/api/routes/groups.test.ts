import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServerRig, type ServerRig } from '../../testing/server-rig.ts';

let rig: ServerRig;
beforeAll(async () => {
  rig = await createServerRig();
});
afterAll(() => rig.close());

const ask = (name: string, prompt = name) => ({ module_id: 'user.text_input', name, inputs: { prompt } });
const path = (name: string, capability: string, priority: number) => ({
  name,
  requires: [{ capability, priority }],
  modules: [ask(name)],
});

function workflowOf(id: string, last = 'last') {
  const groups = [path('photo', 'camera', 5), path('text', 'user.text_input', 1)];
  const modules = [{ module_id: 'pipeline.execution_groups', name: 'g', groups }, ask(last)];
  return { format: 2, workflow_id: id, steps: [{ step_id: 's', modules }] };
}

const call = async <T = WorkflowResponse>(method: 'GET' | 'POST', url: string, body?: object) => {
  const reply = await rig.alice.call(method, url, body);
  return { status: reply.statusCode, body: reply.json<T>() };
};
const start = (body: object) =>
  call<WorkflowResponse & { code: string }>('POST', '/workflow/start', { project_name: crypto.randomUUID(), ...body });
const asks = (response: WorkflowResponse) => response.interaction_request?.title;

interface Versions {
  items: { version_id: string; kind: string }[];
}

describe('20 runs of versions with execution groups', () => {
  test('1.7 a start picks by capabilities; resolved versions cannot be started', async () => {
    const workflow_content = workflowOf('pick');
    expect(asks((await start({ workflow_content })).body)).toBe('text');
    expect(asks((await start({ workflow_content, capabilities: ['camera'] })).body)).toBe('photo');
    expect(await start({ workflow_content, capabilities: ['sound'] })).toMatchObject({
      status: 422,
      body: { code: 'capabilities_unmet', params: { missing: ['camera', 'user.text_input'] } },
    });
    const { body: templates } = await call<{ items: { template_id: string; workflow_id: string }[] }>(
      'GET',
      '/workflow-templates',
    );
    const id = templates.items.find(({ workflow_id }) => workflow_id === 'pick')?.template_id ?? '';
    const { body: versions } = await call<Versions>('GET', `/workflow-templates/${id}/versions`);
    expect(versions.items.map(({ kind }) => kind)).toEqual(['resolved', 'resolved', 'unresolved']);
    const [resolved, , unresolved] = versions.items.map(({ version_id }) => version_id);
    expect(asks((await start({ workflow_version_id: unresolved, capabilities: ['camera'] })).body)).toBe('photo');
    for (const url of ['/workflow/start', `/workflow/start/${resolved}`]) {
      const body = { project_name: 'x', ...(url === '/workflow/start' ? { workflow_version_id: resolved } : {}) };
      expect(await call('POST', url, body)).toMatchObject({ status: 422, body: { code: 'version_not_startable' } });
    }
  });

  test('20.4 a run goes on with the alternative for its own capabilities', async () => {
    const { body: started } = await start({ workflow_content: workflowOf('up'), capabilities: ['camera'] });
    const url = `/workflow/${started.workflow_run_id}/resume`;
    const changed = { workflow_content: workflowOf('up', 'other') };
    const { body: shown } = await call('POST', url, changed);
    const { plan } = shown.result as { plan: { plan_id: string; modules: { module_name: string }[] } };
    expect(plan.modules.map(({ module_name }) => module_name)).toEqual(['photo', 'other']);
    const { status, body: moved } = await call('POST', `${url}/confirm`, { ...changed, plan_id: plan.plan_id });
    expect(status).toBe(200);
    expect(asks(moved)).toBe('photo');
    const { body: same } = await call('POST', url, changed);
    expect(same.result ?? null).toBeNull();
  });
});
