import type { CompiledModule } from '../definition/compile-version.ts';
import { resolveDeep } from '../definition/template/index.ts';
import type { JsonObject } from '../models/json.ts';
import type { Module, ModulePorts } from '../modules/module.ts';
import type { ModuleCall } from './answerer.ts';
import type { Started } from './outcome.ts';
import { modeOfModule, type RunIdentity } from './workflow-context.ts';

/** A call of a module that has begun, as an answerer sees it (format.md 10.3.2). */
export function callOf<M extends Module>(
  { run, flat }: { run: RunIdentity; flat: JsonObject },
  compiled: CompiledModule,
  module: M,
  { inputs, inputHash, attempt, context }: Started,
): ModuleCall<M> {
  return {
    compiled,
    module,
    inputs,
    seed: inputHash,
    mode: modeOfModule(run, compiled),
    attempt,
    callKey: context.idempotencyKey,
    signal: context.signal,
    mockOutput: () =>
      resolveDeep(compiled.node.mock_output, {
        roots: { state: flat, config: run.config },
        now: context.now,
        timezone: run.timezone,
        place: `${compiled.place}.mock_output`,
      }),
  };
}

/** The context with some ports replaced. */
export function withPorts(context: Started['context'], ports: Partial<ModulePorts> | undefined): Started['context'] {
  return ports ? { ...context, ports: { ...context.ports, ...ports } } : context;
}
