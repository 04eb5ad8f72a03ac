import { type Caller, streamSubAction } from '@wfm/workflow-engine';
import { toStoredError } from '@wfm/workflow-engine/errors';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import type { PreviewCommand } from './preview-host.ts';
import type { PreviewSession } from './preview-session.ts';

/** Before the names of a sub-action's frames, which are not those of the run's log. */
export const subActionFrame = 'sub_action:';

/**
 * Carries a sub-action out from its start to its end, and tells of it meanwhile; how it ended is kept in the session.
 * When the request ends first, so does the sub-action (format.md 13.7). Throws what starting it throws, and the signal's
 * reason.
 */
export async function runSubAction(
  session: PreviewSession,
  command: Extract<PreviewCommand, { kind: 'sub_action' }>,
  caller: Caller & { runId: string },
): Promise<WorkflowResponse> {
  const { processor } = session;
  const { kind: _kind, ...wanted } = command;
  const { runId, userId, aiConfig } = caller;
  const signal = caller.signal ?? new AbortController().signal;
  const { executionId } = await processor.subActions.start({
    ...wanted,
    runId,
    userId,
    signal,
    ...(aiConfig ? { aiConfig } : {}),
  });
  for await (const frame of streamSubAction(processor, { runId, userId, executionId, signal })) {
    if (frame.event === 'complete') session.subAction = { complete: frame.data };
    else if (frame.event === 'error') session.subAction = { error: toStoredError(frame.error) };
    else session.tell({ event: `${subActionFrame}${frame.event}`, data: frame.data });
  }
  if (signal.aborted) await processor.subActions.cancel({ runId, userId, executionId });
  await processor.subActions.finished(executionId);
  signal.throwIfAborted();
  return processor.status({ runId, userId });
}
