import { LRUCache } from 'lru-cache';
import type { EventOf, EventType, RunEvent } from '../events/run-event.ts';
import { limits } from '../models/limits.ts';
import type { ContentStore } from '../ports/content-store.ts';
import type { RunStore } from '../ports/run-store.ts';
import { applyEvent, stateOfCreated } from './evolve.ts';
import { leastJsonBytes, readLargeValues } from './large-values.ts';
import {
  copyState,
  type EventPointer,
  type HydratedEvent,
  parseState,
  type RunState,
  serialiseState,
} from './run-state.ts';

const PAGE = 1000;
/** Folds kept in this process, counted in their modules: about 700 runs of 30. Each is validated against the log's head. */
const KEPT_MODULES = 20_000;
/** No checkpoint before so many events: reading them costs less than writing one. */
const CHECKPOINT_EVENTS = 200;

/** Reads logs and folds them, from the newest checkpoint or from what this process folded last. */
export class RunLoader {
  readonly #runs: RunStore;
  readonly #content: ContentStore;
  readonly #kept = new LRUCache<string, RunState>({
    maxSize: KEPT_MODULES,
    sizeCalculation: (state) => 1 + state.modules.size,
  });
  readonly #checkpoints = new LRUCache<string, { seq: number; bytes: number }>({ max: 1000 });

  constructor(stores: { runs: RunStore; content: ContentStore }) {
    this.#runs = stores.runs;
    this.#content = stores.content;
  }

  /** The fold of a line up to `upToSeq`, to be read and never changed. Throws `branch_not_found`. */
  async load(runId: string, branchId: string, upToSeq: number): Promise<RunState> {
    const kept = this.#kept.get(branchId);
    if (kept?.runId === runId && kept.lastSeq === upToSeq) return kept;
    const state = await this.#read(runId, branchId, upToSeq, await this.#start(runId, branchId, upToSeq));
    if (!kept || kept.lastSeq < state.lastSeq) this.keep(state);
    return state;
  }

  /** Folds the rest of a line onto a state that the caller owns, or onto nothing. */
  async #read(runId: string, branchId: string, upToSeq: number, start: RunState | null): Promise<RunState> {
    let state = start;
    for (;;) {
      const events = await this.#runs.readLine({
        runId,
        branchId,
        afterSeq: state?.lastSeq ?? -1,
        upToSeq,
        limit: PAGE,
      });
      for (const event of events) {
        const item = await this.hydrate(event, state);
        if (state) applyEvent(state, item);
        else if (event.type === 'workflow_created') state = stateOfCreated(event);
      }
      if (events.length < PAGE) break;
    }
    if (!state) throw new TypeError(`the line of branch ${branchId} is empty`);
    return state;
  }

  /** The same, as a copy that the caller owns and folds on. */
  async loadOwned(runId: string, branchId: string, upToSeq: number): Promise<RunState> {
    return copyState(await this.load(runId, branchId, upToSeq));
  }

  async #start(runId: string, branchId: string, upToSeq: number): Promise<RunState | null> {
    const kept = this.#kept.get(branchId);
    if (kept && kept.runId === runId && kept.lastSeq <= upToSeq) return copyState(kept);
    const checkpoint = await this.#runs.loadCheckpoint({ runId, branchId, upToSeq });
    return checkpoint ? parseState(checkpoint.state) : null;
  }

  /**
   * Makes a stored event ready to be folded: large values read back, and for a fork the fold of the line that was left.
   * `before` is the fold up to the event; the line that was left shares it, so only its rest is read. Without that a
   * chain of forks would be folded once for each way through it.
   */
  async hydrate(event: RunEvent, before: RunState | null = null): Promise<HydratedEvent> {
    if (event.type !== 'branch_created' || event.data.state_seq === undefined) {
      return { event: await readLargeValues(this.#content, event) };
    }
    const { parent_branch_id: parentId, state_seq: stateSeq } = event.data;
    const kept = this.#kept.get(parentId);
    const left =
      before && kept?.lastSeq !== stateSeq
        ? await this.#read(event.workflow_run_id, parentId, stateSeq, copyState(before))
        : await this.load(event.workflow_run_id, parentId, stateSeq);
    return { event, left };
  }

  /** One event of a line, large values read back. Throws a TypeError when it is of another type. */
  async readEvent<T extends EventType>(runId: string, at: EventPointer, type: T): Promise<EventOf<T>> {
    const { branchId, seq } = at;
    const [stored] = await this.#runs.readLine({ runId, branchId, afterSeq: seq - 1, upToSeq: seq });
    if (stored?.type !== type) throw new TypeError(`event ${seq} of the line is not ${type}`);
    return (await readLargeValues(this.#content, stored)) as EventOf<T>;
  }

  /** Keeps a fold for the next load. The caller gives it up: nobody may change it any more. */
  keep(state: RunState): void {
    this.#kept.set(state.branchId, state);
  }

  forget(branchId: string): void {
    this.#kept.delete(branchId);
  }

  /**
   * Writes a checkpoint when the log has grown, since the last one, by as much as a checkpoint costs. So the total cost
   * of checkpoints stays proportional to the log, and a cold load reads at most about twice the state's size.
   */
  async checkpoint(state: RunState): Promise<void> {
    const last = this.#checkpoints.get(state.branchId) ?? { seq: 0, bytes: 0 };
    const grown = state.lastSeq - last.seq;
    if (grown < CHECKPOINT_EVENTS || grown * 512 < last.bytes) return;
    if (leastJsonBytes(state.flat, limits.snapshotInflated) > limits.snapshotInflated) return;
    const text = serialiseState(state);
    this.#checkpoints.set(state.branchId, { seq: state.lastSeq, bytes: text.length });
    await this.#runs.saveCheckpoint({
      runId: state.runId,
      checkpoint: { branch_id: state.branchId, seq: state.lastSeq, state: text },
    });
  }
}
