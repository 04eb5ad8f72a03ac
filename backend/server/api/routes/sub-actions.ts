import {
  aiConfigSchema,
  clientSignal,
  defineRoute,
  prefersAsync,
  type Principal,
  type Route,
  sse,
  type SseFrame,
  subActionFields,
} from '@wfm/http';
import { streamSubAction } from '@wfm/workflow-engine';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { bytesOf, runOwner, runParams } from '../common.ts';

const tags = ['sub-actions'];
const events = bytesOf('text/event-stream', 'started, progress, then complete or error');
const executionParams = runParams.extend({ execution: z.string() });

/** Work started from an open question (format.md 13). It goes on whether anybody watches it or not. */
export function subActionRoutes({ processor }: RouteContext): Route[] {
  /** Follows an execution; when the client goes, only the stream ends. */
  async function follow(
    { request, reply, principal }: { request: FastifyRequest; reply: FastifyReply; principal: Principal },
    runId: string,
    executionId: string,
  ): Promise<FastifyReply> {
    const gone = clientSignal(request);
    const signal = AbortSignal.any([gone, request.server.draining]);
    const frames = framesOf(streamSubAction(processor, { runId, userId: principal.userId, executionId, signal }));
    // An execution that is not there is an ordinary answer, with its status.
    const first = await frames.next();
    return sse(reply, resumed(first, frames), { signal: gone });
  }

  return [
    defineRoute({
      method: 'POST',
      path: '/workflow/:run/sub-action',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'Start a sub-action of the open question; Prefer: respond-async answers at once',
        tags,
        params: runParams,
        body: z.strictObject({ ...subActionFields, ai_config: aiConfigSchema.optional() }),
        response: { 200: events, 202: z.object({ execution_id: z.string(), expected: z.number().int() }) },
      },
      async handler(call) {
        const { params, body, principal, request, reply } = call;
        const { ai_config: aiConfig, idempotency_key: idempotencyKey, feedback } = body;
        const { executionId, expected } = await processor.subActions.start({
          runId: params.run,
          userId: principal.userId,
          interactionId: body.interaction_id,
          subActionId: body.sub_action_id,
          params: body.params,
          ...(feedback === undefined ? {} : { feedback }),
          ...(aiConfig === undefined ? {} : { aiConfig }),
          ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        });
        if (prefersAsync(request.headers)) return reply.code(202).send({ execution_id: executionId, expected });
        return follow({ request, reply, principal }, params.run, executionId);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/sub-action/:execution/stream',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'Follow an execution of a sub-action, also one that has ended',
        tags,
        params: executionParams,
        response: { 200: events },
      },
      handler: (call) => follow(call, call.params.run, call.params.execution),
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow/:run/sub-action/:execution/cancel',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'Cancel an execution of a sub-action; one that has ended stays as it is',
        tags,
        params: executionParams,
        response: { 200: z.object({ execution_id: z.string() }) },
      },
      async handler({ params, principal }) {
        const { run: runId, execution: executionId } = params;
        await processor.subActions.cancel({ runId, userId: principal.userId, executionId });
        return { execution_id: executionId };
      },
    }),
  ];
}

/** Frames as they are sent; a failed execution ends the stream with its problem. */
async function* framesOf(frames: ReturnType<typeof streamSubAction>): AsyncGenerator<SseFrame> {
  for await (const frame of frames) {
    if (frame.event === 'error') throw frame.error;
    yield frame;
  }
}

async function* resumed<T>(first: IteratorResult<T, unknown>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
