import type { CompiledVersion } from '../definition/compile-version.ts';
import { WfmError } from '../errors/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';
import { execute, type Stop } from './execute.ts';
import { type Journal, LineMoved, RunExists } from './journal.ts';
import type { Target } from './next.ts';
import type { PerformDeps } from './perform.ts';
import type { Outcome } from './response.ts';
import type { RunLoader } from './run-loader.ts';
import type { RunIdentity } from './workflow-context.ts';

interface Work {
  journal: Journal;
  version: CompiledVersion;
  identity: RunIdentity;
}

interface Patience {
  waitMs: number;
  target?: Target;
  signal?: AbortSignal;
  until?: number;
}

interface Live {
  controller: AbortController;
  done: Promise<Stop>;
}

/** Why live work was told to stop although its run goes on: the process ends. */
class ProcessEnds extends Error {}

/** The runs that this process executes now, one execution each, with their leases kept alive. */
export class Executions {
  readonly #live = new Map<string, Live>();
  readonly #deps: PerformDeps;
  readonly #runs: RunStore;
  readonly #loader: RunLoader;
  readonly #clock: Clock;
  readonly #lease: { ttlMs: number; renewMs: number };
  readonly #onFault: (error: unknown, runId: string) => void;
  #closing = false;

  constructor(options: {
    deps: PerformDeps;
    runs: RunStore;
    loader: RunLoader;
    clock: Clock;
    lease: { ttlMs: number; renewMs: number };
    onFault: (error: unknown, runId: string) => void;
  }) {
    this.#deps = options.deps;
    this.#runs = options.runs;
    this.#loader = options.loader;
    this.#clock = options.clock;
    this.#lease = options.lease;
    this.#onFault = options.onFault;
  }

  has(runId: string): boolean {
    return this.#live.has(runId);
  }

  /** Executes and waits as long as the caller is patient; the execution goes on without it, unless it is a preview's. */
  async run(work: Work & { caller: Patience }): Promise<Outcome> {
    const live = this.begin(work);
    // Nobody may answer for a run that is not stored: its start waits for the first append, however short the patience.
    await Promise.race([live.done, work.journal.created]);
    return this.#wait(live, work.caller);
  }

  /** Begins to execute in the background. */
  begin(work: Work & { caller?: Patience }): Live {
    const { journal, version, identity, caller } = work;
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(caller?.signal?.reason);
    caller?.signal?.addEventListener('abort', onAbort, { once: true });
    if (caller?.signal?.aborted) onAbort();
    if (this.#closing) controller.abort(new ProcessEnds());
    const stopRenewing = this.#keepLease(journal, (reason) =>
      (this.#live.get(identity.runId)?.controller ?? controller).abort(reason),
    );
    const done = this.#execute({ journal, version, run: identity, controller, caller }).finally(() => {
      stopRenewing();
      caller?.signal?.removeEventListener('abort', onAbort);
      if (this.#live.get(identity.runId)?.done === done) this.#live.delete(identity.runId);
    });
    done.catch((error: unknown) => {
      if (!(error instanceof RunExists)) this.#onFault(error, identity.runId);
    });
    const live = { controller, done };
    this.#live.set(identity.runId, live);
    return live;
  }

  async #execute(options: {
    journal: Journal;
    version: CompiledVersion;
    run: RunIdentity;
    controller: AbortController;
    caller: Patience | undefined;
  }): Promise<Stop> {
    const { journal, version, run, controller, caller } = options;
    let signal = controller.signal;
    for (;;) {
      try {
        const stop = await execute({
          deps: this.#deps,
          runs: this.#runs,
          loader: this.#loader,
          clock: this.#clock,
          journal,
          version,
          run,
          signal,
          ...(caller?.target ? { target: caller.target } : {}),
          ...(caller?.until === undefined ? {} : { until: caller.until }),
        });
        if (stop === 'lease_lost') this.#loader.forget(journal.state.branchId);
        return stop;
      } catch (error) {
        if (error instanceof ProcessEnds) {
          await journal.flush({ release: true });
          return 'waiting';
        }
        if (!(error instanceof LineMoved)) throw error;
        // A command of this process has ended or left the line: its event is stored; go on from the log.
        const row = await this.#runs.find({ runId: run.runId });
        if (!row) return 'ended';
        const fresh = new AbortController();
        const live = this.#live.get(run.runId);
        if (live) live.controller = fresh;
        signal = caller?.signal ? AbortSignal.any([fresh.signal, caller.signal]) : fresh.signal;
        journal.enter(await this.#loader.loadOwned(run.runId, row.current_branch_id, row.last_seq));
      }
    }
  }

  /** Ends the module that is being performed: the line was ended or left. */
  interrupt(runId: string): void {
    this.#live.get(runId)?.controller.abort(new LineMoved());
  }

  /** Waits until a run that somebody executes, here or elsewhere, needs someone; at most as long as the caller is patient. */
  async settle(runId: string, caller: Patience): Promise<Outcome> {
    const live = this.#live.get(runId);
    if (live) return this.#wait(live, caller);
    const until = this.#clock.monotonicMs() + caller.waitMs;
    for (;;) {
      const row = await this.#runs.find({ runId });
      if (row?.status !== 'processing') return {};
      const left = until - this.#clock.monotonicMs();
      if (left <= 0) return { unfinished: true };
      await this.#change(runId, Math.min(left, this.#lease.ttlMs));
    }
  }

  async #change(runId: string, ms: number): Promise<void> {
    const changed = Promise.withResolvers<void>();
    const stop = this.#runs.watch(runId, () => changed.resolve());
    const timer = setTimeout(() => changed.resolve(), ms);
    await changed.promise;
    clearTimeout(timer);
    stop();
  }

  async #wait(live: Live, caller: Patience): Promise<Outcome> {
    if (caller.waitMs === Number.POSITIVE_INFINITY) return { stop: await live.done };
    const timer = new AbortController();
    const patience = new Promise<'patience'>((resolve) => {
      const handle = setTimeout(() => resolve('patience'), caller.waitMs);
      timer.signal.addEventListener('abort', () => clearTimeout(handle));
    });
    const first = await Promise.race([live.done, patience]);
    timer.abort();
    return first === 'patience' ? { unfinished: true } : { stop: first };
  }

  #keepLease(journal: Journal, abort: (reason: Error) => void): () => void {
    const timer = setInterval(() => {
      const { fence } = journal;
      if (fence === null) return;
      this.#runs
        .renewLease({ runId: journal.state.runId, fence, ttlMs: this.#lease.ttlMs })
        .then((kept) => {
          if (!kept && journal.fence === fence)
            abort(new WfmError('lease_lost', 'Another process executes this run now.'));
        })
        // The lease outlives a few failed renewals; if it does not, the next append says so.
        .catch((error: unknown) => this.#onFault(error, journal.state.runId));
    }, this.#lease.renewMs);
    timer.unref();
    return () => clearInterval(timer);
  }

  /** Ends all live work of this process at the next point where nothing is lost. */
  async close(): Promise<void> {
    this.#closing = true;
    const all = [...this.#live.values()];
    for (const live of all) live.controller.abort(new ProcessEnds());
    await Promise.allSettled(all.map((live) => live.done));
  }
}
