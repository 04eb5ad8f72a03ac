import { WfmError } from '../../errors/index.ts';
import type { EventDraft, EventOf } from '../../events/run-event.ts';
import type { WorkflowResponse } from '../../models/execution.ts';
import type { JsonObject } from '../../models/json.ts';
import type { LoadedRun, Reopen } from '../commands.ts';
import { checkTarget, isRepeated } from '../navigation.ts';
import type { WorkflowProcessor } from '../processor.ts';
import type { QuestionRecord } from '../run-state.ts';

/**
 * Goes back to a question of the current line on a new branch, where it is open again under its own id, with what was
 * answered before on offer; nothing executes (format.md 9.7). Harmless while it is open. Throws `run_not_found`,
 * `interaction_not_found`, `run_ended` for a cancelled run, `module_not_found` and `step_not_found` where the version no
 * longer asks it, `branch_not_current`, `run_limit`.
 */
export async function reopenQuestion(processor: WorkflowProcessor, params: Reopen): Promise<WorkflowResponse> {
  return processor.command(params, async (run) => {
    const { runs } = processor.options.database;
    if (await isRepeated(runs, run, params.idempotencyKey)) return { replayed: true };
    const { state, version } = run;
    const question = state.questions.get(params.interactionId);
    if (!question) {
      throw new WfmError('interaction_not_found', 'There is no such question on the current branch.', {
        params: { interaction_id: params.interactionId },
      });
    }
    if (state.ended === 'cancelled')
      throw new WfmError('run_ended', 'The run was cancelled; it cannot go back to a question.');
    if (!question.answer && state.open?.interactionId === question.interactionId) return {};
    const record = state.modules.get(question.key);
    const target = { step_id: record?.stepId ?? '', module_name: record?.name ?? '' };
    checkTarget(version, target.step_id, target.module_name);
    const data: EventOf<'jump_requested'>['data'] = {
      kind: 'reopen',
      target,
      new_branch_id: processor.options.ids.uuid(),
      fork_seq: question.requestedSeq,
      by: params.sessionId,
    };
    const previous = await answerTo(processor, run, question);
    if (previous) data.previous_answer = previous;
    if (params.idempotencyKey !== undefined) data.idempotency_key = params.idempotencyKey;
    const event: EventDraft = { type: 'jump_requested', ...target, data };
    return { event, interrupt: true };
  });
}

/** What the person answered on this line; null where they cancelled or never answered. */
async function answerTo(
  processor: WorkflowProcessor,
  { row, state }: LoadedRun,
  { answer }: QuestionRecord,
): Promise<JsonObject | null> {
  if (!answer) return null;
  const [event] = await processor.options.database.runs.readLine({
    runId: row.workflow_run_id,
    branchId: state.branchId,
    afterSeq: answer.seq - 1,
    upToSeq: answer.seq,
  });
  if (event?.type !== 'interaction_response' || event.data.response.cancelled === true) return null;
  return event.data.response;
}
