import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, systemClock } from '@wfm/db';
import { sampleTask, startSample } from '@wfm/workflow-engine/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compose, type Program } from './compose.ts';
import { readConfig } from './config.ts';
import { createLog } from './utils/log.ts';

let dataDir: string;
let program: Program | undefined;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wfm-worker-'));
});
afterEach(async () => {
  await program?.health.close();
  await program?.close();
  program = undefined;
  rmSync(dataDir, { recursive: true, force: true });
});

const lines: string[] = [];
const log = createLog('info', (line) => lines.push(line));
const composed = async () => {
  program = await compose(readConfig({ WFM_DATA_DIR: dataDir }), {}, log);
  return program;
};

test('the program waits for a database, looks after it, and tells what it knows on its port', async () => {
  const database = await openDatabase({ dataDir, clock: systemClock(), role: 'owner' });
  const place = await startSample(database.runs, { status: 'completed' });
  const task = await database.tasks.enqueue(sampleTask(place));
  await database.tasks.cancel({ taskId: task.task_id });
  const { worker, health } = await composed();
  const port = await health.listen(0, '127.0.0.1');
  const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method });
  expect(await (await get('/health')).json()).toMatchObject({ service: 'worker' });
  expect(await (await get('/metrics')).text()).toContain('wfm_tasks{provider="acme",status="cancelled"} 1');
  expect((await get('/')).status).toBe(404);
  expect((await get('/health', 'POST')).status).toBe(405);
  await worker.sweep();
  expect(await database.tasks.unsettled({ limit: 10 })).toEqual([]);
  expect(lines.join('\n')).toContain('cleared up after tasks');
  await database.close();
});

test('a worker that is told to stop while it waits ends at once', async () => {
  await (await openDatabase({ dataDir, clock: systemClock(), role: 'owner' })).close();
  const { worker } = await composed();
  const run = worker.run();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const since = performance.now();
  await worker.stop();
  await run;
  expect(performance.now() - since).toBeLessThan(1000);
});
