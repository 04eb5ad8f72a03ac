import type { CompiledVersion } from '../definition/compile-version.ts';
import { renderStatusDisplay } from '../definition/status-display.ts';
import type { Progress } from '../models/execution.ts';
import type { RunProjection } from '../ports/run-store.ts';
import { statusOf } from './next.ts';
import { moduleKey, type RunState } from './run-state.ts';

/** How far a run is; it names the module that waits or runs (format.md 10.1). */
export function progressOf(state: RunState, version: CompiledVersion): Progress {
  const completed = version.steps.filter((step) => state.stepsCompleted.has(step.stepId)).map((step) => step.stepId);
  const current = version.steps.find((step) => !state.stepsCompleted.has(step.stepId));
  const module = current?.modules.find(
    (candidate) => state.modules.get(moduleKey(current.stepId, candidate.name))?.phase !== 'completed',
  );
  return {
    current_step: current?.stepId ?? null,
    current_module: module?.name ?? null,
    completed_steps: completed,
    total_steps: version.steps.length,
    step_index: current?.index ?? version.steps.length,
  };
}

/** What the run's row shall say once these events are stored; derived from the fold alone. */
export function projectionOf(
  state: RunState,
  version: CompiledVersion,
  options: { now: Date; timezone: string },
): RunProjection {
  const status = statusOf(state);
  const progress = progressOf(state, version);
  const over = status === 'completed' || status === 'cancelled' || status === 'error';
  const projection: RunProjection = {
    status,
    progress,
    status_fields: version.workflow.status_display
      ? renderStatusDisplay(version.workflow, {
          state: state.flat,
          current_step_name: version.steps[progress.step_index]?.name ?? '',
          now: options.now,
          timezone: options.timezone,
        })
      : [],
    error: state.error,
    interaction_id: status === 'awaiting_input' ? (state.open?.interactionId ?? null) : null,
    version_id: state.versionId,
  };
  if (over) projection.active_name = 'release';
  return projection;
}
