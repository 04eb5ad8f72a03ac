import { compileVersion, type CompiledVersion } from '../../definition/compile-version.ts';
import type { EventDraft, EventOf, RunEvent } from '../../events/run-event.ts';
import type { InteractionRequest } from '../../models/interaction.ts';
import type { JsonObject } from '../../models/json.ts';
import { createRegistry } from '../../modules/registry.ts';
import { standardModules } from '../../modules/standard-modules.ts';
import { fold } from '../evolve.ts';
import type { RunState } from '../run-state.ts';

/** Logs written by hand, for tests of what is pure. */

export const registry = createRegistry([...standardModules]);

/** A compiled version; its steps are given as `{ step_id: [module names] }`, all of them extractions. */
export function versionOf(steps: Record<string, string[]>): CompiledVersion {
  const definition = {
    format: 2,
    workflow_id: 'w',
    steps: Object.entries(steps).map(([step_id, names]) => ({
      step_id,
      name: `{step_number}. ${step_id}`,
      modules: names.map((name) => ({ module_id: 'transform.extract', name, inputs: { x: 1 } })),
    })),
  };
  return compileVersion(definition, 'sha256:v', registry);
}

const envelope = { workflow_run_id: 'run', branch_id: 'A', version_id: 'sha256:v', time: '2026-01-01T00:00:00.000Z' };

/** Event 0. */
export function created(initial_state: JsonObject = {}): RunEvent {
  const data = {
    project_name: 'p',
    template_name: 't',
    initial_state,
    config: {},
    mode: 'real' as const,
    ai_config: {},
  };
  return { ...envelope, seq: 0, type: 'workflow_created', data };
}

/** Drafts as the events of branch A after event 0. */
export function line(drafts: EventDraft[], initial: JsonObject = {}): RunEvent[] {
  return [created(initial), ...drafts.map((draft, index) => ({ ...envelope, seq: index + 1, ...draft }))];
}

/** The fold of such a line. */
export function stateOf(drafts: EventDraft[], initial: JsonObject = {}): RunState {
  return fold(
    null,
    line(drafts, initial).map((event) => ({ event })),
  );
}

const at = (path: string): { step_id: string; module_name: string } => {
  const [step_id = '', module_name = ''] = path.split('/');
  return { step_id, module_name };
};

export const stepStarted = (step_id: string): EventDraft => ({
  type: 'step_started',
  step_id,
  data: { index: 0, name: step_id },
});
export const stepCompleted = (step_id: string): EventDraft => ({
  type: 'step_completed',
  step_id,
  data: { index: 0, name: step_id },
});
export const started = (path: string, changes: { attempt?: number; inputs?: JsonObject } = {}): EventDraft => ({
  type: 'module_started',
  ...at(path),
  attempt: changes.attempt ?? 1,
  data: {
    module_id: 'transform.extract',
    revision: 1,
    kind: 'compute',
    index: 0,
    input_hash: `hash of ${path}`,
    inputs: changes.inputs ?? {},
    reason: 'no_record',
    warnings: [],
  },
});
export const completed = (path: string, outputs: JsonObject = {}, state_mapped: JsonObject = {}): EventDraft => ({
  type: 'module_completed',
  ...at(path),
  attempt: 1,
  data: {
    outputs,
    state_mapped,
    input_hash: `hash of ${path}`,
    origin: { kind: 'executed', reason: 'no_record' },
    duration_ms: 0,
    warnings: [],
  },
});
const error = { code: 'module_failed' as const, params: {}, title: 't', message: 'no', transient: false };
export const failed = (path: string, attempt = 1): EventDraft[] => [
  { type: 'module_error', ...at(path), attempt, data: { error, attempt, transient: false } },
  { type: 'workflow_error', ...at(path), data: { error } },
];
export const resumed: EventDraft = { type: 'workflow_resumed', data: { reason: 'error', by: 's' } };

/** A question of type confirm, as the log holds it. */
function requestOf(path: string, interaction_id: string): InteractionRequest {
  const { step_id, module_name } = at(path);
  return {
    interaction_type: 'confirm',
    interaction_id,
    title: 'Title',
    message: 'Go on?',
    yes_label: 'Yes',
    step_context: { step_id, step_name: step_id, module_name, module_index: 0 },
    rules: { validations: [] },
    extra_options: [],
    context: {},
  };
}
export const asked = (path: string, interaction_id: string): EventDraft => ({
  type: 'interaction_requested',
  ...at(path),
  attempt: 1,
  data: { interaction_id, module_id: 'user.pause', request: requestOf(path, interaction_id), question_hash: 'q' },
});
export const answered = (
  path: string,
  interaction_id: string,
  response: JsonObject = { confirmed: true },
): EventDraft => ({
  type: 'interaction_response',
  ...at(path),
  attempt: 1,
  data: {
    interaction_id,
    response,
    action_id: 'continue',
    by: 's',
    origin: { kind: 'executed', reason: 'no_record' },
  },
});

/** A retry or a jump to `path` that leaves the line. */
export function left(
  type: 'retry_requested' | 'jump_requested',
  path: string,
  changes: Partial<EventOf<'retry_requested'>['data']> = {},
): EventDraft {
  return {
    type,
    ...at(path),
    data: { target: at(path), new_branch_id: 'B', fork_seq: 1, by: 's', ...changes },
  };
}
