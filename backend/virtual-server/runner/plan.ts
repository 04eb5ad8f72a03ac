import type { CompiledVersion } from '@wfm/workflow-engine/definition';
import type { RunEvent } from '@wfm/workflow-engine/events';
import type { PlanEntry, WorkflowResponse } from '@wfm/workflow-engine/models';

export interface PlanSource {
  version: CompiledVersion;
  /** The current line, from its start. */
  line: readonly RunEvent[];
  /** Ids of the events that were there before the request: `<branch>:<seq>`. */
  before: ReadonlySet<string>;
  /** Modules, as `step/name`, whose question the server answered itself, and why (format.md 10.9). */
  sampled: ReadonlyMap<string, string>;
  status: WorkflowResponse['status'];
}

/** What became of each module of the version in one request, in the order of the version (api.md, `plan`). */
export function planOf({ version, line, before, sampled, status }: PlanSource): PlanEntry[] {
  const records = new Map<string, ModuleRecord>();
  for (const event of line) {
    if (event.step_id === undefined || event.module_name === undefined) continue;
    const path = `${event.step_id}/${event.module_name}`;
    const record = records.get(path) ?? { isNew: false, startedAt: event.time };
    records.set(path, note(record, event, !before.has(eventId(event))));
  }
  const rest = whyNotReached(status);
  return version.steps.flatMap((step) =>
    step.modules.map(({ stepId, name, path }): PlanEntry => {
      const place = { step_id: stepId, module_name: name };
      const entry = entryOf(records.get(path), sampled.get(path));
      return { ...place, ...(entry ?? { action: 'not_reached', reason: rest, duration_ms: 0 }) };
    }),
  );
}

/** Names an event for `PlanSource.before`. */
export function eventId(event: Pick<RunEvent, 'branch_id' | 'seq'>): string {
  return `${event.branch_id}:${event.seq}`;
}

interface ModuleRecord {
  /** Something of it happened in this request. */
  isNew: boolean;
  startedAt: string;
  startReason?: string;
  /** Which parts of the key differed. */
  inputs?: string[] | undefined;
  end?: 'asked' | 'failed' | { kind: PlanEntry['action']; reason: string; ms: number };
  endedAt?: string;
  /** A person's answer is part of it. */
  answered?: boolean;
}

function note(record: ModuleRecord, event: RunEvent, isNew: boolean): ModuleRecord {
  switch (event.type) {
    case 'module_started':
      return { isNew, startedAt: event.time, startReason: event.data.reason, inputs: event.data.inputs_changed };
    case 'module_completed': {
      const { origin, duration_ms: ms } = event.data;
      const end = { kind: origin.kind, reason: origin.reason, ms };
      return { ...record, isNew, endedAt: event.time, end, inputs: origin.inputs ?? record.inputs };
    }
    case 'interaction_response':
      return { ...record, isNew, answered: true };
    case 'module_error':
      return { ...record, isNew, endedAt: event.time, end: 'failed' };
    case 'interaction_requested': {
      const { reason = record.startReason, inputs_changed: inputs } = event.data;
      return { ...record, isNew, endedAt: event.time, end: 'asked', ...(reason && { startReason: reason }), inputs };
    }
    default:
      return record;
  }
}

type Fate = Pick<PlanEntry, 'action' | 'reason' | 'duration_ms' | 'inputs'>;

function entryOf(record: ModuleRecord | undefined, sampled: string | undefined): Fate | null {
  if (!record?.end) return null;
  if (!record.isNew) return whatStands(record);
  const fate = whatHappened(record, record.end, sampled);
  return record.inputs ? { ...fate, inputs: record.inputs } : fate;
}

/** What a request did to a module. */
function whatHappened(record: ModuleRecord, end: NonNullable<ModuleRecord['end']>, sampled: string | undefined): Fate {
  const { startReason: reason = 'no_record', startedAt, endedAt = startedAt } = record;
  const took = millisecondsBetween(startedAt, endedAt);
  if (end === 'asked') return { action: 'asked_again', reason, duration_ms: took };
  if (end === 'failed') return { action: 'executed', reason, duration_ms: took };
  if (sampled !== undefined) return { action: 'mocked', reason: sampled, duration_ms: Math.round(end.ms) };
  return { action: end.kind, reason: end.reason, duration_ms: Math.round(end.ms) };
}

/** What a request found done. */
function whatStands({ end, startReason = 'no_record', startedAt, endedAt = startedAt, answered }: ModuleRecord): Fate {
  if (end === 'asked')
    return { action: 'asked_again', reason: 'no_record', duration_ms: millisecondsBetween(startedAt, endedAt) };
  if (end === 'failed')
    return { action: 'executed', reason: startReason, duration_ms: millisecondsBetween(startedAt, endedAt) };
  if (end?.kind === 'pinned') return { action: 'pinned', reason: end.reason, duration_ms: 0 };
  return answered
    ? { action: 'answer_reapplied', reason: 'question_unchanged', duration_ms: 0 }
    : { action: 'reused', reason: 'inputs_unchanged', duration_ms: 0 };
}

function millisecondsBetween(from: string, to: string): number {
  const ms = Date.parse(to) - Date.parse(from);
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

function whyNotReached(status: WorkflowResponse['status']): string {
  if (status === 'awaiting_input' || status === 'validation_failed') return 'after_question';
  if (status === 'error' || status === 'cancelled') return 'after_error';
  if (status === 'target_reached' || status === 'completed') return 'after_target';
  return 'depends_on_unknown';
}
