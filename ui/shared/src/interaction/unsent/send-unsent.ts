import type { InteractionRequest } from '@wfm/workflow-engine/models';
import { dataOf, isApiError, isPassing, newId, productionApi } from '../../core/index.ts';
import { answerOf } from '../answers/draft.ts';
import { dropUnsent, type UnsentAnswer } from './unsent-answers.ts';

/**
 * What became of an answer that was begun earlier: taken; its question is over, so that it is forgotten; refused by its
 * question's rules; nobody could be reached. The last two are kept.
 */
export type UnsentOutcome = 'sent' | 'closed' | 'refused' | 'unreachable';

/** Sends what was begun in a run and left (ux.md 2.9). An answer that was on its way already goes under its own key. */
export async function sendUnsent(unsent: UnsentAnswer): Promise<UnsentOutcome> {
  try {
    const outcome = await send(unsent);
    if (outcome === 'sent' || outcome === 'closed') await dropUnsent(unsent.userId, unsent.place, unsent.interactionId);
    return outcome;
  } catch (error) {
    return isPassing(error) ? 'unreachable' : 'refused';
  }
}

async function send({ place: run, interactionId, draft, pending }: UnsentAnswer): Promise<UnsentOutcome> {
  try {
    const record = await dataOf(
      productionApi().GET('/workflow/{run}/interactions/{interaction}', {
        params: { path: { run, interaction: interactionId } },
      }),
    );
    if (record.status !== 'open') return 'closed';
    const response = await dataOf(
      productionApi().POST('/workflow/respond', {
        headers: { prefer: 'wait=0' },
        body: {
          workflow_run_id: run,
          interaction_id: interactionId,
          response: (pending?.answer ?? answerOf(record.request as InteractionRequest, draft)) as never,
          idempotency_key: pending?.key ?? newId(),
        },
      }),
    );
    return response.status === 'validation_failed' ? 'refused' : 'sent';
  } catch (error) {
    if (isOver(error)) return 'closed';
    throw error;
  }
}

/** True for a refusal that means that the question cannot be answered any more. */
export function isOver(error: unknown): boolean {
  return isApiError(error) && over.has(error.problem.code);
}

const over = new Set(['interaction_already_answered', 'interaction_closed', 'interaction_not_found', 'run_not_found']);
