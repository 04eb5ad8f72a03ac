import type { CompiledModule, CompiledStep, CompiledVersion } from '../definition/compile-version.ts';
import type { RunStatus } from '../models/execution.ts';
import { type FinishedTask, moduleKey, type RunState } from './run-state.ts';

/** Where an execution shall stop. */
export interface Target {
  stepId: string;
  moduleName: string;
}

/** What a run does next (format.md 10.2). */
export type NextStep =
  | { kind: 'branch' }
  | { kind: 'finish' }
  | { kind: 'fail' }
  | { kind: 'stop' }
  | { kind: 'ask'; interactionId: string }
  | { kind: 'wait'; taskId: string }
  | { kind: 'start_step'; step: CompiledStep }
  | { kind: 'execute'; module: CompiledModule }
  | { kind: 'complete'; module: CompiledModule; response: Record<string, unknown> }
  | { kind: 'finish_job'; module: CompiledModule; task: FinishedTask }
  | { kind: 'complete_step'; step: CompiledStep }
  | { kind: 'complete_workflow' };

/** Decides the next step of a run. Pure: the same state, version and target give the same step. */
export function next(state: RunState, version: CompiledVersion, target?: Target): NextStep {
  if (state.departure) return { kind: 'branch' };
  if (state.ended) return { kind: 'finish' };
  if (state.error) return { kind: 'fail' };
  if (target && state.modules.get(moduleKey(target.stepId, target.moduleName))?.phase === 'completed') {
    return { kind: 'stop' };
  }
  if (state.open) {
    const { interactionId, key, response } = state.open;
    if (response === null) return { kind: 'ask', interactionId };
    const record = state.modules.get(key);
    const module = record && version.find(record.stepId, record.name);
    if (module) return { kind: 'complete', module, response };
  }
  if (state.task) return { kind: 'wait', taskId: state.task.taskId };
  if (state.finished) {
    const record = state.modules.get(state.finished.key);
    const module = record && version.find(record.stepId, record.name);
    if (module) return { kind: 'finish_job', module, task: state.finished };
  }
  for (const step of version.steps) {
    if (state.stepsCompleted.has(step.stepId)) continue;
    if (!state.stepsStarted.has(step.stepId)) return { kind: 'start_step', step };
    for (const module of step.modules) {
      if (state.modules.get(moduleKey(step.stepId, module.name))?.phase !== 'completed')
        return { kind: 'execute', module };
    }
    return { kind: 'complete_step', step };
  }
  return { kind: 'complete_workflow' };
}

/** The status that the fold says (format.md 10.1). */
export function statusOf(state: RunState): RunStatus {
  if (state.departure) return 'processing';
  if (state.ended) return state.ended;
  if (state.error) return 'error';
  if (state.open && state.open.response === null) return 'awaiting_input';
  if (state.task) return 'awaiting_task';
  return state.lastSeq === 0 ? 'created' : 'processing';
}

/** True while `next` has something to do: somebody has to execute the run. */
export function isGoing(state: RunState): boolean {
  const status = statusOf(state);
  return status === 'processing' || status === 'created';
}
