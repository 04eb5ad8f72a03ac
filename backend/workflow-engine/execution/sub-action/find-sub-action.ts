import type { CompiledModule } from '../../definition/compile-version.ts';
import { WfmError } from '../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import { limits } from '../../models/limits.ts';
import type { LoadedRun } from '../commands.ts';
import type { OpenQuestion } from '../run-state.ts';
import { readResultMapping, type ResultMapping } from './result-mapping.ts';
import { subActionsOf } from './sub-actions-of.ts';

/** Where a sub-action's feedback is put in the child's state, unless it says otherwise (format.md 13). */
const FEEDBACK_KEY = '_retry_feedback';

/** A sub-action of the open question, as its definition describes it. */
export interface FoundSubAction {
  id: string;
  label: string;
  kind: 'self' | 'target';
  actions: JsonObject[];
  mapping: ResultMapping[];
  feedbackKey: string;
  /** The module that asks. */
  compiled: CompiledModule;
  open: OpenQuestion;
  place: string;
}

/**
 * Finds a sub-action of the question that a run has open (format.md 13.1). Throws `interaction_closed`,
 * `sub_action_not_found`, `sub_action_mixed`, and `sub_action_limit` where no more may run (format.md 23).
 */
export function findSubAction(run: LoadedRun, interactionId: string, subActionId: string): FoundSubAction {
  const { state, version, row } = run;
  if (row.parent_run_id !== null) throw limitError('depth', 1, 2);
  const { open } = state;
  const record = open && state.modules.get(open.key);
  const compiled = record && version.find(record.stepId, record.name);
  if (state.ended || state.departure || !compiled || open.interactionId !== interactionId || open.response !== null) {
    throw new WfmError('interaction_closed', 'The question is not open, so nothing can be started from it.', {
      params: { interaction_id: interactionId },
    });
  }
  const running = state.subActions.filter((other) => other.status === 'running').length;
  if (running >= limits.subActionsAtOnce) throw limitError('at_once', limits.subActionsAtOnce, running + 1);
  return describe(open, compiled, subActionId);
}

/** The description of a sub-action that has been started already; it may be gone from a changed version. */
export function describe(open: OpenQuestion, compiled: CompiledModule, subActionId: string): FoundSubAction {
  const all = subActionsOf(compiled);
  const index = all.findIndex((candidate) => candidate.id === subActionId);
  const node = all[index];
  if (!node) {
    const known = all.map((candidate) => String(candidate.id));
    throw new WfmError(
      'sub_action_not_found',
      `The question has no sub-action "${subActionId}". It has: ${known.join(', ') || 'none'}.`,
      { params: { sub_action_id: subActionId, known } },
    );
  }
  const place = `${compiled.place}.sub_actions[${index}]`;
  const actions = (Array.isArray(node.actions) ? (node.actions as unknown[]) : []).filter(isJsonObject);
  const kinds = new Set(actions.map((action) => action.type));
  const [type] = kinds;
  if (kinds.size > 1) {
    throw new WfmError('sub_action_mixed', 'A sub-action may not mix calls of its own module with calls of others.', {
      place: `${place}.actions`,
    });
  }
  if (type !== 'self_sub_action' && type !== 'target_sub_action') {
    throw new WfmError('sub_action_target_missing', 'The sub-action has no action that can be carried out.', { place });
  }
  const key = isJsonObject(node.feedback) ? node.feedback.state_key : undefined;
  return {
    id: subActionId,
    label: typeof node.label === 'string' ? node.label : subActionId,
    kind: type === 'self_sub_action' ? 'self' : 'target',
    actions,
    mapping: readResultMapping(node.result_mapping),
    feedbackKey: typeof key === 'string' && key !== '' ? key : FEEDBACK_KEY,
    compiled,
    open,
    place,
  };
}

function limitError(what: 'at_once' | 'depth', limit: number, actual: number): WfmError {
  const message =
    what === 'depth'
      ? 'A run that was started by a sub-action starts none itself.'
      : `At most ${limit} sub-actions of a run work at once. Wait for one to end, or cancel one.`;
  return new WfmError('sub_action_limit', message, { params: { what, limit, actual } });
}
