import { clientSignal, type Principal } from '@wfm/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { unlessGone } from '../../utils/unless-gone.ts';
import type { nameBranchBody } from '../bodies.ts';
import type { RouteContext } from '../route-context.ts';
import { branchView } from '../views.ts';
import { noteStumble } from './execute.ts';
import { openSnapshot } from './job.ts';

interface NameBranchCall {
  params: { branch: string };
  body: z.output<typeof nameBranchBody>;
  principal: Principal;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** Names a branch; the answer has the state in which it is so named. */
export async function nameBranch(context: RouteContext, call: NameBranchCall): Promise<unknown> {
  const { params, body, principal, request, reply } = call;
  const { userId } = principal;
  const snapshot = await openSnapshot(context.snapshots, principal, body);
  const gone = clientSignal(request);
  const job = { userId, snapshot, branchId: params.branch, name: body.name };
  return unlessGone(reply, gone, async () => {
    try {
      const named = await context.reads.run({ userId, signal: gone }, () => context.host.nameBranch(job));
      const { runId } = snapshot;
      const virtual_db = await context.snapshots.give(named.gzip, { userId, runId });
      return { ...branchView(named.branch, named.currentBranchId), virtual_run_id: runId, virtual_db };
    } catch (error) {
      noteStumble(request.log, error);
      throw error;
    }
  });
}
