/** The engine's public door: running workflows, and what a program needs to wire it. */
export { engineVersion } from './version.ts';
export type { Answered, Answerer, ModuleCall } from './execution/answerer.ts';
export { compareBranches, compareRuns } from './execution/branches/compare.ts';
export { assertCurrent } from './execution/branches/current-branch.ts';
export { reopenQuestion } from './execution/branches/reopen.ts';
export { switchBranch } from './execution/branches/switch-branch.ts';
export type { Caller, Depart, LoadedRun, Respond, StartRun } from './execution/commands.ts';
export type { EngineDatabase, ProcessorOptions } from './execution/processor-options.ts';
export { WorkflowProcessor } from './execution/processor.ts';
export {
  fileTree,
  type InteractionRecord,
  interactionHistory,
  interactionRecord,
  lineOf,
  stateTree,
} from './execution/reads.ts';
export { type AttemptRecord, attemptsOf } from './execution/attempts.ts';
export { type ModuleOverview, type RunOverview, runOverview } from './execution/overview.ts';
export { projectionOf } from './execution/projection.ts';
export { type StreamFrame, tail } from './execution/tail.ts';
export {
  assertSound,
  type PreparedStart,
  prepareStart,
  publishVersion,
  startableVersion,
} from './execution/templates.ts';
export type { ProgressUpdate } from './execution/streaming.ts';
export { streamSubAction, type SubActionFrame } from './execution/sub-action/stream.ts';
export { watchTasks } from './execution/tasks/task-watch.ts';
export { limitsOf, newsOf, type TaskNews } from './execution/tasks/task-news.ts';
export type { StartedSubAction, StartSubAction } from './execution/sub-action/sub-actions.ts';
export { defineModule } from './modules/module.ts';
export type { AiConfig, MediaHost, Module, ModuleContext, ModulePorts } from './modules/module.ts';
export { describeAddons } from './modules/addons/standard-addons.ts';
export { createRegistry, type ModuleDescription, type ModuleRegistry } from './modules/registry.ts';
export { type GenerationsContext, generationsOf } from './modules/media/support/generations.ts';
export { mediaTree } from './execution/media-tree.ts';
export { derivedId } from './modules/media/support/derived-id.ts';
export { withProviderChecks } from './modules/media/check-providers.ts';
export { standardModules } from './modules/standard-modules.ts';
export { type PackageOnDisk, readFolder, readPackage } from './definition/read-folder.ts';
export { readZip } from './definition/read-zip.ts';
