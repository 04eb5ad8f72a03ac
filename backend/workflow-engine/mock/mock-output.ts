import type { Warning } from '../events/run-event.ts';
import type { ModuleCall } from '../execution/answerer.ts';
import { limits } from '../models/limits.ts';
import type { JsonObject } from '../models/json.ts';
import { describeIssue, valueAt } from '../modules/describe-issue.ts';
import type { Module } from '../modules/module.ts';
import { generateOutputs, sayTheSame } from './generate-outputs.ts';

/**
 * An author's `mock_output` as the outputs of a call (format.md 17.2). An output of the wrong type is replaced, with
 * the warning `mock_output_invalid`; required outputs that the author left out are filled in silently.
 */
export function fitMockOutput(
  call: ModuleCall<Module>,
  written: JsonObject,
): { outputs: JsonObject; warnings: Warning[] } {
  const { module, inputs, seed } = call;
  const outputs: JsonObject = { ...written };
  const warnings: Warning[] = [];
  const missing = new Set<string>();
  for (const issue of module.outputs.safeParse(written).error?.issues ?? []) {
    const name = String(issue.path[0] ?? '');
    if (Object.hasOwn(module.outputs.shape, name)) missing.add(name);
    if (!Object.hasOwn(written, name)) continue;
    delete outputs[name];
    if (warnings.length < limits.warningsPerModule)
      warnings.push(warningOf(call, issue.path, describe(issue, written)));
  }
  if (missing.size === 0) return { outputs, warnings };
  Object.assign(
    outputs,
    generateOutputs(module, inputs, seed, (name) => missing.has(name)),
  );
  return { outputs: sayTheSame(outputs, (name) => missing.has(name)), warnings };
}

/**
 * Pinned or staged outputs, with those filled in that the module promises and nobody wrote; what is written stays as it
 * is, right or wrong.
 */
export function fillOutputs({ module, inputs, seed }: ModuleCall<Module>, written: JsonObject): JsonObject {
  const issues = module.outputs.safeParse(written).error?.issues ?? [];
  const missing = new Set(issues.map((issue) => String(issue.path[0])).filter((name) => !Object.hasOwn(written, name)));
  if (missing.size === 0) return written;
  return { ...generateOutputs(module, inputs, seed, (name) => missing.has(name)), ...written };
}

function describe(issue: Parameters<typeof describeIssue>[0], written: JsonObject): string {
  return describeIssue(issue, valueAt(written, issue.path)).text;
}

function warningOf({ compiled }: ModuleCall<Module>, path: readonly PropertyKey[], fault: string): Warning {
  const output = path.map(String).join('.');
  return {
    code: 'mock_output_invalid',
    params: { output },
    place: `${compiled.place}.mock_output`,
    message: `The mock output "${output}" ${fault}. A generated one takes its place.`,
  };
}
