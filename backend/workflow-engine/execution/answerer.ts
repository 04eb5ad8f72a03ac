import type { CompiledModule } from '../definition/compile-version.ts';
import type { Origin, Warning } from '../events/run-event.ts';
import type { ExecutionMode } from '../models/execution.ts';
import type { JsonObject } from '../models/json.ts';
import type { CallableModule, Module, ModulePorts } from '../modules/module.ts';

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

/**
 * Who answers a module (format.md 10.3.2, 17.9). Production calls the module; a preview's answerer may mock it. The
 * engine treats whatever comes back alike.
 */
export interface Answerer {
  /** `run` calls the module; with ports of one's own in place of the real ones. */
  answer(call: ModuleCall, run: (ports?: Partial<ModulePorts>) => Promise<unknown>): Promise<Answered>;
  /** Outputs in place of a question; null: it is asked. Production always asks. */
  instead?(call: ModuleCall<Module>): Promise<Answered | null>;
  /**
   * How a preview answers a module, where that is not the run's mode: part of its input hash (format.md 10.6, 17.8).
   * `mock`, `real`, or a word for what is staged and a hash of it: `pinned:…`, `scenario:…`, `run+fault:…`.
   */
  modeOf?: (path: string) => string | undefined;
}

/** Calls the module, always. */
export const realAnswerer: Answerer = {
  async answer(_call, run) {
    return { outputs: await run(), origin: { kind: 'executed', reason: 'no_record' } };
  },
};
