import type { z } from 'zod';
import type { Diagnostic } from '../models/diagnostic.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';
import { type ModuleNode, moduleSchema, stepSchema, workflowSchema } from '../models/workflow.ts';
import { describeIssue, valueAt } from '../modules/describe-issue.ts';
import { checkJson } from './json-limits.ts';
import { at, formatPlace, type PlaceSegments } from './place.ts';
import { finding } from './report.ts';

const topSchema = workflowSchema.omit({ steps: true });
const stepHeadSchema = stepSchema.omit({ modules: true });

/** A module as far as it can be read; what has a wrong shape is left out and reported. */
export interface ModuleView {
  place: string;
  stepId: string;
  index: number;
  /** Effective name (format.md 2.3). */
  name: string;
  /** False when the name was derived from the module's id. */
  named: boolean;
  moduleId: string;
  node: ModuleNode;
}

export interface StepView {
  place: string;
  stepId: string;
  index: number;
  node: z.output<typeof stepHeadSchema>;
  modules: ModuleView[];
}

export interface DefinitionView {
  format: 1 | 2;
  /** Without its steps. */
  top: z.output<typeof topSchema>;
  steps: StepView[];
}

/**
 * Reads a resolved definition tolerantly: every fault of its shape is reported (format.md 2, structural codes of 24),
 * and what is sound can be checked further. No view when it is not an object at all or beyond a limit of its nesting.
 */
export function readDefinition(resolved: unknown): { view?: DefinitionView; faults: Diagnostic[] } {
  const faults = checkJson(resolved);
  if (faults.length > 0) return { faults };
  if (!isJsonObject(resolved)) {
    return { faults: [finding('definition_invalid', '', 'A workflow must be a JSON object.')] };
  }
  const { steps: _steps, ...head } = resolved;
  if (head['workflow_id'] === undefined) {
    faults.push(finding('workflow_id_missing', '', 'The workflow has no "workflow_id".'));
    head['workflow_id'] = 'missing';
  }
  const top = readNode(topSchema, head, '', faults) ?? {
    format: 1,
    workflow_id: 'missing',
    initial_state: {},
    config: {},
  };
  return { view: { format: top.format, top, steps: readSteps(resolved['steps'], faults) }, faults };
}

/** Parses one level; a wrong optional field is dropped, so that one fault does not hide the others. */
function readNode<S extends z.ZodObject>(
  schema: S,
  value: JsonObject,
  base: string,
  faults: Diagnostic[],
): z.output<S> | undefined {
  const first = schema.safeParse(value);
  if (first.success) return first.data;
  const kept = { ...value };
  for (const issue of first.error.issues) {
    const place = formatPlace(issue.path as PlaceSegments, base);
    const { text, params } = describeIssue(issue, valueAt(value, issue.path));
    faults.push(finding('definition_invalid', place, `"${place}" ${text}.`, { params }));
    delete kept[String(issue.path[0])];
  }
  const second = schema.safeParse(kept);
  return second.success ? second.data : undefined;
}

function readSteps(value: unknown, faults: Diagnostic[]): StepView[] {
  if (!Array.isArray(value)) {
    faults.push(finding('definition_invalid', 'steps', '"steps" must be a list of steps.'));
    return [];
  }
  if (value.length > limits.steps) {
    const params = { limit: limits.steps, actual: value.length };
    faults.push(
      finding('too_many_steps', 'steps', `A workflow may have ${limits.steps} steps; this one has ${value.length}.`, {
        params,
      }),
    );
  }
  const steps: StepView[] = [];
  const firstOf = new Map<string, string>();
  for (const [index, raw] of (value as unknown[]).slice(0, limits.steps).entries()) {
    const place = at('steps', index);
    const step = readStep(raw, index, place, faults);
    if (!step) continue;
    const earlier = firstOf.get(step.stepId);
    if (earlier !== undefined) {
      const params = { step_id: step.stepId, first: earlier };
      faults.push(
        finding('step_id_duplicate', `${place}.step_id`, `The step id "${step.stepId}" is taken by ${earlier}.`, {
          params,
        }),
      );
    } else firstOf.set(step.stepId, place);
    steps.push(step);
  }
  return steps;
}

function readStep(raw: unknown, index: number, place: string, faults: Diagnostic[]): StepView | undefined {
  if (!isJsonObject(raw)) {
    faults.push(finding('definition_invalid', place, `"${place}" must be an object.`));
    return undefined;
  }
  const { modules, ...head } = raw;
  const node = readNode(stepHeadSchema, head, place, faults) ?? { step_id: '' };
  const stepId = node.step_id;
  return { place, stepId, index, node, modules: readModules(modules, stepId, `${place}.modules`, faults) };
}

/** The modules of a step, or of a path of an execution group (format.md 20), with their effective names. */
export function readModules(value: unknown, stepId: string, base: string, faults: Diagnostic[]): ModuleView[] {
  if (!Array.isArray(value)) {
    faults.push(finding('definition_invalid', base, `"${base}" must be a list of modules.`));
    return [];
  }
  if (value.length > limits.modulesPerStep) {
    const params = { limit: limits.modulesPerStep, actual: value.length };
    const message = `A step may have ${limits.modulesPerStep} modules; this one has ${value.length}.`;
    faults.push(finding('too_many_modules', base, message, { params }));
  }
  const modules: ModuleView[] = [];
  for (const [index, raw] of (value as unknown[]).slice(0, limits.modulesPerStep).entries()) {
    const place = at(base, index);
    if (!isJsonObject(raw)) {
      faults.push(finding('definition_invalid', place, `"${place}" must be an object.`));
      continue;
    }
    const node = readNode(moduleSchema, raw, place, faults);
    if (!node) continue;
    modules.push({
      place,
      stepId,
      index,
      name: node.name ?? '',
      named: node.name !== undefined,
      moduleId: node.module_id,
      node,
    });
  }
  nameModules(modules, faults);
  return modules;
}

/** Rule 2.3: an absent name is the module's id, with `_` and the index behind it where that is taken. */
function nameModules(modules: ModuleView[], faults: Diagnostic[]): void {
  const taken = new Map<string, string>();
  const claim = (module: ModuleView, name: string): void => {
    const earlier = taken.get(name);
    if (earlier === undefined) taken.set(name, module.place);
    else {
      const params = { name, first: earlier };
      const message = `The module name "${name}" is taken by ${earlier}.`;
      faults.push(finding('module_name_duplicate', at(module.place, 'name'), message, { params }));
    }
  };
  for (const module of modules) if (module.named) claim(module, module.name);
  for (const module of modules) {
    if (module.named) continue;
    module.name = taken.has(module.moduleId) ? `${module.moduleId}_${module.index}` : module.moduleId;
    claim(module, module.name);
  }
}
