import { isJsonObject, type JsonObject } from '../models/json.ts';
import type { Diagnostic } from '../models/diagnostic.ts';
import type { Module } from '../modules/module.ts';
import type { ModuleRegistry } from '../modules/registry.ts';
import { type InputPlan, planInputs, probeOf, templatesOf } from './input-plan.ts';
import { at, formatPlace, parsePlace } from './place.ts';
import { makeSuggest, type Suggest } from './suggest.ts';
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
  suggest: Suggest;
}

/** Inputs as far as a definition shows them: typed nodes as text, templates as their source. */
export function probeInputs(plans: readonly [string, InputPlan][]): JsonObject {
  return Object.fromEntries(plans.map(([name, plan]) => [name, probeOf(plan)]));
}

/** A module as its checks see it. */
export function checkedModule(
  view: ModuleView,
  context: Pick<CheckedModule, 'format' | 'order' | 'stepName' | 'suggest'> & {
    registry: ModuleRegistry;
    group?: string | undefined;
  },
): CheckedModule {
  const { format, registry, stepName, order, group, suggest } = context;
  const module = registry.find(view.moduleId);
  const inputsPlace = at(view.place, 'inputs');
  const plans = planInputs(view.node.inputs, module, format, inputsPlace);
  const checked: CheckedModule = { ...view, module, format, stepName, inputsPlace, plans, order, suggest };
  if (group !== undefined) checked.group = group;
  return checked;
}

/** All modules in the order of execution, those of execution groups in place of their group. */
export function flattenModules(view: DefinitionView, registry: ModuleRegistry, faults: Diagnostic[]): CheckedModule[] {
  const modules: CheckedModule[] = [];
  const suggest = makeSuggest();
  for (const step of view.steps) {
    const stepName = step.node.name ?? step.stepId;
    const add = (module: ModuleView, group?: string): void => {
      modules.push(
        checkedModule(module, { format: view.format, registry, stepName, order: modules.length, group, suggest }),
      );
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

/** Places whose value is only known at run time: those of templates. */
export class OpenPlaces {
  private readonly plans: readonly InputPlan[];
  private known: { templates: Set<string>; above: Set<string> } | undefined;

  constructor(plans: readonly InputPlan[] = []) {
    this.plans = plans;
  }

  /** True when `place` holds a template, or lies inside one: nothing can be said about it. */
  covers(place: string): boolean {
    this.known ??= this.index();
    const { templates, above } = this.known;
    const segments = parsePlace(place);
    if (above.has(formatPlace(segments))) return true;
    let prefix = '';
    return segments.some((segment) => {
      prefix = at(prefix, segment);
      return templates.has(prefix);
    });
  }

  /** Most modules have no findings to ask about, so this waits for the first. */
  private index(): { templates: Set<string>; above: Set<string> } {
    const templates = new Set<string>();
    const above = new Set<string>();
    for (const plan of this.plans) {
      for (const { place } of templatesOf(plan)) {
        templates.add(place);
        let prefix = '';
        for (const segment of parsePlace(place)) {
          prefix = at(prefix, segment);
          above.add(prefix);
        }
      }
    }
    return { templates, above };
  }
}
