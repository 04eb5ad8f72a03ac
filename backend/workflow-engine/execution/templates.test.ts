import { describe, expect, it } from 'vitest';
import { loadWorkflow } from '../definition/load-workflow.ts';
import { createRegistry } from '../modules/registry.ts';
import { standardModules } from '../modules/standard-modules.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { prepareStart, publishVersion, startableVersion } from './templates.ts';

const registry = createRegistry(standardModules);
const ask = (name: string) => ({ module_id: 'user.text_input', name, inputs: { prompt: name } });
const path = (name: string, capability: string, modules: object[] = [ask(name)]) => ({
  name,
  requires: [{ capability, priority: 1 }],
  modules,
});

function workflowOf(groups: object[], more: object[] = []) {
  const modules = [{ module_id: 'pipeline.execution_groups', name: 'g', groups }, ...more];
  return loadWorkflow({ json: { format: 2, workflow_id: 'w', steps: [{ step_id: 's', modules }] } });
}

function setup() {
  const { definitions } = createMemoryDatabase({ clock: createTestClock() });
  const publish = (loaded: ReturnType<typeof workflowOf>) =>
    publishVersion(definitions, registry, { ownerId: 'u', loaded });
  return { definitions, publish };
}

const two = workflowOf([path('photo', 'camera'), path('text', 'user.text_input')]);

describe('20 versions with execution groups', () => {
  it('20 publishing stores the version as unresolved and what it stands for as resolved', async () => {
    const { definitions, publish } = setup();
    const { template, versionId } = await publish(two);
    expect(template.newest_version_id).toBe(versionId);
    const { items } = await definitions.listVersions({ templateId: template.template_id, limit: 9 });
    expect(items.map(({ kind }) => kind)).toEqual(['resolved', 'resolved', 'unresolved']);
  });

  it('1.7 a start picks by capabilities among the resolved ones, none of which can be started itself', async () => {
    const { definitions, publish } = setup();
    const { template, versionId } = await publish(two);
    const { template_id: templateId } = template;
    const pick = (capabilities?: string[]) =>
      startableVersion(definitions, registry, { templateId, versionId, capabilities });
    const { items } = await definitions.listVersions({ templateId, limit: 9 });
    const [second, first] = items;
    expect(await pick(['camera'])).toBe(first?.version_id);
    expect(await pick(['camera', 'user.text_input'])).toBe(first?.version_id);
    expect(await pick()).toBe(second?.version_id);
    await expect(pick([])).rejects.toMatchObject({ code: 'capabilities_unmet' });
    for (const { version_id } of items.slice(0, 2)) {
      const start = startableVersion(definitions, registry, { templateId, versionId: version_id });
      await expect(start).rejects.toMatchObject({ code: 'version_not_startable' });
    }
    const missing = startableVersion(definitions, registry, { templateId, versionId: 'sha256:none' });
    await expect(missing).rejects.toMatchObject({ code: 'version_not_found' });
  });

  it('1.7 a raw version is what it is, whatever the capabilities', async () => {
    const { definitions, publish } = setup();
    const raw = loadWorkflow({ json: { format: 2, workflow_id: 'w', steps: [{ step_id: 's', modules: [ask('a')] }] } });
    const { template, versionId } = await publish(raw);
    const params = { templateId: template.template_id, versionId, capabilities: [] };
    expect(await startableVersion(definitions, registry, params)).toBe(versionId);
  });

  it('1.8 a start with an unchanged definition finds its unresolved version, and a changed one asks first', async () => {
    const { definitions, publish } = setup();
    const { versionId } = await publish(two);
    const start = (loaded: ReturnType<typeof workflowOf>) =>
      prepareStart(definitions, registry, { ownerId: 'u', loaded, confirm: false });
    expect(await start(two)).toMatchObject({ kind: 'ready', versionId });
    expect(await start(workflowOf([path('photo', 'camera')]))).toMatchObject({
      kind: 'confirm',
      oldVersionId: versionId,
    });
  });

  it('1.7 the content of a resolved version is not published over it', async () => {
    const { definitions, publish } = setup();
    const { template, versionId } = await publish(two);
    const chosen = await startableVersion(definitions, registry, { templateId: template.template_id, versionId });
    const json = await definitions.readDefinition({ versionId: chosen });
    await expect(publish(loadWorkflow({ json }))).rejects.toMatchObject({ code: 'version_not_startable' });
    expect((await definitions.findTemplate({ templateId: template.template_id }))?.newest_version_id).toBe(versionId);
  });

  it('20 a name that only an expansion takes twice is a fault of the definition, and nothing is stored', async () => {
    const { definitions, publish } = setup();
    const clash = workflowOf([path('a', 'camera'), path('b', 'camera')], [ask('b')]);
    await expect(publish(clash)).rejects.toMatchObject({ code: 'module_name_duplicate' });
    expect(await definitions.findTemplateByWorkflowId({ ownerId: 'u', workflowId: 'w' })).toBeNull();
  });
});
