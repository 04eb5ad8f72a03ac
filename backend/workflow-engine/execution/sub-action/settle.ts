import { hasCode, isWfmError, type StoredError, toStoredError } from '../../errors/index.ts';
import type { EventDraft, EventOf, RunEvent, Usage, Warning } from '../../events/run-event.ts';
import type { JsonObject } from '../../models/json.ts';
import type { CallRecord } from '../../ports/call-store.ts';
import type { KeptValue } from '../../ports/run-store.ts';
import type { LoadedRun } from '../commands.ts';
import { applyEvent } from '../evolve.ts';
import { takeLargeValues } from '../large-values.ts';
import type { SubActionHost } from './host.ts';
import { projectionOf } from '../projection.ts';
import { copyState, type RunState, type SubActionRecord } from '../run-state.ts';
import { type ChildRef, retried } from './child-run.ts';
import { failedDraft } from './closing.ts';
import { describe } from './find-sub-action.ts';
import { mapResult } from './result-mapping.ts';

/** How an execution ended. `source` is what the mapping reads: the child's flat state, or the result itself. */
export type SubActionOutcome =
  | { result: JsonObject; source: Readonly<JsonObject>; calls: CallRecord[]; usage: Usage | null; warnings: Warning[] }
  | { error: StoredError };

/** The parent of an execution on the line where it was started; null once it is gone. */
export async function parentOf(processor: SubActionHost, child: ChildRef): Promise<LoadedRun | null> {
  const { runs } = processor.options.database;
  try {
    const current = await processor.load({ runId: child.runId });
    if (recordOf(current.state, child.executionId) || current.state.branchId === child.branchId) return current;
    const at = (await runs.branches({ runId: child.runId })).find((branch) => branch.branch_id === child.branchId);
    return at ? await processor.load({ runId: child.runId, at }) : null;
  } catch (error) {
    if (hasCode(error, 'run_not_found')) return null;
    throw error;
  }
}

export function recordOf(state: RunState, executionId: string): SubActionRecord | undefined {
  return state.subActions.find((record) => record.executionId === executionId);
}

/** True while a result may still change the parent's state. */
function isOpen(state: RunState, { interactionId }: SubActionRecord): boolean {
  const { open, ended, departure } = state;
  return !ended && !departure && open?.interactionId === interactionId && open.response === null;
}

/**
 * Tells the parent how an execution ended, once: the mapping is worked out against the parent's state as it is then, and
 * a lost race begins again from reading it (format.md 13.1, 13.2). A result that comes when the question is closed is
 * kept as `late` and changes no state (format.md 10.4.7). False when the execution has ended already, or its parent is gone.
 */
export async function settle(processor: SubActionHost, child: ChildRef, outcome: SubActionOutcome): Promise<boolean> {
  return retried(async () => {
    const parent = await parentOf(processor, child);
    const record = parent && recordOf(parent.state, child.executionId);
    if (!record) return false;
    const open = isOpen(parent.state, record);
    const isLate = !('error' in outcome) && !open && !parent.state.departure;
    if (record.status !== 'running' && !(record.status === 'failed' && isLate)) return false;
    const draft = 'error' in outcome ? failedDraft(record, outcome.error) : completed(parent, record, child, outcome);
    await appendToParent(processor, parent, draft, 'error' in outcome ? [] : outcome.calls);
    return true;
  });
}

function completed(
  { state, version }: LoadedRun,
  record: SubActionRecord,
  child: ChildRef,
  { result, source, usage, warnings }: Exclude<SubActionOutcome, { error: StoredError }>,
): EventDraft {
  const data: EventOf<'sub_action_completed'>['data'] = {
    interaction_id: record.interactionId,
    sub_action_id: record.subActionId,
    execution_id: record.executionId,
    ...(child.kind === 'target' ? { child_run_id: child.executionId } : {}),
    result,
    state_mapped: {},
  };
  const { open } = state;
  const asked = open && state.modules.get(open.key);
  const compiled = asked && version.find(asked.stepId, asked.name);
  if (!open || !compiled || !isOpen(state, record))
    return { type: 'sub_action_completed', data: { ...data, late: true } };
  try {
    const { mapping, place } = describe(open, compiled, record.subActionId);
    // Packages of the older form go on whatever they merge with what (format.md 25).
    const tolerant = version.format === 1;
    const { mapped, warnings: replaced } = mapResult(mapping, source, state.flat, { tolerant, place });
    data.state_mapped = mapped;
    if (warnings.length + replaced.length > 0) data.warnings = [...warnings, ...replaced];
    if (usage) data.usage = usage;
    return { type: 'sub_action_completed', data };
  } catch (error) {
    if (!isWfmError(error)) throw error;
    return failedDraft(record, toStoredError(error));
  }
}

/** Appends one event about a sub-action to a line of the parent, behind whatever else has been appended. Throws `conflict`. */
export async function appendToParent(
  processor: SubActionHost,
  parent: LoadedRun,
  draft: EventDraft,
  calls: CallRecord[] = [],
): Promise<void> {
  const { runs } = processor.options.database;
  const now = processor.options.clock.now();
  const state = copyState(parent.state);
  const asking = state.modules.get(state.open?.key ?? '');
  const event = {
    workflow_run_id: state.runId,
    branch_id: state.branchId,
    seq: state.lastSeq + 1,
    time: now.toISOString(),
    version_id: state.versionId,
    ...(asking ? { step_id: asking.stepId, module_name: asking.name } : {}),
    ...draft,
  } as RunEvent;
  applyEvent(state, { event });
  const values: KeptValue[] = [];
  const isCurrent = parent.row.current_branch_id === state.branchId;
  await runs.append({
    runId: state.runId,
    branchId: state.branchId,
    expectedSeq: event.seq - 1,
    events: [takeLargeValues(event, (value) => values.push(value))],
    projection: isCurrent ? projectionOf(state, parent.version, { now, timezone: parent.identity.timezone }) : {},
    values,
    calls,
  });
}
