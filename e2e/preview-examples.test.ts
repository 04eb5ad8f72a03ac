import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRegistry, standardModules } from '@wfm/workflow-engine';
import { compileVersion } from '@wfm/workflow-engine/definition';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleNames, loadExample, mediaExampleNames } from './support/examples.ts';
import { eventsOf, previewHost } from './support/hosts.ts';
import { accessKeyOf, call, freePort, type Program, startProgram } from './support/programs.ts';
import { playRecorded } from './support/recorded-run.ts';

/** The preview server as the editor uses it: mock data, up to any module, nothing in production. */

const folder = mkdtempSync(join(tmpdir(), 'wfm-preview-'));
const registry = createRegistry(standardModules);
let server: Program;
let virtual: Program;
let key: string;

beforeAll(async () => {
  const env = { WFM_DATA_DIR: folder, WFM_PORT: String(await freePort()), WFM_VIRTUAL_PORT: String(await freePort()) };
  server = await startProgram('server', env);
  virtual = await startProgram('virtual-server', env);
  key = await accessKeyOf(server);
});

afterAll(async () => {
  expect(await Promise.all([server.end(), virtual.end()])).toEqual([0, 0]);
  rmSync(folder, { recursive: true, force: true });
});

describe.each([...exampleNames, ...mediaExampleNames])('a preview of %s', (name) => {
  it('17.2 completes with its recorded answers and mock data', async () => {
    const { loaded, recorded } = await loadExample(name);
    const run = await previewHost(virtual.url, key, { mock: true }).begin(loaded.resolved);
    const last = await playRecorded(run.first, run.respond, recorded);
    expect(last).toMatchObject({ mode: 'mock', status: 'target_reached' });
    expect((await run.log()).join('\n')).toContain('"kind":"mocked"');
  }, 60_000);

  it('10.8 reaches every module as a target, going past questions by sample answers', async () => {
    const { loaded } = await loadExample(name);
    const { steps } = compileVersion(loaded.resolved, loaded.versionId, registry);
    for (const target of steps.flatMap((step) => step.modules)) {
      const response = await call<WorkflowResponse & { virtual_db: string; state: Record<string, unknown> }>(
        key,
        'POST',
        `${virtual.url}/workflow/start`,
        {
          workflow: loaded.resolved,
          virtual_db: null,
          target_step_id: target.stepId,
          target_module_name: target.name,
          answers: 'sample',
        },
      );
      // A question that is itself the target is what the author wants to see.
      const asks = target.module?.kind === 'interactive';
      const outcome = { target: target.path, status: response.status, error: response.error };
      expect(outcome).toEqual({
        target: target.path,
        status: asks ? 'awaiting_input' : 'target_reached',
        error: undefined,
      });
      const reached = eventsOf(response.virtual_db).findLast((event) => event.module_name !== undefined);
      expect([reached?.step_id, reached?.module_name, reached?.type]).toEqual([
        target.stepId,
        target.name,
        asks ? 'interaction_requested' : 'module_completed',
      ]);
    }
  }, 120_000);

  it('leaves nothing in production', async () => {
    expect(await call(key, 'GET', `${server.url}/workflows`)).toMatchObject({ items: [] });
    // The shipped examples are everybody's from the start.
    const { items } = await call<{ items: { is_global: boolean }[] }>(key, 'GET', `${server.url}/workflow-templates`);
    expect(items.filter(({ is_global }) => !is_global)).toEqual([]);
  });
});
