import { clientSignal, type Principal } from '@wfm/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { unlessGone } from '../../utils/unless-gone.ts';
import type { openBody } from '../bodies.ts';
import type { RouteContext } from '../route-context.ts';
import { branchView, type openedSchema } from '../views.ts';
import { noteStumble } from './execute.ts';

interface OpenCall {
  body: z.output<typeof openBody>;
  principal: Principal;
  request: FastifyRequest;
  reply: FastifyReply;
}

/**
 * Opens a production run of the caller as a preview: copies it out of the database, has a host fold it, and signs what
 * comes of it. Nothing is written there. A few at a time, like other reads.
 */
export async function open(context: RouteContext, { body, principal, request, reply }: OpenCall): Promise<unknown> {
  const { userId } = principal;
  const { workflow_run_id: runId, up_to_seq: upToSeq } = body;
  const gone = clientSignal(request);
  return unlessGone(reply, gone, () =>
    context.reads.run({ userId, signal: gone }, async (): Promise<z.output<typeof openedSchema>> => {
      const copied = await context.opener.open({ userId, runId, upToSeq });
      try {
        const found = await context.host.open({ userId, snapshot: { gzip: copied, runId } });
        const { response, state, mock, plan, gzip, definition, branches, opened } = found;
        const virtual_db = await context.snapshots.give(gzip, { userId, runId });
        return {
          ...response,
          virtual_run_id: runId,
          virtual_db,
          state,
          mock,
          plan,
          definition,
          branches: branches.map((branch) => branchView(branch, opened.branch_id)),
          opened,
        };
      } catch (error) {
        noteStumble(request.log, error);
        throw error;
      }
    }),
  );
}
