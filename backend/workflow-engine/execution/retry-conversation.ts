import type { JsonObject } from '../models/json.ts';
import type { ConversationTurn } from '../modules/module.ts';
import type { ModuleKey, RetryTurn, RunState } from './run-state.ts';

/** Reads the outputs of an earlier completion from the log. */
export type ReadOutputs = (runId: string, completed: NonNullable<RetryTurn['completed']>) => Promise<JsonObject>;

/** What only a retried execution sees: the feedback and the conversation so far (format.md 7.6, 12.4). */
export async function retryOverlay(
  readOutputs: ReadOutputs,
  state: RunState,
  key: ModuleKey,
): Promise<{ state: JsonObject; conversation: ConversationTurn[] }> {
  const conversation: ConversationTurn[] = [];
  for (const turn of state.retryTurns.get(key) ?? []) {
    if (turn.completed) {
      const outputs = await readOutputs(state.runId, turn.completed);
      const said = outputs.response_text ?? outputs.response;
      if (said !== undefined)
        conversation.push({ role: 'assistant', text: typeof said === 'string' ? said : JSON.stringify(said, null, 2) });
    }
    if (turn.feedback !== null)
      conversation.push({ role: 'user', text: `Feedback from the person who reviewed this:\n${turn.feedback}` });
  }
  const overlay = Object.assign(Object.create(null) as JsonObject, state.flat, {
    _retry_conversation_history: conversation,
    _retry_feedback: state.fork?.feedback ?? '',
  });
  return { state: overlay, conversation };
}
