import { clientSignal, type Principal } from '@wfm/http';
import { redact } from '@wfm/workflow-engine/mock';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { unlessGone } from '../../utils/unless-gone.ts';
import type { exportBody } from '../bodies.ts';
import type { RouteContext } from '../route-context.ts';
import type { exportedSchema } from '../views.ts';
import { noteStumble } from './execute.ts';
import { openSnapshot } from './job.ts';

interface ExportCall {
  body: z.output<typeof exportBody>;
  principal: Principal;
  request: FastifyRequest;
  reply: FastifyReply;
}

/**
 * Hands a preview out as a file. Doing it again takes as much as executing it, so it takes a slot. The server's own
 * secrets, which no host knows, are looked for here.
 */
export async function exportPreview(context: RouteContext, call: ExportCall): Promise<unknown> {
  const { body, principal, request, reply } = call;
  const { userId } = principal;
  const snapshot = await openSnapshot(context.snapshots, principal, body);
  const gone = clientSignal(request);
  const job = { userId, snapshot, description: body.description };
  return unlessGone(reply, gone, async (): Promise<z.output<typeof exportedSchema>> => {
    try {
      const { preview, differs } = await context.slots.run({ userId, previewKey: undefined, signal: gone }, (signal) =>
        context.host.export(job, { signal }),
      );
      const { value, redacted } = redact(preview, '', context.settings.secrets ?? []);
      const places = [...new Set([...preview.redacted, ...redacted.map((place) => place.slice(1))])];
      return { preview: { ...value, redacted: places }, redacted: places, differs };
    } catch (error) {
      noteStumble(request.log, error);
      throw error;
    }
  });
}
