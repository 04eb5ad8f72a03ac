import { clientSignal, type Principal } from '@wfm/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ReadAnswers, ReadQuery } from '../../runner/preview-host.ts';
import type { RouteContext } from '../route-context.ts';
import { noteStumble } from './execute.ts';
import { openSnapshot } from './job.ts';
import { unlessGone } from '../../utils/unless-gone.ts';

interface ReadCall {
  body: { virtual_db: string; virtual_run_id?: string | undefined };
  principal: Principal;
  request: FastifyRequest;
  reply: FastifyReply;
}

/**
 * Asks a host about a snapshot and presents what it finds. A few at a time, so that inflating what clients send never
 * takes all there is.
 */
export async function read<Q extends ReadQuery>(
  context: RouteContext,
  { body, principal, request, reply }: ReadCall,
  query: Q,
  present: (found: ReadAnswers[Q['kind']]) => unknown,
): Promise<unknown> {
  const { userId } = principal;
  const snapshot = await openSnapshot(context.snapshots, principal, body);
  const gone = clientSignal(request);
  return unlessGone(reply, gone, async () => {
    try {
      return present(
        await context.reads.run({ userId, signal: gone }, () => context.host.read({ userId, snapshot, query })),
      );
    } catch (error) {
      noteStumble(request.log, error);
      throw error;
    }
  });
}

const mimes = { text: 'text/plain; charset=utf-8', json: 'application/json', binary: 'application/octet-stream' };

/** Sends a file of a preview as a download: what strangers wrote is never shown as a page of ours. */
export function sendFile(reply: FastifyReply, file: ReadAnswers['file']): FastifyReply {
  return reply
    .type(file.mime ?? mimes[file.contentType])
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.filename)}`)
    .header('cache-control', 'private, no-store')
    .header('x-content-type-options', 'nosniff')
    .send(Buffer.from(file.data));
}
