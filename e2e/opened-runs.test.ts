import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VirtualWorkflowResponse, WorkflowResponse } from '@wfm/workflow-engine/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleNames, loadExample } from './support/examples.ts';
import { accessKeyOf, call, freePort, type Program, startProgram } from './support/programs.ts';
import { runCli } from './support/run-cli.ts';

/** A run of production, opened as a preview, carried on, exported, and done again at a terminal: over the real programs. */

interface Opened extends VirtualWorkflowResponse {
  definition: Record<string, unknown>;
}

describe('22 runs opened as previews', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wfm-opened-'));
  let server: Program;
  let virtual: Program;
  let key: string;

  beforeAll(async () => {
    const env = {
      WFM_DATA_DIR: join(folder, 'data'),
      WFM_PORT: String(await freePort()),
      WFM_VIRTUAL_PORT: String(await freePort()),
    };
    server = await startProgram('server', env);
    virtual = await startProgram('virtual-server', env);
    key = await accessKeyOf(server);
  });

  afterAll(async () => {
    expect(await Promise.all([server.end(), virtual.end()])).toEqual([0, 0]);
    rmSync(folder, { recursive: true, force: true });
  });

  const post = <T>(program: Program, path: string, body: unknown): Promise<T> =>
    call<T>(key, 'POST', `${program.url}${path}`, body);

  /** A run of production that got these answers. */
  async function played(workflow: unknown, answers: readonly { answer: unknown }[]): Promise<WorkflowResponse> {
    let at = await post<WorkflowResponse>(server, '/workflow/start', {
      project_name: 'opened',
      workflow_content: workflow,
      confirm: true,
      force_new: true,
    });
    for (const { answer } of answers) {
      at = await post<WorkflowResponse>(server, '/workflow/respond', {
        workflow_run_id: at.workflow_run_id,
        interaction_id: at.interaction_request?.interaction_id,
        response: answer,
      });
    }
    return at;
  }

  async function replayed(
    virtual_db: string,
    name: string,
  ): Promise<{ code: number; stdout: string; differs: string[] }> {
    const exported = await post<{ preview: unknown; differs: string[] }>(virtual, '/workflow/export', { virtual_db });
    const file = join(folder, `${name}.preview.json`);
    writeFileSync(file, JSON.stringify(exported.preview));
    const { code, stdout } = await runCli(['replay', file]);
    return { code, stdout, differs: exported.differs };
  }

  it.each(exampleNames)('%s goes on from where production was, and is done again by wfm replay', async (name) => {
    const { loaded, recorded } = await loadExample(name);
    const at = await played(loaded.resolved, recorded.answers.slice(0, 1));
    const opened = await post<Opened>(virtual, '/workflow/open', { workflow_run_id: at.workflow_run_id });
    expect(opened).toMatchObject({ status: at.status, branch_id: at.branch_id, last_seq: at.last_seq });
    const again = await post<Opened>(virtual, '/workflow/start', {
      workflow: opened.definition,
      virtual_db: opened.virtual_db,
    });
    expect(again).toMatchObject({ branch_id: at.branch_id, last_seq: at.last_seq });
    expect(await replayed(opened.virtual_db, `${name}-opened`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^The same: \d+ events\./m) as string,
    });
    const done = await post<Opened>(virtual, '/workflow/start', {
      workflow: opened.definition,
      virtual_db: opened.virtual_db,
      answers: 'sample',
    });
    expect(done.status).toBe('completed');
    const { code, differs } = await replayed(done.virtual_db, `${name}-done`);
    // The address of a mock is of the server that draws it.
    expect([code, differs.filter((at) => !at.startsWith('poster/'))]).toEqual([0, []]);
  });

  it('22 a file that was changed is told apart, with the module', async () => {
    const [name = ''] = exampleNames;
    const at = await played((await loadExample(name)).loaded.resolved, []);
    const opened = await post<Opened>(virtual, '/workflow/open', { workflow_run_id: at.workflow_run_id });
    const done = await post<Opened>(virtual, '/workflow/start', {
      workflow: opened.definition,
      virtual_db: opened.virtual_db,
      answers: 'sample',
    });
    expect((await replayed(done.virtual_db, 'changed')).code).toBe(0);
    const file = join(folder, 'changed.preview.json');
    const preview = JSON.parse(readFileSync(file, 'utf8')) as { events: { type: string; data: { reason?: string } }[] };
    const started = preview.events.find(({ type }) => type === 'module_started');
    Object.assign(started?.data ?? {}, { reason: 'forced' });
    writeFileSync(file, JSON.stringify(preview));
    const { code, stdout } = await runCli(['replay', file]);
    expect(code).toBe(1);
    expect(stdout).toContain('module_started');
  });
});
