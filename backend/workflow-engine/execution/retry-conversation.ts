import type { JsonObject } from '../models/json.ts';
import type { ConversationTurn } from '../modules/module.ts';
import type { ModuleKey, RetryTurn, RunState } from './run-state.ts';

/** Reads the outputs of an earlier completion from the log. */
export type ReadOutputs = (runId: string, completed: NonNullable<RetryTurn['completed']>) => Promise<JsonObject>;

/** Flat state as one execution of a module sees it, with what only a retried execution is told. */
export interface Seen {
  state: JsonObject;
  conversation: ConversationTurn[];
  /** Inputs edited by hand (format.md 10.5). */
  override: JsonObject | null;
}

/**
 * What a module sees: flat state; on the branch that a retry of it has made, or on a line reconciled from there, also
 * the feedback and the conversation so far (format.md 7.6, 12.4). A module of a child run is told its sub-action's feedback.
 */
export async function seenBy(readOutputs: ReadOutputs, state: RunState, key: ModuleKey): Promise<Seen> {
  const said = state.created.parent?.feedback;
  if (said !== undefined) return { state: state.flat, conversation: [feedbackTurn(said)], override: null };
  const turns = state.retryTurns.get(key);
  const isTarget = state.fork?.kind === 'retry' && state.fork.target === key;
  if (!turns || !(isTarget || state.fork?.kind === 'reconcile'))
    return { state: state.flat, conversation: [], override: null };
  const conversation = await conversationOf(readOutputs, state.runId, turns);
  const overlay = Object.assign(Object.create(null) as JsonObject, state.flat, {
    _retry_conversation_history: conversation,
    _retry_feedback: turns.at(-1)?.feedback ?? '',
  });
  return { state: overlay, conversation, override: isTarget ? (state.fork?.inputsOverride ?? null) : null };
}

async function conversationOf(
  readOutputs: ReadOutputs,
  runId: string,
  turns: readonly RetryTurn[],
): Promise<ConversationTurn[]> {
  const conversation: ConversationTurn[] = [];
  for (const { completed, feedback } of turns) {
    if (completed) {
      const outputs = await readOutputs(runId, completed);
      const said = outputs.response_text ?? outputs.response;
      if (said !== undefined)
        conversation.push({ role: 'assistant', text: typeof said === 'string' ? said : JSON.stringify(said, null, 2) });
    }
    if (feedback !== null && feedback.trim() !== '') conversation.push(feedbackTurn(feedback));
    // Never the model's own words last: it would take them for an answer that it has begun.
    else if (conversation.at(-1)?.role === 'assistant') conversation.push({ role: 'user', text: silentRetry });
  }
  return conversation;
}

const silentRetry = 'The person who reviewed this asks for another answer, and did not say why.';

function feedbackTurn(feedback: string): ConversationTurn {
  return { role: 'user', text: `Feedback from the person who reviewed this:\n${feedback}` };
}
