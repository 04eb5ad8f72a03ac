import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '@wfm/workflow-engine/models';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

let rig: VirtualRig;
beforeAll(async () => {
  rig = await createVirtualRig();
});
afterAll(() => rig.close());

const ask = (name: string, prompt = name) => ({ module_id: 'user.text_input', name, inputs: { prompt } });
const path = (name: string, capability: string, priority: number, modules: object[] = [ask(name)]) => ({
  name,
  requires: [{ capability, priority }],
  modules,
});

function workflowOf(groups: object[], more: object[] = [ask('last')]): JsonObject {
  const modules = [ask('first'), { module_id: 'pipeline.execution_groups', name: 'g', groups }, ...more];
  return { format: 2, workflow_id: 'groups', steps: [{ step_id: 's', modules }] };
}

const two = workflowOf([path('photo', 'camera', 5), path('text', 'user.text_input', 1)]);
const start = (workflow: JsonObject, more: object = {}) =>
  rig.preview('/workflow/start', { workflow, virtual_db: null, ...more });
const modules = (response: { plan: { module_name: string }[] }) => response.plan.map((entry) => entry.module_name);

describe('20 previews of execution groups', () => {
  it('20.3 the alternative that suits the capabilities is executed, by default that of the interactive modules', async () => {
    expect(modules(await start(two))).toEqual(['first', 'text', 'last']);
    expect(modules(await start(two, { capabilities: ['camera', 'user.text_input'] }))).toEqual([
      'first',
      'photo',
      'last',
    ]);
    const refused = await rig.refusal('/workflow/start', { workflow: two, virtual_db: null, capabilities: [] });
    expect(refused).toMatchObject({ code: 'capabilities_unmet', params: { missing: ['camera', 'user.text_input'] } });
  });

  it('20.4 later requests stay with the capabilities of the start, also of an edited workflow', async () => {
    const started = await start(two, { capabilities: ['camera'] });
    const answer = {
      virtual_db: started.virtual_db,
      virtual_run_id: started.virtual_run_id,
      interaction_id: started.interaction_request?.interaction_id,
      response: { value: 'x' },
    };
    const went = await rig.preview('/workflow/respond', { ...answer, workflow: two });
    expect(went.interaction_request?.title).toBe('photo');
    const edited = workflowOf([
      path('photo', 'camera', 5, [ask('photo', 'Another photo?')]),
      path('text', 'user.form', 9),
    ]);
    const changed = await rig.preview('/workflow/respond', { ...answer, workflow: edited });
    expect(changed.interaction_request?.title).toBe('Another photo?');
  });

  it('20.4 another choice at the next start keeps what still holds', async () => {
    const started = await start(two, { answers: 'sample' });
    expect(started.status).toBe('completed');
    const again = await rig.preview('/workflow/start', {
      workflow: two,
      virtual_db: started.virtual_db,
      capabilities: ['camera'],
    });
    expect(again.interaction_request?.title).toBe('photo');
    expect(again.plan[0]).toMatchObject({ module_name: 'first', action: 'answer_reapplied' });
  });

  it('20.5 a target within a path is reached; what is wrong behind its group is not looked at', async () => {
    const broken = workflowOf(
      [path('photo', 'camera', 5)],
      [{ module_id: 'user.text_input', inputs: { nonsense: 1 } }],
    );
    const target = { target_step_id: 's', target_module_name: 'photo', capabilities: ['camera'], answers: 'sample' };
    const reached = await start(broken, target);
    expect(reached.interaction_request?.title).toBe('photo');
    const wrong = workflowOf([path('photo', 'camera', 5, [{ ...ask('photo'), inputs: { nonsense: 1 } }])]);
    const refused = await rig.refusal('/workflow/start', { workflow: wrong, virtual_db: null, ...target });
    expect(refused.errors?.[0]).toMatchObject({ path: 'steps[0].modules[1].groups[0].modules[0].inputs.nonsense' });
    const absent = await rig.refusal('/workflow/start', {
      workflow: two,
      virtual_db: null,
      ...target,
      capabilities: ['user.text_input'],
    });
    expect(absent.code).toBe('module_not_found');
  });
});
