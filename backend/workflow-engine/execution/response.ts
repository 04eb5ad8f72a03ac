import type { CompiledVersion } from '../definition/compile-version.ts';
import type { RuleFailure, WorkflowResponse } from '../models/execution.ts';
import { withDisplayData } from './interaction.ts';
import { statusOf } from './next.ts';
import type { Stop } from './execute.ts';
import { progressOf } from './projection.ts';
import type { RunState } from './run-state.ts';

/** How a request's execution ended, as far as the request saw it. */
export interface Outcome {
  stop?: Stop;
  /** The caller's patience ended first; the run goes on. */
  unfinished?: boolean;
  /** Nobody executes the run, although there is something to do. */
  free?: boolean;
  validation?: { errors: RuleFailure[]; warnings: RuleFailure[] };
}

/** The answer of an execution route: what the fold says, and what belongs to this request alone (api.md). */
export function responseOf(
  state: RunState,
  version: CompiledVersion,
  engine: string,
  outcome: Outcome,
): WorkflowResponse {
  const folded = statusOf(state);
  const status = outcome.validation
    ? 'validation_failed'
    : outcome.stop === 'target_reached'
      ? 'target_reached'
      : folded;
  const progress = progressOf(state, version);
  const response: WorkflowResponse = {
    workflow_run_id: state.runId,
    status,
    mode: state.created.mode,
    engine,
    message: messageOf(state, status, progress.current_module),
    progress,
    validation_errors: outcome.validation?.errors ?? [],
    validation_warnings: outcome.validation?.warnings ?? [],
    branch_id: state.branchId,
    last_seq: state.lastSeq,
  };
  if (state.open && state.open.response === null) response.interaction_request = withDisplayData(state.open.request);
  if (state.ended === 'completed' && state.result) response.result = state.result;
  if (folded === 'error' && state.error) response.error = state.error;
  return response;
}

function messageOf(state: RunState, status: WorkflowResponse['status'], module: string | null): string {
  switch (status) {
    case 'awaiting_input':
      return state.open?.request.title || 'The run waits for an answer.';
    case 'awaiting_task':
      return 'The run waits for a background task.';
    case 'processing':
      return module === null ? 'The run goes on.' : `The run goes on with ${module}.`;
    case 'completed':
      return 'The run has completed.';
    case 'cancelled':
      return 'The run was cancelled.';
    case 'error':
      return state.error?.message ?? 'The run has failed.';
    case 'target_reached':
      return 'The target has been reached.';
    case 'validation_failed':
      return 'The answer was not accepted; the question is still open.';
    default:
      return 'The run has been created.';
  }
}
