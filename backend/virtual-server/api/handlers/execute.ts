import { clientSignal, type Principal, sse, type SseFrame } from '@wfm/http';
import { hasCode, isWfmError } from '@wfm/workflow-engine/errors';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import type { ExecuteJob, PreviewCommand, SubActionEnd } from '../../runner/preview-host.ts';
import { FrameQueue } from '../../utils/frame-queue.ts';
import { unlessGone } from '../../utils/unless-gone.ts';
import type { ExecuteBody } from '../bodies.ts';
import type { RouteContext } from '../route-context.ts';
import { jobOf } from './job.ts';

interface ExecuteCall {
  body: ExecuteBody;
  principal: Principal;
  request: FastifyRequest;
  reply: FastifyReply;
}

/**
 * Carries a command out while its client waits: as one answer, or as a stream of what happens that ends with the whole
 * answer (`Accept: text/event-stream`). The request is the execution: when the client goes, it ends (format.md 10.10.5).
 */
export async function execute(context: RouteContext, call: ExecuteCall, command: PreviewCommand): Promise<unknown> {
  const { request, reply, principal, body } = call;
  const job = await jobOf(context.snapshots, principal, body, command);
  const gone = clientSignal(request);
  const work = async (onFrame?: (frame: SseFrame) => void) =>
    (await inSlot(context, { job, previewKey: body.preview_key, gone, log: request.log, onFrame })).response;
  return unlessGone(reply, gone, async () => {
    if (!wantsStream(request)) return work();
    const frames = new FrameQueue();
    const done = work((frame) => frames.push(frame)).then(
      (response) => frames.end({ event: 'complete', data: response }),
      (error: unknown) => frames.fail(error),
    );
    // What fails before anything has happened is an ordinary answer, with its status.
    await Promise.race([frames.first, done]);
    frames.throwIfEmpty();
    return sse(reply, frames, { signal: gone });
  });
}

/** What a request has done; with a sub-action, how it ended. */
export interface Executed {
  response: VirtualWorkflowResponse;
  subAction: SubActionEnd | null;
}

/** Executes a job once there is room for it, and seals the state after. */
export async function inSlot(
  context: RouteContext,
  options: {
    job: ExecuteJob;
    previewKey: string | undefined;
    gone: AbortSignal;
    log: FastifyBaseLogger;
    onFrame: ((frame: SseFrame) => void) | undefined;
  },
): Promise<Executed> {
  const { job, previewKey, gone, log, onFrame } = options;
  const { host, snapshots, slots, clock, metrics } = context;
  const startedAt = clock.monotonicMs();
  const ended = (outcome: string): void => metrics.previewEnded(outcome, (clock.monotonicMs() - startedAt) / 1000);
  try {
    const result = await slots.run({ userId: job.userId, previewKey, signal: gone }, (own) =>
      host.execute(job, onFrame ? { signal: own, onFrame } : { signal: own }),
    );
    const { runId, response, state, mock, plan, gzip } = result;
    const virtual_db = await snapshots.give(gzip, { userId: job.userId, runId });
    ended(response.status);
    return {
      response: { ...response, virtual_run_id: runId, virtual_db, state, mock, plan },
      subAction: result.subAction ?? null,
    };
  } catch (error) {
    ended(isWfmError(error) ? error.code : gone.aborted ? 'gone' : 'failed');
    noteStumble(log, error);
    throw error;
  }
}

/** What a start would do; takes a slot like an execution, since it reads as much. */
export async function plan(context: RouteContext, call: ExecuteCall): Promise<unknown> {
  const { request, reply, principal, body } = call;
  const job = await jobOf(context.snapshots, principal, body, {
    kind: 'start',
    force: 'force' in body && body.force !== undefined ? body.force : false,
  });
  const gone = clientSignal(request);
  return unlessGone(reply, gone, async () => {
    try {
      return await context.slots.run({ userId: job.userId, previewKey: body.preview_key, signal: gone }, (signal) =>
        context.host.plan(job, { signal }),
      );
    } catch (error) {
      noteStumble(request.log, error);
      throw error;
    }
  });
}

/** A snapshot that we signed and cannot use is worth a look: either a fault of ours, or a secret that got out. */
export function noteStumble(log: FastifyBaseLogger, error: unknown): void {
  if (hasCode(error, 'snapshot_malformed') && error.cause !== undefined) {
    log.error({ err: error.cause }, 'the engine stumbled over a signed snapshot');
  }
}

function wantsStream({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').includes('text/event-stream');
}
