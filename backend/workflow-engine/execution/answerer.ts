import type { CompiledModule } from '../definition/compile-version.ts';
import type { Origin, Warning } from '../events/run-event.ts';
import type { ExecutionMode } from '../models/execution.ts';
import type { JsonObject } from '../models/json.ts';
import type { CallableModule } from '../modules/module.ts';

/** One call of a module, as an answerer sees it. */
export interface ModuleCall {
  compiled: CompiledModule;
  module: CallableModule;
  inputs: JsonObject;
  /** The input hash. */
  seed: string;
  mode: ExecutionMode;
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
  answer(call: ModuleCall, run: () => Promise<unknown>): Promise<Answered>;
}

/** Calls the module, always. */
export const realAnswerer: Answerer = {
  async answer(_call, run) {
    return { outputs: await run(), origin: { kind: 'executed', reason: 'no_record' } };
  },
};
