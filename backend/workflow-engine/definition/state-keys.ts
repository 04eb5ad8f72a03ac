import { isWfmError } from '../errors/index.ts';
import { isJsonObject } from '../models/json.ts';
import type { ModuleRegistry } from '../modules/registry.ts';
import { displayTemplates } from './check-templates.ts';
import { type CheckedModule, flattenModules, probeInputs } from './checked-module.ts';
import { planRendered, templatesOf } from './input-plan.ts';
import { at } from './place.ts';
import { type DefinitionView, readDefinition } from './read-definition.ts';
import { parseTemplate, readsOf } from './template/index.ts';

interface StateUse {
  /** The literal parts of the path below `state`; the first is the root key. */
  path: string[];
  place: string;
  /** Absent for the definition's own fields. */
  step_id?: string;
  module_name?: string;
  /** Position of the module in the order of execution; -1 before the first, `modules` after the last. */
  order: number;
}

/** A place that sets a key of flat state (format.md 7). */
export interface StateWrite extends StateUse {
  /** `output`: the module's raw outputs under its name (7.2). `child`: seen by sub-actions only. */
  by: 'initial_state' | 'output' | 'mapping' | 'sub_action' | 'child';
  /** The output that is mapped. */
  output?: string;
  /** False for raw outputs under a name that the author did not choose. */
  named: boolean;
  /** Place of the execution group of whose paths only one runs. */
  group?: string;
}

/** A place that reads flat state. */
export interface StateRead extends StateUse {
  /** `client`: by a template that is rendered where the question is shown; `late`: whenever the run is looked at. */
  by: 'template' | 'module' | 'client' | 'late';
  /** The author reckons with its absence. */
  guarded: boolean;
  /** In the template, from 1. */
  line?: number;
  column?: number;
}

export interface StateAnalysis {
  /** In order of execution. */
  writes: StateWrite[];
  reads: StateRead[];
}

/**
 * Which module writes and reads which keys of flat state, in order (architecture.md 3.7). Takes any resolved
 * definition, sound or not; templates that cannot be parsed read nothing.
 */
export function analyseState(resolved: unknown, registry: ModuleRegistry): StateAnalysis {
  const { view } = readDefinition(resolved);
  if (!view) return { writes: [], reads: [] };
  return analyseModules(view, flattenModules(view, registry, []));
}

/** The same for modules that are at hand. */
export function analyseModules(view: DefinitionView, modules: readonly CheckedModule[]): StateAnalysis {
  const writes: StateWrite[] = Object.keys(view.top.initial_state).map((key) => ({
    path: [key],
    place: at('initial_state', key),
    order: -1,
    by: 'initial_state',
    named: true,
  }));
  const reads: StateRead[] = [];
  for (const module of modules) {
    writes.push(...writesOf(module));
    reads.push(...readsOfModule(module));
  }
  for (const [index, field] of (view.top.status_display?.fields ?? []).entries()) {
    const use = { place: `status_display.fields[${index}].value`, order: modules.length };
    reads.push(...readsOfTemplate(field.value, use, 'late'));
  }
  return { writes, reads };
}

function useOf(module: CheckedModule, place: string): Omit<StateUse, 'path'> {
  return { place, step_id: module.stepId, module_name: module.name, order: module.order };
}

function writesOf(module: CheckedModule): StateWrite[] {
  const { node, place, name, named, group } = module;
  const common = { named: true, ...(group === undefined ? {} : { group }) };
  const writes: StateWrite[] = [{ ...useOf(module, place), ...common, path: [name], by: 'output', named }];
  for (const [output, target] of Object.entries(node.outputs_to_state)) {
    const here = at(at(place, 'outputs_to_state'), output);
    writes.push({ ...useOf(module, here), ...common, path: target.split('.'), by: 'mapping', output });
  }
  for (const [index, subAction] of (node.sub_actions ?? []).entries()) {
    const here = at(at(place, 'sub_actions'), index);
    const { result_mapping: mapping, feedback } = subAction;
    for (const [entry, { target }] of (Array.isArray(mapping) ? mapping : []).filter(isJsonObject).entries()) {
      if (typeof target !== 'string') continue;
      const at_ = at(at(here, 'result_mapping'), entry);
      writes.push({ ...useOf(module, at_), ...common, path: target.split('.'), by: 'sub_action' });
    }
    if (isJsonObject(feedback) && typeof feedback['state_key'] === 'string') {
      writes.push({ ...useOf(module, at(here, 'feedback')), ...common, path: [feedback['state_key']], by: 'child' });
    }
  }
  return writes;
}

function readsOfModule(module: CheckedModule): StateRead[] {
  const reads = module.plans.flatMap(([, plan]) =>
    [...templatesOf(plan)].flatMap(({ source, place }) => readsOfTemplate(source, useOf(module, place), 'template')),
  );
  for (const [index, addon] of (module.node.addons ?? []).entries()) {
    const plan = planRendered(addon['inputs'], at(at(at(module.place, 'addons'), index), 'inputs'));
    for (const { source, place } of templatesOf(plan))
      reads.push(...readsOfTemplate(source, useOf(module, place), 'template'));
  }
  for (const name of module.module?.displaySchemaInputs ?? []) {
    for (const { source, place } of displayTemplates(module.node.inputs[name], at(module.inputsPlace, name), false)) {
      reads.push(...readsOfTemplate(source, useOf(module, place), 'client'));
    }
  }
  for (const key of keysReadBy(module)) {
    reads.push({ ...useOf(module, module.inputsPlace), path: key.split('.'), by: 'module', guarded: false });
  }
  return reads;
}

function keysReadBy({ module, plans }: CheckedModule): string[] {
  try {
    return module?.readsState?.(probeInputs(plans)) ?? [];
  } catch {
    // Inputs of a wrong type are reported as such.
    return [];
  }
}

function readsOfTemplate(source: string, use: Omit<StateUse, 'path'>, by: StateRead['by']): StateRead[] {
  try {
    return readsOf(parseTemplate(source))
      .filter(({ root, path }) => root === 'state' && path.length > 0)
      .map(({ path, guarded, line, column }) => ({ ...use, path, by, guarded, line, column }));
  } catch (thrown) {
    if (isWfmError(thrown)) return [];
    throw thrown;
  }
}
