import { Worker } from 'node:worker_threads';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { Job, JobReply } from './jobs.ts';

export interface ThreadPool {
  /**
   * Does a job in a thread and gives its bytes. An abort ends the thread at once and throws the signal's reason; a job
   * that fails throws `provider_failed`.
   */
  run(job: Job, signal: AbortSignal): Promise<Uint8Array>;
  /** Ends all threads; what they were doing fails. */
  close(): Promise<void>;
}

/** A thread that has had nothing to do for so long is ended: libraries and fonts take memory. */
const idleMs = 20_000;

/** At most `size` threads, started when needed; they keep no process alive. */
export function createThreadPool(size: number): ThreadPool {
  const idle: Worker[] = [];
  const waiting: (() => void)[] = [];
  const all = new Set<Worker>();
  const timers = new Map<Worker, NodeJS.Timeout>();
  let busy = 0;

  const retire = async (thread: Worker): Promise<void> => {
    clearTimeout(timers.get(thread));
    timers.delete(thread);
    all.delete(thread);
    const at = idle.indexOf(thread);
    if (at !== -1) idle.splice(at, 1);
    await thread.terminate();
  };
  const take = (): Worker => {
    const known = idle.pop();
    if (known !== undefined) {
      clearTimeout(timers.get(known));
      return known;
    }
    // An empty environment: a thread renders and needs none of the process's settings.
    const thread = new Worker(new URL('./job-thread.ts', import.meta.url), { env: {}, execArgv: [] });
    all.add(thread);
    return thread;
  };
  const giveBack = (thread: Worker): void => {
    thread.unref();
    idle.push(thread);
    const timer = setTimeout(() => void retire(thread), idleMs);
    timer.unref();
    timers.set(thread, timer);
  };

  return {
    run: async (job, signal) => {
      signal.throwIfAborted();
      await turn(signal);
      const thread = take();
      thread.ref();
      try {
        const reply = await ask(thread, job, signal);
        giveBack(thread);
        if (!reply.ok) throw failed(reply.message, job.kind);
        return reply.data;
      } catch (thrown) {
        if (!idle.includes(thread)) await retire(thread);
        throw thrown;
      } finally {
        const next = waiting.shift();
        if (next === undefined) busy -= 1;
        else next();
      }
    },
    close: async () => {
      await Promise.all([...all].map(retire));
    },
  };

  /** Waits until a thread may be used; whoever has waited longest is next. */
  async function turn(signal: AbortSignal): Promise<void> {
    if (busy < size) {
      busy += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(signal.reason);
      };
      // The place is handed over, so `busy` stays what it is.
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      waiting.push(enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}

function ask(thread: Worker, job: Job, signal: AbortSignal): Promise<JobReply> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      // One by one: without arguments it would take away what the worker itself listens for.
      for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (thrown: unknown): void => {
      done();
      reject(thrown);
    };
    const onAbort = (): void => fail(signal.reason);
    thread.once('message', (reply: JobReply) => {
      done();
      resolve(reply);
    });
    thread.once('error', (thrown: unknown) => fail(failed(thrown instanceof Error ? thrown.message : '', job.kind)));
    thread.once('exit', () => fail(failed('its thread ended', job.kind)));
    signal.addEventListener('abort', onAbort, { once: true });
    thread.postMessage(job, []);
  });
}

function failed(message: string, kind: string): WfmError {
  return new WfmError('provider_failed', `The local renderer could not finish this ${kind}: ${message.slice(0, 200)}`, {
    params: { provider: 'local', reason: 'job', kind },
  });
}
