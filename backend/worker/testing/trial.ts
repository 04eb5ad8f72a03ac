// oxlint-disable-next-line no-restricted-imports -- what a kill does to a worker shows only from outside
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openDatabase, systemClock } from '@wfm/db';
import { MEDIA_ACTOR, type MediaTask } from '@wfm/workflow-engine/models';
import type { Database, TaskRow } from '@wfm/workflow-engine/ports';
import { sampleGeneration, sampleTask, startSample } from '@wfm/workflow-engine/testing';
import type { FakeVendor } from './fake-vendor.ts';
import type { WorkerSettings } from './worker-process.ts';

const script = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

/** Leases that a test can wait for. */
const quick: WorkerSettings['timings'] = {
  leaseMs: 600,
  heartbeatMs: 150,
  sweepMs: 150,
  idleMs: 20,
  progressMs: 100,
  drainMs: 3000,
};

export interface WorkerProcess {
  child: ChildProcess;
  /** What it has logged so far. */
  lines: string[];
  /** Resolves once it works. */
  working: Promise<void>;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string>;
}

/** Worker processes on one real file against one vendor. */
export interface Trial {
  database: Database;
  start(changes?: Partial<WorkerSettings>): WorkerProcess;
  /** Enqueues orders, each with its pending record. */
  order(count: number, changes?: { prompt?: string; userId?: (index: number) => string }): Promise<TaskRow[]>;
  /** Waits until no task is queued or leased. */
  allEnded(timeoutMs: number): Promise<void>;
  rows(tasks: readonly TaskRow[]): Promise<TaskRow[]>;
  /** Stops a process by SIGSTOP, but never inside a commit: one that is stopped there holds the file against all others. */
  stop(worker: WorkerProcess): Promise<void>;
  /** Every row of every table as it is on disk, oldest first. */
  dump(): Record<string, unknown[]>;
  /** Ends every process and removes the file. */
  close(): Promise<void>;
}

export async function startTrial(vendor: FakeVendor): Promise<Trial> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wfm-worker-'));
  const database = await openDatabase({ dataDir, clock: systemClock(), role: 'owner' });
  const processes: WorkerProcess[] = [];
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  return {
    database,
    start(changes = {}) {
      const settings: WorkerSettings = {
        dataDir,
        vendorUrl: vendor.url,
        atOnce: 1000,
        slots: 4,
        mayRepeat: true,
        pollAfterMs: 20,
        timings: quick,
        ...changes,
      };
      const started = startProcess(JSON.stringify(settings));
      processes.push(started);
      return started;
    },
    async order(count, { prompt = 'a house', userId = () => 'user-1' } = {}) {
      const place = await startSample(database.runs);
      return Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const generation = sampleGeneration(place, { provider: 'acme', user_id: userId(index) });
          await database.media.create({ generation });
          const payload: MediaTask = {
            metadata_id: generation.metadata_id,
            workflow_run_id: place.runId,
            provider: 'acme',
            action_type: 'txt2img',
            model: null,
            prompt: prompt === '' ? userId(index) : prompt,
            params: {},
            inputs: [],
            crop_region: null,
            prompt_id: 'p1',
            prompt_key: 'acme:p1',
          };
          return database.tasks.enqueue(sampleTask(place, { actor: MEDIA_ACTOR, user_id: userId(index), payload }));
        }),
      );
    },
    async allEnded(timeoutMs) {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const counts = await database.tasks.counts();
        if (!counts.some(({ status }) => status === 'queued' || status === 'leased')) return;
        if (performance.now() > deadline) throw new Error(`tasks have not ended: ${JSON.stringify(counts)}`);
        await sleep(50);
      }
    },
    async rows(tasks) {
      const rows = await Promise.all(tasks.map(({ task_id: taskId }) => database.tasks.find({ taskId })));
      return rows.flatMap((row) => (row ? [row] : []));
    },
    async stop({ child }) {
      for (;;) {
        child.kill('SIGSTOP');
        if (canWrite(join(dataDir, 'wfm.sqlite'))) return;
        child.kill('SIGCONT');
        await sleep(20);
      }
    },
    dump() {
      const file = new DatabaseSync(join(dataDir, 'wfm.sqlite'), { readOnly: true });
      const all = (sql: string): Record<string, unknown>[] => file.prepare(sql).all();
      const tables = all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
      const dumped = tables.map(({ name }) => [String(name), all(`SELECT * FROM ${String(name)}`)] as const);
      file.close();
      return Object.fromEntries(dumped);
    },
    async close() {
      for (const { child } of processes) child.kill('SIGKILL');
      await Promise.all(processes.map(({ ended }) => ended));
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function startProcess(settings: string): WorkerProcess {
  const child = spawn(process.execPath, [script, settings], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const working = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    working.resolve();
  });
  const ended = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return { child, lines, working: working.promise, ended };
}

/** False where somebody holds the file's write lock and does not let go. */
function canWrite(path: string): boolean {
  const file = new DatabaseSync(path);
  try {
    file.exec('PRAGMA busy_timeout = 500; BEGIN IMMEDIATE; ROLLBACK');
    return true;
  } catch {
    return false;
  } finally {
    file.close();
  }
}
