import { isJsonObject, type JsonObject } from '../models/json.ts';
import type { Diagnostic } from '../models/diagnostic.ts';
import type { Module } from '../modules/module.ts';
import type { ModuleRegistry } from '../modules/registry.ts';
import { type InputPlan, planInputs, probeOf } from './input-plan.ts';
import { at, parsePlace } from './place.ts';
import { type DefinitionView, type ModuleView, readModules } from './read-definition.ts';

/** The id of the node that holds alternatives (format.md 20); no module of that name is ever called. */
export const groupModuleId = 'pipeline.execution_groups';

/** A module of a definition with all that its checks ask for. */
export interface CheckedModule extends ModuleView {
  module: Module | undefined;
  format: 1 | 2;
  stepName: string;
  /** Place of its `inputs`. */
  inputsPlace: string;
  plans: [string, InputPlan][];
  /** Position in the order of execution, over all steps. */
  order: number;
  /** Place of the execution group it is an alternative of. */
  group?: string;
}

/** Inputs as far as a definition shows them: typed nodes as text, templates as their source. */
export function probeInputs(plans: readonly [string, InputPlan][]): JsonObject {
  return Object.fromEntries(plans.map(([name, plan]) => [name, probeOf(plan)]));
}

/** A module as its checks see it. */
export function checkedModule(
  view: ModuleView,
  context: { format: 1 | 2; registry: ModuleRegistry; stepName: string; order: number; group?: string | undefined },
): CheckedModule {
  const { format, registry, stepName, order, group } = context;
  const module = registry.find(view.moduleId);
  const inputsPlace = at(view.place, 'inputs');
  const plans = planInputs(view.node.inputs, module, format, inputsPlace);
  const checked: CheckedModule = { ...view, module, format, stepName, inputsPlace, plans, order };
  if (group !== undefined) checked.group = group;
  return checked;
}

/** All modules in the order of execution, those of execution groups in place of their group. */
export function flattenModules(view: DefinitionView, registry: ModuleRegistry, faults: Diagnostic[]): CheckedModule[] {
  const modules: CheckedModule[] = [];
  for (const step of view.steps) {
    const stepName = step.node.name ?? step.stepId;
    const add = (module: ModuleView, group?: string): void => {
      modules.push(checkedModule(module, { format: view.format, registry, stepName, order: modules.length, group }));
    };
    for (const module of step.modules) {
      add(module);
      if (module.moduleId !== groupModuleId) continue;
      for (const inner of groupModules(module, faults)) add(inner, module.place);
    }
  }
  return modules;
}

function groupModules(module: ModuleView, faults: Diagnostic[]): ModuleView[] {
  const groups = module.node['groups'];
  if (!Array.isArray(groups)) return [];
  return groups.flatMap((group: unknown, index) => {
    if (!isJsonObject(group)) return [];
    return readModules(group['modules'], module.stepId, `${at(at(module.place, 'groups'), index)}.modules`, faults);
  });
}

/** Places below which the value is only known at run time. */
export class OpenPlaces {
  private readonly paths: (string | number)[][];

  constructor(places: Iterable<string>) {
    this.paths = [...places].map(parsePlace);
  }

  /** True when `place` holds a template, or lies inside one: nothing can be said about it. */
  covers(place: string): boolean {
    const path = parsePlace(place);
    return this.paths.some((open) => {
      const shared = Math.min(open.length, path.length);
      for (let index = 0; index < shared; index += 1) if (open[index] !== path[index]) return false;
      return true;
    });
  }
}
