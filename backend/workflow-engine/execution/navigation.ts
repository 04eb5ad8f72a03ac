import type { CompiledVersion } from '../definition/compile-version.ts';
import { WfmError } from '../errors/index.ts';
import type { EventDraft, EventOf } from '../events/run-event.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';
import type { RunStore } from '../ports/run-store.ts';
import { assertOverride } from './branches/check-override.ts';
import type { LoadedRun } from './commands.ts';
import { moduleKey, type RunState } from './run-state.ts';

/** Leaving a line for a new one (format.md 9, 10.5). Nothing is undone: the old line stays as it is. */

export interface Departure {
  mode: 'retry' | 'jump';
  stepId: string;
  moduleName: string;
  interactionId?: string;
  optionId?: string;
  feedback?: string | null;
  groups?: string[] | null;
  inputsOverride?: JsonObject;
  newBranchId: string;
  idempotencyKey?: string;
  by: string;
}

/**
 * The event that leaves the current line. Its append is the race's one winner.
 * Throws `step_not_found`, `module_not_found`, `target_not_executed`, `retry_limit`, `run_ended` for a cancelled run, `request_invalid` for edited inputs that the module does not have.
 */
export function departureEvent(state: RunState, version: CompiledVersion, departure: Departure): EventDraft {
  const { stepId, moduleName } = departure;
  checkTarget(version, stepId, moduleName);
  if (state.ended === 'cancelled')
    throw new WfmError('run_ended', 'The run was cancelled; it cannot go back to a module.');
  const key = moduleKey(stepId, moduleName);
  const record = state.modules.get(key);
  if (!record) {
    throw new WfmError('target_not_executed', `The module ${stepId}/${moduleName} has not run on this branch yet.`, {
      params: { step_id: stepId, module_name: moduleName },
    });
  }
  const turns = state.retryTurns.get(key)?.length ?? 0;
  if (departure.mode === 'retry' && turns >= limits.retriesPerModule) {
    throw new WfmError(
      'retry_limit',
      `The module ${stepId}/${moduleName} was retried ${turns} times; the limit is ${limits.retriesPerModule}.`,
      {
        params: { limit: limits.retriesPerModule, actual: turns },
      },
    );
  }
  const compiled = version.find(stepId, moduleName);
  if (departure.inputsOverride && compiled) assertOverride(compiled, departure.inputsOverride);
  const data: EventOf<'retry_requested'>['data'] = {
    target: { step_id: stepId, module_name: moduleName },
    new_branch_id: departure.newBranchId,
    fork_seq: record.firstSeq - 1,
    by: departure.by,
  };
  if (departure.interactionId !== undefined) data.interaction_id = departure.interactionId;
  if (departure.optionId !== undefined) data.option_id = departure.optionId;
  if (departure.feedback != null) data.feedback = departure.feedback;
  if (departure.groups != null) data.groups = departure.groups;
  if (departure.inputsOverride !== undefined) data.inputs_override = withoutKeys(departure.inputsOverride);
  if (departure.idempotencyKey !== undefined) data.idempotency_key = departure.idempotencyKey;
  return {
    type: departure.mode === 'retry' ? 'retry_requested' : 'jump_requested',
    data,
    step_id: stepId,
    module_name: moduleName,
  };
}

/** Keys of models come with a request and are never stored (format.md 8.4), also where somebody edits inputs by hand. */
function withoutKeys({ api_key: _key, ...inputs }: JsonObject): JsonObject {
  if (!isJsonObject(inputs.ai_config)) return inputs;
  const { api_key: _inner, ...settings } = inputs.ai_config;
  return { ...inputs, ai_config: settings };
}

/** The first event of the branch that a departure asked for; the same departure gives the same event (format.md 9.8). */
export function branchEvent(departure: NonNullable<RunState['departure']>): EventDraft {
  const { data } = departure;
  const created: EventOf<'branch_created'>['data'] = {
    kind: data.kind ?? (departure.type === 'retry_requested' ? 'retry' : 'jump'),
    parent_branch_id: departure.branch_id,
    fork_seq: data.fork_seq,
    state_seq: departure.seq - 1,
    target: data.target,
  };
  if (data.feedback !== undefined) created.feedback = data.feedback;
  if (data.groups !== undefined) created.groups = data.groups;
  if (data.option_id !== undefined) created.option_id = data.option_id;
  if (data.inputs_override !== undefined) created.inputs_override = data.inputs_override;
  if (data.previous_answer !== undefined) created.previous_answer = data.previous_answer;
  return { type: 'branch_created', data: created };
}

/** Throws `step_not_found` or `module_not_found`, naming what exists. */
export function checkTarget(version: CompiledVersion, stepId: string, moduleName: string): void {
  const step = version.findStep(stepId);
  if (!step) {
    const known = version.steps.map((candidate) => candidate.stepId);
    throw new WfmError('step_not_found', `There is no step "${stepId}". Known steps: ${known.join(', ')}.`, {
      params: { step_id: stepId, known },
    });
  }
  if (!version.find(stepId, moduleName)) {
    const known = step.modules.map((candidate) => candidate.name);
    throw new WfmError(
      'module_not_found',
      `The step "${stepId}" has no module "${moduleName}". Known modules: ${known.join(', ')}.`,
      {
        params: { step_id: stepId, module_name: moduleName, known },
      },
    );
  }
}

/**
 * Where an option leads: its own target, else the module that asked. A jump's content may be a module's name in the
 * same step, or else in any (format.md 26).
 */
export function targetOf(
  version: CompiledVersion,
  asked: { stepId: string; moduleName: string },
  option: { target_step?: string | undefined; target_module?: string | undefined },
): { stepId: string; moduleName: string } {
  const stepId = option.target_step ?? asked.stepId;
  const moduleName = option.target_module ?? (option.target_step === undefined ? asked.moduleName : undefined);
  if (moduleName === undefined) {
    const first = version.findStep(stepId)?.modules[0];
    return { stepId, moduleName: first?.name ?? '' };
  }
  if (option.target_step === undefined && !version.find(stepId, moduleName)) {
    const elsewhere = version.steps.find((step) => step.modules.some((module) => module.name === moduleName));
    if (elsewhere) return { stepId: elsewhere.stepId, moduleName };
  }
  return { stepId, moduleName };
}

/** Branches in which the departure that made them is looked for: a client that repeats a request does so soon. */
const NEWEST_BRANCHES = 50;

/** True when a departure under this very key has made one of the newest branches: the request is a repetition. */
export async function isRepeated(runs: RunStore, { row }: LoadedRun, key: string | undefined): Promise<boolean> {
  if (key === undefined) return false;
  const runId = row.workflow_run_id;
  const branches = (await runs.branches({ runId })).slice(-NEWEST_BRANCHES).reverse();
  for (const { branch_id: branchId, parent_branch_id: parentId, fork_seq: forkSeq } of branches) {
    if (parentId === null) continue;
    const [created] = await runs.readLine({ runId, branchId, afterSeq: forkSeq, limit: 1 });
    if (created?.type !== 'branch_created' || created.data.state_seq === undefined) continue;
    const { state_seq: stateSeq } = created.data;
    const [left] = await runs.readLine({ runId, branchId: parentId, afterSeq: stateSeq, limit: 1 });
    const departed = left?.type === 'retry_requested' || left?.type === 'jump_requested';
    if (departed && left.data.idempotency_key === key) return true;
  }
  return false;
}

/** `run_ended`, for a command that an ended run takes no more. */
export function runEnded(status: string): WfmError {
  return new WfmError('run_ended', `The run is ${status} already.`, { params: { status } });
}
