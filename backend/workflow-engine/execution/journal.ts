import type { CompiledVersion } from '../definition/compile-version.ts';
import { hasCode } from '../errors/index.ts';
import type { EventDraft, EventOf, RunEvent } from '../events/run-event.ts';
import type { CallRecord } from '../ports/call-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { ContentStore } from '../ports/content-store.ts';
import type { AppendEvents, CreateRun, KeptValue, RunRow, RunStore } from '../ports/run-store.ts';
import type { NewTask } from '../ports/task-queue.ts';
import { applyEvent, stateOfCreated } from './evolve.ts';
import { takeLargeValues } from './large-values.ts';
import { projectionOf } from './projection.ts';
import type { RunLoader } from './run-loader.ts';
import type { RunState } from './run-state.ts';

/** What a new run needs besides its events. */
export type NewRun = Pick<CreateRun, 'forceNew' | 'idempotencyKey' | 'claim'> & {
  row: Omit<CreateRun['run'], 'status' | 'progress' | 'status_fields' | 'error' | 'interaction_id' | 'updated_at'>;
};

/** Thrown by `flush` when a new run was not stored because another already stands for it. */
export class RunExists extends Error {
  readonly row: RunRow;
  constructor(row: RunRow) {
    super('the run exists');
    this.row = row;
  }
}

/** Thrown when somebody else has ended or left the line: whoever executes has to stop or begin again from the log. */
export class LineMoved extends Error {}

/**
 * The log as its one executor writes it: events are folded at once and stored at the next boundary, many in one append
 * (architecture.md 3.2). Only a holder of the lease has one.
 */
export class Journal {
  state: RunState;
  fence: number | null;
  readonly #stores: { runs: RunStore; content: ContentStore };
  readonly #loader: RunLoader;
  readonly #clock: Clock;
  readonly #version: CompiledVersion;
  readonly #timezone: string;
  #pending: RunEvent[] = [];
  #calls: CallRecord[] = [];
  #tasks: NewTask[] = [];
  #storedSeq: number;
  #creating: NewRun | null;
  #pendingSince = 0;
  #holdsEffect = false;
  readonly #created = Promise.withResolvers<void>();

  constructor(options: {
    stores: { runs: RunStore; content: ContentStore };
    loader: RunLoader;
    clock: Clock;
    version: CompiledVersion;
    timezone: string;
    state: RunState;
    fence: number | null;
    creating?: { run: NewRun; event: RunEvent };
  }) {
    this.#stores = options.stores;
    this.#loader = options.loader;
    this.#clock = options.clock;
    this.#version = options.version;
    this.#timezone = options.timezone;
    this.state = options.state;
    this.fence = options.fence;
    this.#creating = options.creating?.run ?? null;
    this.#storedSeq = options.creating ? -1 : options.state.lastSeq;
    if (options.creating) this.#pending.push(options.creating.event);
    else this.#created.resolve();
    this.#pendingSince = this.#clock.monotonicMs();
    this.#created.promise.catch(() => undefined);
  }

  /** Resolves when the run is stored; rejects with what kept it from being stored. */
  get created(): Promise<void> {
    return this.#created.promise;
  }

  /** False until the first append of a new run. */
  get isStored(): boolean {
    return this.#creating === null;
  }

  /** The last `seq` that the store has taken; -1 for none. */
  get storedSeq(): number {
    return this.#storedSeq;
  }

  /** Milliseconds for which the oldest pending event has been waiting; 0 when there is none. */
  get pendingMs(): number {
    return this.#pending.length === 0 ? 0 : this.#clock.monotonicMs() - this.#pendingSince;
  }

  /** True when the outcome of an effect waits to be stored: losing it would repeat the effect. */
  get holdsEffect(): boolean {
    return this.#holdsEffect;
  }

  /** The journal of a run that is not stored yet; the first flush creates it. */
  static create(
    options: Omit<ConstructorParameters<typeof Journal>[0], 'state' | 'fence' | 'creating'> & {
      run: NewRun;
      event: RunEvent & { type: 'workflow_created' };
    },
  ): Journal {
    const { run, event, ...rest } = options;
    return new Journal({ ...rest, state: stateOfCreated(event), fence: null, creating: { run, event } });
  }

  get pendingEvents(): number {
    return this.#pending.length;
  }

  /** Adds an event after those already there, and folds it. `time` is the clock's, unless the caller measured it. */
  push(draft: EventDraft, time: Date = this.#clock.now()): RunEvent {
    const event = {
      workflow_run_id: this.state.runId,
      branch_id: this.state.branchId,
      seq: this.state.lastSeq + 1,
      time: time.toISOString(),
      version_id: this.#version.versionId,
      ...draft,
    } as RunEvent;
    if (this.#pending.length === 0) this.#pendingSince = this.#clock.monotonicMs();
    applyEvent(this.state, { event });
    this.#pending.push(event);
    return event;
  }

  /** Says that what was pushed last is the outcome of an effect. */
  markEffect(): void {
    this.#holdsEffect = true;
  }

  /** Goes on in another state of the same run, everything pending being stored or given up: a new branch, a new head. */
  enter(state: RunState): void {
    this.#pending = [];
    this.#calls = [];
    this.#tasks = [];
    this.#holdsEffect = false;
    this.state = state;
    this.#storedSeq = state.lastSeq;
  }

  /** The `module_completed` that was pushed last and is not stored yet. */
  lastCompletion(): EventOf<'module_completed'>['data'] {
    const last = this.#pending.at(-1);
    if (last?.type !== 'module_completed') throw new TypeError('no module was completed last');
    return last.data;
  }

  /** Enqueues a task in the commit of what was pushed last. */
  enqueue(task: NewTask): void {
    this.#tasks.push(task);
  }

  recordCall(call: CallRecord): void {
    this.#calls.push(call);
  }

  /**
   * Stores what is pending in one append; with `release` the lease goes in the same commit. Throws `RunExists` when a
   * new run stands already, `LineMoved` when the line was ended or left meanwhile, and `lease_lost`.
   */
  async flush(options: { release?: boolean } = {}): Promise<void> {
    if (this.#pending.length === 0) {
      if (options.release && this.fence !== null)
        await this.#stores.runs.releaseLease({ runId: this.state.runId, fence: this.fence });
      return;
    }
    const values: KeptValue[] = [];
    const events = this.#pending.map((event) => takeLargeValues(event, (value) => values.push(value)));
    const projection = projectionOf(this.state, this.#version, { now: this.#clock.now(), timezone: this.#timezone });
    const release = options.release === true;
    if (this.#creating) {
      try {
        await this.#create(this.#creating, { events, values }, projection, release);
        this.#created.resolve();
      } catch (error) {
        this.#created.reject(error);
        throw error;
      }
    } else await this.#append({ events, values }, projection, release);
    if (release) this.fence = null;
    this.#pending = [];
    this.#calls = [];
    this.#tasks = [];
    this.#holdsEffect = false;
    this.#storedSeq = this.state.lastSeq;
  }

  async #create(
    creating: NewRun,
    { events, values }: { events: RunEvent[]; values: KeptValue[] },
    projection: AppendEvents['projection'],
    release: boolean,
  ): Promise<void> {
    const { active_name: _activeName, ...derived } = projection;
    const { row, claim, ...rest } = creating;
    const { created, run, fence } = await this.#stores.runs.create({
      ...rest,
      run: {
        ...row,
        status: derived.status ?? 'processing',
        progress: derived.progress ?? {
          current_step: null,
          current_module: null,
          completed_steps: [],
          total_steps: 0,
          step_index: 0,
        },
        status_fields: derived.status_fields ?? [],
        error: derived.error ?? null,
        interaction_id: derived.interaction_id ?? null,
        updated_at: this.#clock.now().toISOString(),
      },
      branch_id: this.state.branchId,
      events,
      calls: this.#calls,
      values,
      tasks: this.#tasks,
      // A run that already waits when it is stored needs no lease at all.
      ...(claim && !release ? { claim } : {}),
    });
    if (!created) throw new RunExists(run);
    this.#creating = null;
    this.fence = release ? null : fence;
  }

  async #append(
    { events, values }: { events: RunEvent[]; values: KeptValue[] },
    projection: AppendEvents['projection'],
    release: boolean,
  ): Promise<void> {
    const append = (list: RunEvent[], expectedSeq: number) =>
      this.#stores.runs.append({
        runId: this.state.runId,
        branchId: this.state.branchId,
        expectedSeq,
        events: list,
        projection,
        calls: this.#calls,
        values,
        tasks: this.#tasks,
        release,
        ...(this.fence === null ? {} : { fence: this.fence }),
      });
    try {
      await append(events, this.#storedSeq);
    } catch (error) {
      if (!hasCode(error, 'conflict')) throw error;
      await this.#rebase();
      await this.flush({ release });
    }
  }

  /**
   * Somebody else has appended (a sub-action, a cancel): folds the log again and puts the pending events after it. The
   * outcome of an effect is never thrown away while the line goes on.
   */
  async #rebase(): Promise<void> {
    const row = await this.#stores.runs.find({ runId: this.state.runId });
    if (row?.current_branch_id !== this.state.branchId) throw new LineMoved();
    this.#loader.forget(this.state.branchId);
    const head = await this.#loader.loadOwned(this.state.runId, this.state.branchId, row.last_seq);
    const others = await this.#stores.runs.readLine({
      runId: this.state.runId,
      branchId: this.state.branchId,
      afterSeq: this.#storedSeq,
      upToSeq: head.lastSeq,
    });
    // Anything but a sub-action or a task may have moved the run: what is pending was decided on what no longer holds.
    if (!others.every((event) => /^(sub_action|task)_/.test(event.type))) throw new LineMoved();
    const pending = this.#pending;
    this.#pending = [];
    this.#storedSeq = head.lastSeq;
    this.state = head;
    for (const event of pending) {
      const moved = { ...event, seq: this.state.lastSeq + 1 };
      applyEvent(this.state, { event: moved });
      this.#pending.push(moved);
    }
  }
}
