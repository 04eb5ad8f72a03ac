import type { StoredError } from '../errors/index.ts';
import type { EventOf, Origin, RunEvent, Usage, Warning } from '../events/run-event.ts';
import type { JsonObject } from '../models/json.ts';
import type { LoadedRun } from './commands.ts';
import type { WorkflowProcessor } from './processor.ts';
import type { ModuleRecord, SubActionRecord } from './run-state.ts';

/** What the current line did with one module, last. */
export interface ModuleOverview {
  step_id: string;
  module_name: string;
  phase: ModuleRecord['phase'];
  attempt: number;
  /** The event that began it; its inputs are read from there. */
  started_seq: number;
  started_at: string;
  ended_at: string | null;
  duration_ms: number | null;
  /** Why it ran (format.md 10.9). */
  reason: string | null;
  origin: Origin | null;
  /** Names of inputs edited by hand (format.md 10.5). */
  edited_inputs: string[];
  usage: Usage | null;
  warnings: Warning[];
}

export interface RunOverview {
  branch_id: string;
  last_seq: number;
  modules: ModuleOverview[];
  /** Executions of the open question's sub-actions, in the order of their start. */
  executions: ExecutionOverview[];
}

/** One execution of a sub-action: what was asked for, and what became of it. */
export interface ExecutionOverview {
  execution_id: string;
  sub_action_id: string;
  interaction_id: string;
  params: JsonObject;
  expected: number;
  started_at: string;
  ended_at: string | null;
  status: SubActionRecord['status'];
  error: StoredError | null;
}

/**
 * How a run stands, module by module, without any of its values: what a page shows beside the question. It costs two
 * reads a module and an execution, however long the line is.
 */
export async function runOverview(processor: WorkflowProcessor, { row, state }: LoadedRun): Promise<RunOverview> {
  const { runs } = processor.options.database;
  const at = async (seq: number | null): Promise<RunEvent | undefined> => {
    if (seq === null) return undefined;
    const place = { runId: row.workflow_run_id, branchId: state.branchId };
    return (await runs.readLine({ ...place, afterSeq: seq - 1, upToSeq: seq }))[0];
  };
  const readAll = (afterSeq: number): Promise<RunEvent[]> =>
    runs.readLine({ runId: row.workflow_run_id, branchId: state.branchId, afterSeq });
  const modules = await Promise.all(
    [...state.modules.values()].map(async (record) =>
      moduleOverview(record, await at(record.startedSeq), await at(record.completedSeq)),
    ),
  );
  return {
    branch_id: state.branchId,
    last_seq: state.lastSeq,
    modules,
    executions: await openExecutions(state, readAll, at),
  };
}

/** What runs, or ran, for the open question: begun after it was asked. */
async function openExecutions(
  state: LoadedRun['state'],
  readFrom: (seq: number) => Promise<RunEvent[]>,
  at: (seq: number | null) => Promise<RunEvent | undefined>,
): Promise<ExecutionOverview[]> {
  const open = state.open?.response === null ? state.questions.get(state.open.interactionId) : undefined;
  const records = state.subActions.filter(({ interactionId }) => interactionId === open?.interactionId);
  if (!open || records.length === 0) return [];
  const starts = new Map<string, EventOf<'sub_action_started'>>();
  for (const event of await readFrom(open.requestedSeq)) {
    if (event.type === 'sub_action_started') starts.set(event.data.execution_id, event);
  }
  return Promise.all(
    records.map(async (record) => {
      const ended = await at(record.endedSeq);
      return {
        execution_id: record.executionId,
        sub_action_id: record.subActionId,
        interaction_id: record.interactionId,
        params: starts.get(record.executionId)?.data.params ?? {},
        expected: record.expected,
        started_at: record.startedAt,
        ended_at: ended?.time ?? null,
        status: record.status,
        error: ended?.type === 'sub_action_failed' ? (ended.data.error as StoredError) : null,
      };
    }),
  );
}

function moduleOverview(
  record: ModuleRecord,
  began: RunEvent | undefined,
  ended: RunEvent | undefined,
): ModuleOverview {
  const common = {
    step_id: record.stepId,
    module_name: record.name,
    phase: record.phase,
    attempt: record.attempt,
    started_seq: record.startedSeq,
    started_at: began?.time ?? '',
    ...(began?.type === 'module_started' ? startOf(began) : { reason: null, edited_inputs: [], warnings: [] }),
  };
  if (ended?.type === 'module_completed') return { ...common, ...endOf(ended, common) };
  return { ...common, ended_at: null, duration_ms: null, origin: null, usage: null };
}

function startOf({ data }: EventOf<'module_started'>): Pick<ModuleOverview, 'reason' | 'edited_inputs' | 'warnings'> {
  return { reason: data.reason, edited_inputs: data.edited_inputs ?? [], warnings: data.warnings };
}

/** A record taken over from another line has no start of its own, and says itself when and why. */
function endOf(
  { data, time }: EventOf<'module_completed'>,
  start: Pick<ModuleOverview, 'started_at' | 'reason'>,
): Pick<ModuleOverview, 'started_at' | 'ended_at' | 'duration_ms' | 'reason' | 'origin' | 'usage' | 'warnings'> {
  return {
    started_at: data.started_at ?? start.started_at,
    ended_at: time,
    duration_ms: data.duration_ms,
    reason: start.reason ?? data.origin.reason,
    origin: data.origin,
    usage: data.usage ?? null,
    warnings: data.warnings,
  };
}
