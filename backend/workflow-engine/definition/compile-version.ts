import type { ModuleNode, StepNode, Workflow } from '../models/workflow.ts';
import type { Module } from '../modules/module.ts';
import type { ModuleRegistry } from '../modules/registry.ts';
import { type ModuleView, readDefinition, type StepView } from './read-definition.ts';
import { errorOf, sortDiagnostics } from './report.ts';

/** A module of a version, ready to run. */
export interface CompiledModule {
  /** `step_id/name`. */
  path: string;
  stepId: string;
  stepName: string;
  /** Effective name (format.md 2.3): the key of its raw outputs in state. */
  name: string;
  /** 0-based, in its step. */
  index: number;
  moduleId: string;
  /** Undefined when the registry has no such module. */
  module: Module | undefined;
  node: ModuleNode;
  /** `steps[2].modules[0]`. */
  place: string;
}

export interface CompiledStep {
  stepId: string;
  /** 0-based. */
  index: number;
  /** As shown: `{step_number}` is filled in (format.md 2.2); the id where the step has no name. */
  name: string;
  node: StepNode;
  modules: CompiledModule[];
}

/** A version as the engine executes it. Immutable; keep it by its id. */
export interface CompiledVersion {
  versionId: string;
  format: 1 | 2;
  workflow: Workflow;
  steps: CompiledStep[];
  find(stepId: string, moduleName: string): CompiledModule | undefined;
  findStep(stepId: string): CompiledStep | undefined;
}

/**
 * Prepares a resolved definition for execution. Unknown modules are kept: only running one fails.
 * Throws the first structural fault of format.md 24 (`definition_invalid`, `workflow_id_missing`, `step_id_duplicate`,
 * `module_name_duplicate`, …) with all of them listed.
 */
export function compileVersion(resolved: unknown, versionId: string, registry: ModuleRegistry): CompiledVersion {
  const { view, faults } = readDefinition(resolved);
  if (!view || faults.length > 0) throw errorOf(sortDiagnostics(faults));
  const steps = view.steps.map((step) => compileStep(step, registry));
  const byStep = new Map(steps.map((step) => [step.stepId, step]));
  const byName = new Map(
    steps.map((step) => [step.stepId, new Map(step.modules.map((module) => [module.name, module]))]),
  );
  return {
    versionId,
    format: view.format,
    workflow: { ...view.top, steps: steps.map((step) => step.node) },
    steps,
    find: (stepId, moduleName) => byName.get(stepId)?.get(moduleName),
    findStep: (stepId) => byStep.get(stepId),
  };
}

/** A step's name as people see it (format.md 2.2): 1-based number filled in, the id where there is no name. */
function stepTitle(step: StepView): string {
  return (step.node.name ?? step.stepId).replaceAll('{step_number}', String(step.index + 1));
}

function compileStep(step: StepView, registry: ModuleRegistry): CompiledStep {
  const name = stepTitle(step);
  return {
    stepId: step.stepId,
    index: step.index,
    name,
    node: { ...step.node, modules: step.modules.map((module) => module.node) },
    modules: step.modules.map((module) => compileModule(module, name, registry)),
  };
}

function compileModule(view: ModuleView, stepName: string, registry: ModuleRegistry): CompiledModule {
  const { stepId, name, index, moduleId, node, place } = view;
  return {
    path: `${stepId}/${name}`,
    stepId,
    stepName,
    name,
    index,
    moduleId,
    module: registry.find(moduleId),
    node,
    place,
  };
}
