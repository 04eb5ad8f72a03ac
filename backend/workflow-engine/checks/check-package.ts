import { resolveSource, type WorkflowSource } from '../definition/load-workflow.ts';
import type { SourceMap } from '../definition/source-map.ts';
import { analyseState, type StateAnalysis } from '../definition/state-keys.ts';
import { inspectWorkflow } from '../definition/validate-workflow.ts';
import { isWfmError } from '../errors/index.ts';
import type { Diagnostic } from '../models/diagnostic.ts';
import { createRegistry } from '../modules/registry.ts';
import { standardModules } from '../modules/standard-modules.ts';

export interface CheckedPackage {
  /** Sorted by place, each with its file and pointer; errors stop publishing (format.md 4). */
  diagnostics: Diagnostic[];
  /** Who writes and reads which keys of flat state. */
  state: StateAnalysis;
  /** Where each part of the resolved definition stands; absent when the package has no entry point. */
  sources?: SourceMap;
  /** The definition with its references resolved (format.md 1.4); null where something stands in the way. */
  resolved: unknown;
}

const registry = createRegistry(standardModules);

/** Checks a package as the server and the CLI do. Never throws for anything in it. */
export function checkPackage(source: WorkflowSource): CheckedPackage {
  const diagnostics = inspectWorkflow(source, registry);
  try {
    const { resolved, sources, faults } = resolveSource(source);
    return {
      diagnostics,
      state: analyseState(resolved, registry),
      ...(sources ? { sources } : {}),
      resolved: faults.length === 0 ? resolved : null,
    };
  } catch (thrown) {
    if (!isWfmError(thrown)) throw thrown;
    return { diagnostics, state: { writes: [], reads: [] }, resolved: null };
  }
}
