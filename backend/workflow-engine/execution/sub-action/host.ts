import type { CompiledVersion } from '../../definition/compile-version.ts';
import type { AiConfig } from '../../modules/module.ts';
import type { BranchRow } from '../../ports/run-store.ts';
import type { LoadedRun } from '../commands.ts';
import type { PerformDeps } from '../begin-module.ts';
import type { ProcessorOptions } from '../processor-options.ts';
import type { RunLoader } from '../run-loader.ts';
import type { Setbacks } from '../setbacks.ts';
import type { ProgressHub } from '../streaming.ts';

/** What sub-actions need of the processor that they belong to. */
export interface SubActionHost {
  readonly options: ProcessorOptions;
  readonly loader: RunLoader;
  readonly progress: ProgressHub;
  readonly deps: PerformDeps;
  readonly setbacks: Setbacks;
  load(params: { runId: string; userId?: string; aiConfig?: AiConfig; at?: BranchRow }): Promise<LoadedRun>;
  version(versionId: string): Promise<CompiledVersion>;
}
