import type { CompiledModule } from '../definition/compile-version.ts';
import { type StoredError, toStoredError } from '../errors/index.ts';
import type { EventOf } from '../events/run-event.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import type { Module, ModuleContext, PortName } from '../modules/module.ts';
import { parseOutputs } from '../modules/parse-inputs.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from './journal.ts';
import { mapOutputs } from './state-mapping.ts';
import type { Traces } from './workflow-context.ts';

/** A module that has begun: everything its outcome needs. */
export interface Started {
  module: Module;
  inputs: JsonObject;
  inputHash: string;
  attempt: number;
  /** Monotonic, ms. */
  startedAt: number;
  context: ModuleContext<PortName>;
  traces: Traces;
  /** Why it runs (format.md 10.9), and for `inputs_changed` which inputs. */
  why: { reason: string; inputs?: string[] };
}

/** Puts a module's outputs, checked, and what they map to into the journal. Throws `output_invalid`, `value_too_large`. */
export function completeModule(
  clock: Clock,
  journal: Journal,
  compiled: CompiledModule,
  started: Started,
  raw: unknown,
  origin: EventOf<'module_completed'>['data']['origin'],
): void {
  const outputs = parseOutputs(started.module, isJsonObject(raw) ? raw : {});
  const data: EventOf<'module_completed'>['data'] = {
    outputs,
    state_mapped: mapOutputs(compiled.node.outputs_to_state, outputs, journal.state.flat),
    input_hash: started.inputHash,
    origin,
    duration_ms: Math.round(clock.monotonicMs() - started.startedAt),
    warnings: started.traces.warnings,
  };
  if (started.traces.usage) data.usage = started.traces.usage;
  journal.push({
    type: 'module_completed',
    step_id: compiled.stepId,
    module_name: compiled.name,
    attempt: started.attempt,
    data,
  });
}

/** Puts a module's failure into the journal; the run is then in `error`, with everything before it kept. */
export function failModule(journal: Journal, compiled: CompiledModule, thrown: unknown, attempt: number): void {
  const error = placed(
    toStoredError(thrown, { place: compiled.place, module_id: compiled.moduleId, attempt }),
    compiled,
  );
  const where = { step_id: compiled.stepId, module_name: compiled.name, attempt };
  journal.push({ type: 'module_error', ...where, data: { error, attempt, transient: error.transient } });
  journal.push({ type: 'workflow_error', ...where, data: { error } });
}

/** A module names places within itself (`inputs.data`); whoever reads the error needs the place in the definition. */
function placed(error: StoredError, compiled: CompiledModule): StoredError {
  const whole = (place: string): string => (/^(inputs|outputs)\b/.test(place) ? `${compiled.place}.${place}` : place);
  return {
    ...error,
    ...(error.place === undefined ? {} : { place: whole(error.place) }),
    ...(error.errors ? { errors: error.errors.map((item) => ({ ...item, path: whole(item.path) })) } : {}),
  };
}

/** Hands the calls that a module made to the journal, once. */
export function keepCalls(journal: Journal, traces: Traces): void {
  for (const record of traces.calls) journal.recordCall(record);
  traces.calls = [];
}
