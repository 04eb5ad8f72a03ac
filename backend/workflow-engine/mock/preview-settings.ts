import { z } from 'zod';
import type { CompiledVersion } from '../definition/compile-version.ts';
import { nearest } from '../definition/nearest.ts';
import { WfmError } from '../errors/index.ts';
import { childPaths } from '../execution/sub-action/child-definition.ts';
import { interactionAnswerSchema } from '../models/interaction.ts';
import { jsonObjectSchema } from '../models/json.ts';

/** What a preview may change about single modules (format.md 17.7, 17.8). It stands beside a workflow, never in it. */

/** `step_id/module_name`, as everywhere. */
const pathSchema = z.string().regex(/^[^/]+\/.+$/, 'Name a module as step_id/module_name');

export const modesSchema = z
  .record(pathSchema, z.union([z.enum(['mock', 'real']), z.strictObject({ pinned: jsonObjectSchema })]))
  .describe('How single modules are answered, over `mock`: mocked, for real, or with pinned outputs');
export type Modes = z.infer<typeof modesSchema>;

export const faults = ['timeout', 'rate_limited', 'malformed', 'slow', 'worker_lost'] as const;
export type Fault = (typeof faults)[number];

const scenarioEntrySchema = z.strictObject({
  output: jsonObjectSchema.optional().describe('The outputs'),
  answer: interactionAnswerSchema.optional().describe('The answer to its question'),
  fail: z.enum(faults).optional().describe('What goes wrong at its port'),
  times: z.number().int().min(1).max(100).optional().describe('How often it fails, or is answered; once by default'),
});
export type ScenarioEntry = z.infer<typeof scenarioEntrySchema>;

export const scenarioSchema = z
  .strictObject({ name: z.string().max(200), modules: z.record(pathSchema, scenarioEntrySchema) })
  .describe('A named course of events: outputs, answers and faults of single modules');
export type Scenario = z.infer<typeof scenarioSchema>;

export interface PreviewSettings {
  modes?: Modes | undefined;
  scenario?: Scenario | undefined;
}

/**
 * Refuses settings that name a module which the version lacks: `module_not_found`, with the place in the request. A module
 * of a sub-action is named by the sub-action's id and its own name.
 */
export function checkPreviewSettings(version: CompiledVersion, { modes, scenario }: PreviewSettings): void {
  const own = version.steps.flatMap((step) => step.modules.map((module) => module.path));
  const known = [...own, ...childPaths(version)];
  const check = (paths: object, place: string): void => {
    for (const path of Object.keys(paths)) {
      if (known.includes(path)) continue;
      const like = nearest(path, known);
      const hint = like === undefined ? `Known modules: ${known.slice(0, 20).join(', ')}.` : `Did you mean "${like}"?`;
      throw new WfmError('module_not_found', `The workflow has no module "${path}". ${hint}`, {
        params: { path, known: known.slice(0, 100) },
        place: `${place}[${JSON.stringify(path)}]`,
      });
    }
  };
  check(modes ?? {}, 'modes');
  check(scenario?.modules ?? {}, 'scenario.modules');
}
