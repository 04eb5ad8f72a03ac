import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import type { Engine } from '../compose.ts';

const LOOK_MS = 500;
/** A worker promises to stop within 10 s (R15). */
const STOP_WAIT_MS = 12_000;

/** Waits for the background work of a run at a terminal, with a worker of its own that lives as long as this. */
export interface BackgroundTasks {
  /** The answer once the run waits for no task any more; the given one where it waits for none. */
  after(response: WorkflowResponse): Promise<WorkflowResponse>;
  stop(): Promise<void>;
}

/** `show` is told what a task says of itself. The worker is started with the first task. */
export function backgroundTasks(engine: Engine, dataDir: string, show: (message: string) => void): BackgroundTasks {
  const { processor, database, userId } = engine;
  let worker: ChildProcess | undefined;
  return {
    async after(response) {
      const runId = response.workflow_run_id;
      if (response.status !== 'awaiting_task' || runId === null) return response;
      worker ??= startWorker(dataDir);
      let shown = '';
      for (;;) {
        const status = (await database.runs.find({ runId }))?.status;
        if (status !== 'awaiting_task' && status !== 'processing') return processor.status({ runId, userId });
        if (worker.exitCode !== null) throw new Error('The worker has ended; see the message above.');
        const latest = (await database.tasks.listOfRun({ runId })).at(-1)?.progress?.message ?? shown;
        if (latest !== shown) show(latest);
        shown = latest;
        await changeOf(engine, runId);
      }
    },
    async stop() {
      if (!worker || worker.exitCode !== null) return;
      const child = worker;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), STOP_WAIT_MS);
      await ended;
      clearTimeout(insist);
    },
  };
}

/** The channel ends the worker should this process be killed. */
function startWorker(dataDir: string): ChildProcess {
  const file = fileURLToPath(new URL('../../worker/worker.ts', import.meta.url));
  return spawn(process.execPath, ['--disable-proto=delete', file], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, WFM_DATA_DIR: dataDir, WFM_WORKER_PORT: '' },
  });
}

/** Until the run has changed, or there may be news of its task. */
async function changeOf({ database }: Engine, runId: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, LOOK_MS);
    const unwatch = database.runs.watch(runId, done);
    function done(): void {
      clearTimeout(timer);
      unwatch();
      resolve();
    }
  });
}
