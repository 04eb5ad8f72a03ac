import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InteractionAnswer, WorkflowResponse } from '@wfm/workflow-engine/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleNames, loadExample } from './support/examples.ts';
import { accessKeyOf, call, freePort, type Program, startProgram } from './support/programs.ts';
import { playRecorded } from './support/recorded-run.ts';

/** R1: a server killed between any two answers, or in the middle of its work, loses nothing that it has acknowledged. */

const folder = mkdtempSync(join(tmpdir(), 'wfm-kill-'));
const env: Record<string, string> = { WFM_DATA_DIR: folder };
let server: Program;
let key: string;

beforeAll(async () => {
  env.WFM_PORT = String(await freePort());
  server = await startProgram('server', env);
  key = await accessKeyOf(server);
});

afterAll(async () => {
  expect(await server.end()).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

async function killAndRestart(): Promise<void> {
  expect(await server.end('SIGKILL')).toBe('SIGKILL');
  server = await startProgram('server', env);
}

const start = (definition: unknown, project: string) =>
  call<WorkflowResponse>(key, 'POST', `${server.url}/workflow/start`, {
    project_name: project,
    workflow_content: definition,
    confirm: true,
  });
const status = (runId: string) => call<WorkflowResponse>(key, 'GET', `${server.url}/workflow/${runId}/status`);
const respond = (runId: string, interactionId: string, answer: InteractionAnswer) =>
  call<WorkflowResponse>(key, 'POST', `${server.url}/workflow/respond`, {
    workflow_run_id: runId,
    interaction_id: interactionId,
    response: answer,
  });

interface LogEvent {
  seq: number;
  type: string;
  data: { interaction_id?: string };
}

async function log(runId: string): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for (;;) {
    const after = events.at(-1)?.seq ?? -1;
    const page = await call<{ items: LogEvent[] }>(
      key,
      'GET',
      `${server.url}/workflow/${runId}/events?after=${after}&limit=200`,
    );
    if (page.items.length === 0) return events;
    events.push(...page.items);
  }
}

describe.each(exampleNames)('the example %s', (name) => {
  it('R1 completes with its recorded answers though the server is killed before each of them', async () => {
    const { loaded, recorded } = await loadExample(name);
    const first = await start(loaded.resolved, 'killed between answers');
    const runId = first.workflow_run_id ?? '';
    let acknowledged = first;
    const done = await playRecorded(
      first,
      async (interactionId, answer) => {
        await killAndRestart();
        expect(await status(runId)).toEqual(acknowledged);
        acknowledged = await respond(runId, interactionId, answer);
        return acknowledged;
      },
      recorded,
    );
    expect(done.status).toBe('completed');
    await killAndRestart();
    expect(await status(runId)).toMatchObject({ status: 'completed', result: done.result });
    const events = await log(runId);
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index));
    const answered = events
      .filter((event) => event.type === 'interaction_response')
      .map((event) => event.data.interaction_id);
    expect(new Set(answered).size).toBe(answered.length);
  }, 120_000);
});

describe('a server killed while it works', () => {
  it('10.10.3 the run is taken up again when the lease of the dead has ended', async () => {
    const { loaded, recorded } = await loadExample('hello');
    const first = await start(loaded.resolved, 'killed at work');
    const runId = first.workflow_run_id ?? '';
    const answer = recorded.answers[0]?.answer ?? {};
    const reply = await fetch(`${server.url}/workflow/respond`, {
      method: 'POST',
      headers: { 'x-access-key': key, 'content-type': 'application/json', prefer: 'wait=0' },
      body: JSON.stringify({
        workflow_run_id: runId,
        interaction_id: first.interaction_request?.interaction_id,
        response: answer,
      }),
    });
    expect(reply.status).toBe(200);
    await killAndRestart();
    let now = await status(runId);
    for (let waited = 0; now.status === 'processing' && waited < 30_000; waited += 250) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      now = await status(runId);
    }
    expect(now).toMatchObject({ status: 'awaiting_input', progress: { current_module: 'pick_tagline' } });
  }, 60_000);
});
