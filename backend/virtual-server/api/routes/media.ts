import { byteRange, defineRoute, estimateSchema, type Route } from '@wfm/http';
import { mockMediaLimits, renderMockMedia } from '@wfm/workflow-engine/mock';
import { WfmError } from '@wfm/workflow-engine/errors';
import { jsonObjectSchema } from '@wfm/workflow-engine/models';
import { z } from 'zod';
import { generationsBody, mediaPreviewBody } from '../bodies.ts';
import { openSnapshot } from '../handlers/job.ts';
import { read } from '../handlers/read.ts';
import type { RouteContext } from '../route-context.ts';

const side = z.coerce.number().int().min(0).max(mockMediaLimits.most);

/** Media in previews (format.md 17.5): records are read from the snapshot, bytes are made from an address. */
export function mediaRoutes(context: RouteContext): Route[] {
  const { catalogue, mockMedia } = context;
  return [
    defineRoute({
      method: 'POST',
      path: '/workflow/generations',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'Generated media of a question, by prompt',
        tags: ['snapshot'],
        body: generationsBody,
        response: { 200: z.object({ generations: jsonObjectSchema }) },
      },
      handler: (call) =>
        read(context, call, { kind: 'generations', interactionId: call.body.interaction_id }, (generations) => ({
          generations,
        })),
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow/media/preview',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'What generating would give and cost in production',
        tags: ['preview'],
        body: mediaPreviewBody,
        response: { 200: estimateSchema },
      },
      async handler({ body, principal }) {
        const { provider, action_type: action, model, prompt, params, virtual_db, virtual_run_id } = body;
        // Nothing is read of it; but another person's is refused here as everywhere.
        if (virtual_db !== undefined) await openSnapshot(context.snapshots, principal, { virtual_db, virtual_run_id });
        return catalogue.estimate({ provider, action, model, prompt, params });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/mock-media/:sha',
      // Nobody's: all that it shows stands in its address, which this server has signed.
      access: 'public',
      schema: {
        summary: 'A picture, video or sound that says it is a mock',
        tags: ['preview'],
        params: z.object({ sha: z.string() }),
        querystring: z.strictObject({
          kind: z.enum(['image', 'video', 'audio']),
          w: side,
          h: side,
          text: z.string().max(mockMediaLimits.text),
        }),
        response: {
          200: { description: 'SVG or WAV', content: { '*/*': { schema: z.unknown() } } },
          206: { description: 'The part that was asked for', content: { '*/*': { schema: z.unknown() } } },
        },
      },
      async handler({ params, query, request, reply }) {
        if (!mockMedia.isSigned(params.sha, query)) {
          throw new WfmError('content_not_found', 'There is no such mock.', { params: { content_id: params.sha } });
        }
        const { mime, data } = renderMockMedia(query);
        void reply
          .type(mime)
          .header('cache-control', 'public, max-age=31536000, immutable')
          .header('content-security-policy', "sandbox; default-src 'none'")
          .header('x-content-type-options', 'nosniff')
          .header('accept-ranges', 'bytes');
        const range = byteRange(request.headers.range, data.length);
        if (range === 'whole') return reply.send(Buffer.from(data));
        if (range === 'unsatisfiable') {
          return reply.code(416).header('content-range', `bytes */${data.length}`).type('text/plain').send('');
        }
        return reply
          .code(206)
          .header('content-range', `bytes ${range.start}-${range.end - 1}/${data.length}`)
          .send(Buffer.from(data.subarray(range.start, range.end)));
      },
    }),
  ];
}
