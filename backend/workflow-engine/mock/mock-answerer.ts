import type { Answered, Answerer, ModuleCall } from '../execution/answerer.ts';
import { realAnswerer } from '../execution/answerer.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import type { Module } from '../modules/module.ts';
import { sampleValue } from '../schema/index.ts';
import { fitMockOutput } from './mock-output.ts';
import { generateOutputs } from './generate-outputs.ts';

/**
 * Answers modules in a preview (format.md 17.2). In mode `mock` an effect that would leave the house is answered by its
 * `mock_output`, else by the module's own mock data rules, else from its output schema; everything else runs for real.
 * The same call gets the same answer on any machine. Throws `mock_schema_unsupported` where no value fits a schema.
 */
export function createMockAnswerer(): Answerer {
  return {
    answer: async (call, run) => (isMocked(call) ? mockedAnswer(call) : realAnswerer.answer(call, run)),
    // A job with a `mock_output` needs no task; any other is worked on, by a mock worker.
    instead: async (call) => (call.mode === 'mock' && call.module.kind === 'job' ? writtenAnswer(call) : null),
    prepare: async ({ mode, schema, seed }, run) =>
      mode === 'mock' ? (sampleValue(schema, { seed }) as JsonObject) : run(),
  };
}

/** Kinds E that touch more than our own store (format.md 14); C, I and Es run for real on the throw-away stores. */
function isMocked({ mode, module }: ModuleCall): boolean {
  return mode === 'mock' && module.kind === 'effect' && module.ownStore !== true;
}

function mockedAnswer(call: ModuleCall): Answered {
  return (
    writtenAnswer(call) ?? {
      outputs: generateOutputs(call.module, call.inputs, call.seed),
      origin: { kind: 'mocked', reason: 'mock_generated' },
    }
  );
}

/** The definition's `mock_output`, if it has one. */
function writtenAnswer(call: ModuleCall<Module>): Answered | null {
  const written = call.mockOutput();
  if (!isJsonObject(written)) return null;
  const { outputs, warnings } = fitMockOutput(call, written);
  return { outputs, warnings, origin: { kind: 'mocked', reason: 'mock_output' } };
}
