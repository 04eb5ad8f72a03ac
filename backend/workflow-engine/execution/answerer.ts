import type { CompiledModule } from '../definition/compile-version.ts';
import type { Origin, Warning } from '../events/run-event.ts';
import type { ExecutionMode } from '../models/execution.ts';
import type { JsonObject } from '../models/json.ts';
import type { CallableModule, InteractiveModule, Module, ModulePorts } from '../modules/module.ts';
import type { TaskRow } from '../ports/task-queue.ts';

/** One call of a module, as an answerer sees it. */
export interface ModuleCall<M extends Module = CallableModule> {
  compiled: CompiledModule;
  module: M;
  inputs: JsonObject;
  /** The input hash. */
  seed: string;
  mode: ExecutionMode;
  /** Deliberate tries so far, this one counted. */
  attempt: number;
  /** The same for every try within one attempt on one branch. */
  callKey: string;
  signal: AbortSignal;
  /** `mock_output` of the definition, rendered against state; undefined where there is none. */
  mockOutput(): unknown;
}

export interface Answered {
  outputs: unknown;
  origin: Origin;
  warnings?: Warning[];
}

/** Whoever watches a task that is done in the process itself. */
export interface TaskWatch {
  signal: AbortSignal;
  progress(message: string, percent?: number): void;
}

/**
 * Who answers a module (format.md 10.3.2, 17.9). Production calls the module; a preview's answerer may mock it. The
 * engine treats whatever comes back alike.
 */
export interface Answerer {
  /** `run` calls the module; with ports of one's own in place of the real ones. */
  answer(call: ModuleCall, run: (ports?: Partial<ModulePorts>) => Promise<unknown>): Promise<Answered>;
  /** What a question needs before it can be asked, in place of `run`; production runs it. */
  prepare?(
    call: ModuleCall<InteractiveModule> & { schema: JsonObject },
    run: () => Promise<JsonObject>,
  ): Promise<JsonObject>;
  /**
   * Does a task in this process, in place of a worker; its result, or a throw (format.md 21). Production has workers.
   */
  work?(task: TaskRow, watch: TaskWatch): Promise<JsonObject>;
  /** Outputs in place of a question or a job; null: it is asked, or enqueued. Production always does. */
  instead?(call: ModuleCall<Module>): Promise<Answered | null>;
  /**
   * How a preview answers a module, where that is not the run's mode: part of its input hash (format.md 10.6, 17.8).
   * `mock`, `real`, or a word for what is staged and a hash of it: `pinned:…`, `scenario:…`, `run+fault:…`. In the
   * preview of an opened run `new:mock` or `new:real`: so it runs from now on, and what the run has on record holds.
   * `referred`: the module of the workflow that a child run's module stands for, where it does (format.md 13).
   */
  modeOf?: (path: string, referred?: string) => string | undefined;
  /** Tells the calls of a copy of a run from those of the run itself: part of their idempotency keys (format.md 22). */
  copy?: string;
}

/** Calls the module, always. */
export const realAnswerer: Answerer = {
  async answer(_call, run) {
    return { outputs: await run(), origin: { kind: 'executed', reason: 'no_record' } };
  },
};
