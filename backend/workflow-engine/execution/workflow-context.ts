import type { CompiledModule } from '../definition/compile-version.ts';
import { isWfmError } from '../errors/index.ts';
import type { Origin, Usage, Warning } from '../events/run-event.ts';
import { limits } from '../models/limits.ts';
import type { ExecutionMode } from '../models/execution.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import type { AiConfig, ConversationTurn, Module, ModuleContext, ModulePorts, PortName } from '../modules/module.ts';
import type { CallRecord } from '../ports/call-store.ts';
import type { Answerer } from './answerer.ts';
import type { RunState } from './run-state.ts';
import { subActionsOf } from './sub-action/sub-actions-of.ts';
import type { ProgressUpdate } from './streaming.ts';

/** What one run brings to every module of it. */
export interface RunIdentity {
  runId: string;
  /** Of a sub-action's child run: the run of its question. */
  rootRunId?: string;
  userId: string;
  templateId: string | null;
  mode: ExecutionMode;
  /** How a preview answers a module, where that is not `mode` (format.md 17.8). */
  modeOf?: Answerer['modeOf'];
  config: JsonObject;
  timezone: string;
  /** With a key, if the request brought one: never stored. */
  aiConfig: AiConfig;
}

/** The identity of a run, from its row and event 0; a request's model settings go over the run's. */
export function identityOf(
  runId: string,
  userId: string,
  templateId: string | null,
  created: RunState['created'],
  aiConfig: AiConfig | undefined,
  modeOf?: Answerer['modeOf'],
): RunIdentity {
  const zone = isJsonObject(created.config) ? created.config.timezone : undefined;
  return {
    runId,
    ...(created.parent ? { rootRunId: created.parent.workflow_run_id } : {}),
    userId,
    templateId,
    mode: created.mode,
    config: created.config,
    timezone: typeof zone === 'string' ? zone : 'UTC',
    aiConfig: { ...(created.ai_config as AiConfig), ...aiConfig },
    ...(modeOf ? { modeOf } : {}),
  };
}

/** The key of a child run's module under which the module that it refers to is named: `step/module`. */
export const REFERRED = '_referred';

/** How a preview answers a module (`Answerer.modeOf`), by its own path, else by that of the module it refers to. */
export function ownModeOf({ modeOf }: RunIdentity, { path, node }: CompiledModule): string | undefined {
  const referred = node[REFERRED];
  return modeOf?.(path, typeof referred === 'string' ? referred : undefined);
}

/** What `Answerer.modeOf` begins with where records of the run's own mode hold. */
const NEW = 'new:';

/** The mode in which a module runs that is answered so; null where the answerer says something of its own about it. */
export function newModeOf(own: string | undefined): ExecutionMode | null {
  if (!own?.startsWith(NEW)) return null;
  return own === `${NEW}real` ? 'real' : 'mock';
}

/** The mode of one module: the run's, unless a preview says otherwise. What is staged or pinned counts as a mock. */
export function modeOfModule(run: RunIdentity, compiled: CompiledModule): ExecutionMode {
  const own = ownModeOf(run, compiled);
  if (own === undefined || own.startsWith('run')) return run.mode;
  return newModeOf(own) ?? (own.startsWith('real') ? 'real' : 'mock');
}

/** The outputs that a preview puts in place of a module's own, as its plan tells of them; null: there are none. */
export function stagedOrigin(run: RunIdentity, compiled: CompiledModule): Pick<Origin, 'kind' | 'reason'> | null {
  const own = ownModeOf(run, compiled);
  if (own?.startsWith('pinned')) return { kind: 'pinned', reason: 'pinned_outputs' };
  return own?.startsWith('scenario') ? { kind: 'mocked', reason: 'scenario' } : null;
}

/** What one execution of a module leaves beside its outputs. */
export interface Traces {
  warnings: Warning[];
  usage: Usage | null;
  calls: CallRecord[];
}

export interface ContextOptions {
  run: RunIdentity;
  compiled: CompiledModule;
  module: Module;
  state: JsonObject;
  branchId: string;
  branchIds: readonly string[];
  seed: string;
  now: Date;
  attempt: number;
  idempotencyKey: string;
  conversation: readonly ConversationTurn[];
  signal: AbortSignal;
  ports: ModulePorts;
  newId: () => string;
  publish: (update: ProgressUpdate) => void;
  elapsedMs: () => number;
}

/** The context of one call of a module, and the traces that it will leave (format.md 10.3.3). */
export function moduleContext(options: ContextOptions): { context: ModuleContext<PortName>; traces: Traces } {
  const { run, compiled, module } = options;
  const traces: Traces = { warnings: [], usage: null, calls: [] };
  const where = { step_id: compiled.stepId, module_name: compiled.name };
  const context: ModuleContext<PortName> = {
    state: options.state,
    stepId: compiled.stepId,
    stepName: compiled.stepName,
    moduleName: compiled.name,
    moduleIndex: compiled.index,
    workflowRunId: run.runId,
    rootRunId: run.rootRunId ?? run.runId,
    branchId: options.branchId,
    branchIds: options.branchIds,
    templateId: run.templateId,
    userId: run.userId,
    config: run.config,
    mode: modeOfModule(run, compiled),
    seed: options.seed,
    now: options.now,
    timezone: run.timezone,
    attempt: options.attempt,
    idempotencyKey: options.idempotencyKey,
    conversation: options.conversation,
    subActions: subActionsOf(compiled),
    aiConfig: run.aiConfig,
    signal: options.signal,
    ports: declaredPorts(module, options.ports),
    warn(code, message, params = {}, place) {
      if (traces.warnings.length >= limits.warningsPerModule) return;
      traces.warnings.push(place === undefined ? { code, params, message } : { code, params, message, place });
    },
    progress: (update) => options.publish({ ...where, ...update, elapsed_ms: options.elapsedMs() }),
    recordCall(call) {
      traces.calls.push({
        ...call,
        call_id: options.newId(),
        workflow_run_id: run.runId,
        branch_id: options.branchId,
        ...where,
        mock: modeOfModule(run, compiled) === 'mock',
        created_at: options.now.toISOString(),
      });
    },
    addUsage(usage) {
      traces.usage = traces.usage ? addUsage(traces.usage, usage) : usage;
    },
  };
  return { context, traces };
}

function declaredPorts(module: Module, ports: ModulePorts): ModulePorts {
  const given: Partial<Record<PortName, unknown>> = {};
  for (const name of module.ports ?? []) given[name] = ports[name];
  return given as ModulePorts;
}

/** Sums two usages field by field; a cost is known only where both parts know it or one has none. */
function addUsage(a: Usage, b: Usage): Usage {
  const sum: Usage = { ...a };
  for (const [key, value] of Object.entries(b) as [keyof Usage, number | undefined][]) {
    if (value !== undefined) sum[key] = (sum[key] ?? 0) + value;
  }
  return sum;
}

/** A transient fault of the outside, which the same call may outlive (format.md 10.3.6). */
export function isTransient(error: unknown): boolean {
  return isWfmError(error) && error.transient;
}
