import { clientSignal, type Principal, problemOf, sse, type SseFrame } from '@wfm/http';
import { fromStoredError } from '@wfm/workflow-engine/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { subActionFrame } from '../../runner/run-sub-action.ts';
import { FrameQueue } from '../../utils/frame-queue.ts';
import { unlessGone } from '../../utils/unless-gone.ts';
import type { subActionBody } from '../bodies.ts';
import type { RouteContext } from '../route-context.ts';
import { type Executed, inSlot } from './execute.ts';
import { jobOf } from './job.ts';

interface SubActionCall {
  body: z.output<typeof subActionBody>;
  principal: Principal;
  request: FastifyRequest;
  reply: FastifyReply;
}

/**
 * Carries a sub-action out while its client watches; the last frame has the state after (format.md 13). When the client
 * goes, it ends, and nothing of it is kept.
 */
export async function subAction(context: RouteContext, call: SubActionCall): Promise<unknown> {
  const { request, reply, principal, body } = call;
  const { interaction_id, sub_action_id, params, feedback, idempotency_key } = body;
  const job = await jobOf(context.snapshots, principal, body, {
    kind: 'sub_action',
    interactionId: interaction_id,
    subActionId: sub_action_id,
    params,
    ...(feedback === undefined ? {} : { feedback }),
    ...(idempotency_key === undefined ? {} : { idempotencyKey: idempotency_key }),
  });
  const gone = clientSignal(request);
  return unlessGone(reply, gone, async () => {
    const frames = new FrameQueue();
    const onFrame = ({ event, data }: SseFrame): void => {
      if (event.startsWith(subActionFrame)) frames.push({ event: event.slice(subActionFrame.length), data });
    };
    const done = inSlot(context, { job, previewKey: body.preview_key, gone, log: request.log, onFrame }).then(
      (executed) => frames.end(lastFrame(executed, request.id)),
      (error: unknown) => frames.fail(error),
    );
    // What fails before anything has happened is an ordinary answer, with its status.
    await Promise.race([frames.first, done]);
    frames.throwIfEmpty();
    return sse(reply, frames, { signal: gone });
  });
}

function lastFrame({ response, subAction: end }: Executed, requestId: string): SseFrame {
  const { virtual_db, virtual_run_id, state } = response;
  if (end && 'complete' in end) {
    return { event: 'complete', data: { ...end.complete, virtual_db, virtual_run_id, state } };
  }
  const error = end ? fromStoredError(end.error) : new Error('the sub-action has no end');
  return { event: 'error', data: { ...problemOf(error, requestId).body, virtual_db, virtual_run_id } };
}
