import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { WorkerSettings } from './worker-process.ts';

const script = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

/** Worker processes of one queue, ready to begin. */
export interface Crew {
  /** Resolves once all of them work. */
  go(): Promise<void>;
  /** The next wait that one of them tells. */
  nextWait(): Promise<number>;
  stop(): Promise<void>;
}

export async function hire(count: number, settings: WorkerSettings): Promise<Crew> {
  let heard: (waitedMs: number) => void = () => undefined;
  const workers = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, [script, JSON.stringify(settings)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const ended = once(child, 'exit');
    const ready = said(child, 'ready');
    const working = said(child, 'working');
    // Asked for at `go`; a worker that dies before is told of by `ready`.
    working.catch(() => undefined);
    child.on('message', (message: { waitedMs?: number }) => {
      if (message.waitedMs !== undefined) heard(message.waitedMs);
    });
    return { child, ended, ready, working };
  });
  await Promise.all(workers.map(({ ready }) => ready));
  return {
    async go() {
      for (const { child } of workers) child.send('go');
      await Promise.all(workers.map(({ working }) => working));
    },
    nextWait: () =>
      new Promise((resolve) => {
        heard = resolve;
      }),
    async stop() {
      for (const { child } of workers) child.send('stop');
      await Promise.all(workers.map(({ ended }) => ended));
    },
  };
}

function said(child: ChildProcess, what: 'ready' | 'working'): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: object) => {
      if (what in message) resolve();
    });
    child.once('exit', (code) => reject(new Error(`a worker of the bench ended with ${code}`)));
  });
}
