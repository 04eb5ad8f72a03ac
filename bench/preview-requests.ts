import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { openDatabase, systemClock } from '@wfm/db';
import { secretHash } from '@wfm/http';
import { composeVirtualServer, readConfig } from '@wfm/virtual-server';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { median } from './measure.ts';
import type { Figure } from './table.ts';
import { many, modelStep, workflowOf } from './workflows.ts';

type Workflow = Record<string, unknown>;
type Preview = Awaited<ReturnType<typeof openServer>>['preview'];

/**
 * An edit near the end of a preview with mock data as the editor makes it: one request with the snapshot that came with
 * the last answer. Against the same request without one, which runs everything, in the same process: time, and modules
 * executed. And what a snapshot takes, a module.
 */
export async function benchPreviewRequests(folder: string, scale: number): Promise<Figure[]> {
  const { preview, close } = await openServer(folder);
  const rounds = Math.max(5, Math.round(30 * scale));
  const figures: Figure[] = [];
  await warmUp(preview);
  for (const modules of [20, 100, 200]) {
    const base = workflow(modules, 'ok');
    const { virtual_db } = (await preview(base, null)).answer;
    const taken = { edit: [] as number[], whole: [] as number[] };
    const executed = { edit: 0, whole: 0 };
    for (let round = 0; round < rounds; round += 1) {
      const next = workflow(modules, `word ${round}`);
      const edit = await preview(next, virtual_db);
      const whole = await preview(next, null);
      taken.edit.push(edit.ms);
      taken.whole.push(whole.ms);
      executed.edit = executedIn(edit.answer);
      executed.whole = executedIn(whole.answer);
    }
    const figure = (name: string, value: number, unit: Figure['unit']): void =>
      void figures.push({ name: `${name}, ${modules} modules`, value, unit });
    figure('edit to result', median(taken.edit), 'ms');
    figure('edit against a full re-run: time', median(taken.edit) / median(taken.whole), 'ratio');
    figure('edit against a full re-run: modules executed', executed.edit / executed.whole, 'ratio');
    figure('snapshot, a module', virtual_db.length / modules, 'bytes');
  }
  await close();
  return figures;
}

/** The first requests of a process measure the compiler. */
async function warmUp(preview: Preview): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    const { answer } = await preview(workflow(100, 'ok'), null);
    await preview(workflow(100, `word ${round}`), answer.virtual_db);
  }
}

function workflow(modules: number, word: string): Workflow {
  const list = many(modelStep, modules);
  Object.assign(list[modules - 2]?.inputs ?? {}, { input: `say ${word}, {{ state.seed }}` });
  return workflowOf(list);
}

function executedIn({ plan }: VirtualWorkflowResponse): number {
  return plan.filter(({ action }) => action === 'executed' || action === 'mocked').length;
}

/** The preview server as it is composed, over a database with one user in it. */
async function openServer(folder: string) {
  mkdirSync(folder, { recursive: true });
  const key = `wfk_${randomBytes(32).toString('base64url')}`;
  const created_at = new Date().toISOString();
  const database = await openDatabase({ dataDir: folder, clock: systemClock(), role: 'owner' });
  const user = { user_id: 'bench', email: 'bench@example.org', name: 'Bench', role: 'member' } as const;
  await database.users.create({
    user: { ...user, password_hash: null, disabled: false, token_version: 0, created_at },
  });
  const row = { key_id: 'key', user_id: 'bench', label: '', prefix: 'wfk_', created_at };
  await database.users.addAccessKey({ key: { ...row, sha256: secretHash(key), expires_at: null, last_used_at: null } });
  const env = { WFM_DATA_DIR: folder, WFM_LOG_LEVEL: 'silent', WFM_LLM_PROVIDER: 'local' };
  const server = await composeVirtualServer(readConfig(env), env);
  return {
    /** What a request took until its answer was there; reading it is the client's. */
    async preview(
      workflow: Workflow,
      virtual_db: string | null,
    ): Promise<{ answer: VirtualWorkflowResponse; ms: number }> {
      const startedAt = performance.now();
      const reply = await server.app.inject({
        method: 'POST',
        url: '/workflow/start',
        headers: { 'x-access-key': key },
        payload: { workflow, virtual_db },
      });
      const ms = performance.now() - startedAt;
      if (reply.statusCode !== 200) throw new Error(`a preview failed: ${reply.body}`);
      return { answer: reply.json<VirtualWorkflowResponse>(), ms };
    },
    async close() {
      await server.close();
      await database.close();
    },
  };
}
