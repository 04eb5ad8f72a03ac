import { assertSound, type ModuleRegistry, readZip } from '@wfm/workflow-engine';
import {
  type CompiledVersion,
  compileVersion,
  type LoadedWorkflow,
  loadWorkflow,
  parsePlace,
  selectAlternative,
  validateWorkflow,
} from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import { type Diagnostic, isJsonObject } from '@wfm/workflow-engine/models';
import type { SentWorkflow, Target } from './preview-host.ts';

/** Resolves what the client sent. Throws the faults of the archive, of references and of its shape (format.md 24, S). */
export async function loadSent(sent: SentWorkflow): Promise<LoadedWorkflow> {
  if ('json' in sent) return loadWorkflow({ json: sent.json });
  const files = await readZip(sent.zip);
  return loadWorkflow(sent.entryPoint === undefined ? { files } : { files, entryPoint: sent.entryPoint });
}

/** What a definition is to run as. */
interface Wanted {
  target: Target | null;
  /** Undefined: all that asks a person (format.md 20). */
  capabilities: readonly string[] | undefined;
}

/**
 * The definition that is executed: the one sent, or where it has execution groups the alternative that suits the
 * capabilities (format.md 20). Refuses one that cannot be executed up to the target (format.md 4): structural faults anywhere, other errors
 * at or before the target, all of them listed. What comes after the target may be half written.
 * Throws those faults, `capabilities_unmet`, `step_not_found` and `module_not_found`.
 */
export function runnableOf(sent: LoadedWorkflow, registry: ModuleRegistry, wanted: Wanted): LoadedWorkflow {
  const diagnostics = validateWorkflow(sent.resolved, registry);
  // Nothing can be located in a definition whose structure is broken, so then every fault is told.
  if (diagnostics.some((diagnostic) => diagnostic.structural === true)) assertSound(diagnostics);
  const loaded = selectAlternative(sent, registry, wanted.capabilities);
  const limit = wanted.target ? limitOf(sent, loaded, registry, wanted.target) : null;
  assertSound(diagnostics.filter((diagnostic) => limit === null || isReached(diagnostic, limit)));
  return loaded;
}

/** Where the target stands in the definition as it was sent, whose places the faults name. */
function limitOf(sent: LoadedWorkflow, loaded: LoadedWorkflow, registry: ModuleRegistry, target: Target): ModuleIndex {
  const executed = compileVersion(loaded.resolved, loaded.versionId, registry);
  const found = findTarget(executed, target);
  if (loaded === sent) return found;
  const metadata = executed.find(target.stepId, target.moduleName)?.node['_metadata'];
  const group = isJsonObject(metadata) ? metadata['expanded_from'] : undefined;
  const written = compileVersion(sent.resolved, sent.versionId, registry);
  const module =
    (typeof group === 'string' ? written.find(target.stepId, group) : undefined) ??
    written.find(target.stepId, target.moduleName);
  return module ? { step: found.step, module: module.index } : found;
}

/** 0-based indices of a step and of a module in it. */
interface ModuleIndex {
  step: number;
  module: number;
}

function isReached({ place }: Diagnostic, limit: ModuleIndex): boolean {
  const [head, step, list, module] = parsePlace(place);
  if (head !== 'steps' || typeof step !== 'number') return true;
  if (step !== limit.step) return step < limit.step;
  return list !== 'modules' || typeof module !== 'number' || module <= limit.module;
}

function findTarget(version: CompiledVersion, { stepId, moduleName }: Target): ModuleIndex {
  const step = version.findStep(stepId);
  if (!step) {
    const known = version.steps.map((candidate) => candidate.stepId);
    throw new WfmError('step_not_found', `There is no step "${stepId}". Known steps: ${known.join(', ')}.`, {
      params: { step_id: stepId, known },
      place: 'target_step_id',
    });
  }
  const module = version.find(stepId, moduleName);
  if (!module) {
    const known = step.modules.map((candidate) => candidate.name);
    const message = `The step "${stepId}" has no module "${moduleName}". Known modules: ${known.join(', ')}.`;
    throw new WfmError('module_not_found', message, {
      params: { step_id: stepId, module_name: moduleName, known },
      place: 'target_module_name',
    });
  }
  return { step: step.index, module: module.index };
}
