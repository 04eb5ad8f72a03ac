import type { CompiledVersion } from '../definition/compile-version.ts';
import { hasCode, WfmError } from '../errors/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';
import { execute, type Stop } from './execute.ts';
import { type Journal, LineMoved, RunExists } from './journal.ts';
import type { Target } from './next.ts';
import type { PerformDeps } from './begin-module.ts';
import type { Outcome } from './response.ts';
import type { RunLoader } from './run-loader.ts';
import type { Setbacks } from './setbacks.ts';
import { Wake } from './wake.ts';
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
  /** This process shall give the run up, whatever else has interrupted the work. */
  leaving: boolean;
}

/** Why live work was told to stop although its run goes on: the process ends, or the run returns to another branch. */
class ExecutorLeaves extends Error {}

/** The runs that this process executes now, one execution each, with their leases kept alive. */
export class Executions {
  readonly #live = new Map<string, Live>();
  readonly #deps: PerformDeps;
  readonly #runs: RunStore;
  readonly #loader: RunLoader;
  readonly #clock: Clock;
  readonly #lease: { ttlMs: number; renewMs: number };
  readonly #setbacks: Setbacks;
  readonly #onFault: (error: unknown, runId: string) => void;
  #closing = false;

  constructor(options: {
    deps: PerformDeps;
    runs: RunStore;
    loader: RunLoader;
    clock: Clock;
    lease: { ttlMs: number; renewMs: number };
    setbacks: Setbacks;
    onFault: (error: unknown, runId: string) => void;
  }) {
    this.#deps = options.deps;
    this.#runs = options.runs;
    this.#loader = options.loader;
    this.#clock = options.clock;
    this.#lease = options.lease;
    this.#setbacks = options.setbacks;
    this.#onFault = options.onFault;
  }

  /** True once this process ends: it takes nothing up any more. */
  get closing(): boolean {
    return this.#closing;
  }

  has(runId: string): boolean {
    return this.#live.has(runId);
  }

  /** Executes and waits as long as the caller is patient; the execution goes on without it, unless it is a preview's. */
  async run(work: Work & { caller: Patience }): Promise<Outcome> {
    const { caller, identity } = work;
    const began = this.#clock.monotonicMs();
    const live = this.begin(work);
    // Nobody may answer for a run that is not stored: its start waits for the first append, however short the patience.
    await Promise.race([live.done, work.journal.created]);
    const outcome = await this.#wait(live, caller);
    if (outcome.stop !== 'lease_lost') return outcome;
    const waitMs = Math.max(0, caller.waitMs - (this.#clock.monotonicMs() - began));
    return this.settle(identity.runId, { ...caller, waitMs });
  }

  /** Begins to execute in the background. */
  begin(work: Work & { caller?: Patience }): Live {
    const { journal, identity, caller } = work;
    const live: Live = {
      controller: new AbortController(),
      done: Promise.resolve('waiting'),
      leaving: this.#closing,
    };
    if (live.leaving) live.controller.abort(new ExecutorLeaves());
    const stopRenewing = this.#keepLease(journal, (reason) => live.controller.abort(reason));
    live.done = this.#execute(work, live).finally(() => {
      stopRenewing();
      if (this.#live.get(identity.runId) === live) this.#live.delete(identity.runId);
    });
    live.done.then(
      (stop) => {
        if (stop !== 'lease_lost') this.#setbacks.clear(identity.runId);
      },
      (error: unknown) => {
        const heard = error instanceof RunExists || hasCode(error, 'shutting_down') || caller?.signal?.aborted === true;
        if (heard) return;
        this.#setbacks.note(identity.runId);
        this.#onFault(error, identity.runId);
      },
    );
    this.#live.set(identity.runId, live);
    return live;
  }

  async #execute({ journal, version, identity, caller }: Work & { caller?: Patience }, live: Live): Promise<Stop> {
    for (;;) {
      const own = live.controller.signal;
      try {
        const stop = await execute({
          deps: this.#deps,
          runs: this.#runs,
          loader: this.#loader,
          clock: this.#clock,
          journal,
          version,
          run: identity,
          signal: caller?.signal ? AbortSignal.any([own, caller.signal]) : own,
          ...(caller?.target ? { target: caller.target } : {}),
          ...(caller?.until === undefined ? {} : { until: caller.until }),
        });
        if (stop === 'lease_lost') this.#loader.forget(journal.state.branchId);
        return stop;
      } catch (error) {
        if (error instanceof ExecutorLeaves) return this.#leave(journal);
        if (!(error instanceof LineMoved)) throw error;
        // A command of this process has ended or left the line: its event is stored; go on from the log.
        live.controller = new AbortController();
        if (live.leaving) live.controller.abort(new ExecutorLeaves());
        const row = await this.#runs.find({ runId: identity.runId });
        if (!row) return 'ended';
        journal.enter(await this.#loader.loadOwned(identity.runId, row.current_branch_id, row.last_seq));
        // Another version has modules and a configuration that this execution does not know.
        if (journal.state.versionId !== version.versionId) return this.#leave(journal);
      }
    }
  }

  /** Stores what is done and gives the lease back, so that another process goes on at once. */
  async #leave(journal: Journal): Promise<Stop> {
    if (!journal.isStored) throw new WfmError('shutting_down', 'The server is shutting down; nothing was started.');
    try {
      await journal.flush({ release: true });
    } catch (error) {
      if (hasCode(error, 'lease_lost')) return 'lease_lost';
      if (!(error instanceof LineMoved)) throw error;
      journal.enter(journal.state);
      await journal.flush({ release: true });
    }
    return 'waiting';
  }

  /** Ends the module that is being performed: the line was ended or left. */
  interrupt(runId: string): void {
    this.#live.get(runId)?.controller.abort(new LineMoved());
  }

  /** Ends live work of this process for good: what is done is stored, and the lease is free for somebody else. */
  async leave(runId: string): Promise<void> {
    const live = this.#live.get(runId);
    if (!live) return;
    this.#end(live);
    await live.done.catch(() => undefined);
  }

  #end(live: Live): void {
    live.leaving = true;
    live.controller.abort(new ExecutorLeaves());
  }

  /** Waits until a run that somebody executes, here or elsewhere, needs someone; at most as long as the caller is patient. */
  async settle(runId: string, caller: Patience): Promise<Outcome> {
    const began = this.#clock.monotonicMs();
    const patience = (): number => caller.waitMs - (this.#clock.monotonicMs() - began);
    const live = this.#live.get(runId);
    if (live) {
      const outcome = await this.#wait(live, caller);
      if (outcome.unfinished || outcome.stop === 'target_reached' || outcome.stop === 'limit') return outcome;
    }
    // Watching begins before the row is read: a change in between rings, and is not slept through.
    const wake = new Wake();
    const stop = this.#runs.watch(runId, () => wake.ring());
    const onAbort = (): void => wake.ring();
    caller.signal?.addEventListener('abort', onAbort);
    try {
      for (;;) {
        wake.reset();
        caller.signal?.throwIfAborted();
        const row = await this.#runs.find({ runId });
        if (row?.status !== 'processing') return {};
        // A lease that was held for nothing was given back without an event: whoever came meanwhile has to see to it.
        if (row.executor === null) return { free: true };
        const left = patience();
        if (left <= 0) return { unfinished: true };
        await wake.wait(left === Number.POSITIVE_INFINITY ? undefined : left);
      }
    } finally {
      stop();
      caller.signal?.removeEventListener('abort', onAbort);
    }
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
    for (const live of all) this.#end(live);
    await Promise.allSettled(all.map((live) => live.done));
  }
}
