import { defineRoute, type Route } from '@wfm/http';
import { WfmError } from '@wfm/workflow-engine/errors';
import { limits } from '@wfm/workflow-engine/models';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';

const keptMs = 3_600_000;
const limitOf = { package: limits.packageBytes, answer: limits.answerFileBytes } as const;

/** Bytes that are too large for a JSON body: packages, and files of an answer. */
export function uploadRoutes({ database, clock, ids }: RouteContext): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/uploads',
      access: 'user',
      owner: 'self',
      octets: true,
      bodyLimit: limits.packageBytes,
      schema: {
        summary: 'Upload a package (20 MB) or the file of an answer (10 MB); kept for an hour',
        tags: ['uploads'],
        querystring: z.strictObject({ purpose: z.enum(['package', 'answer']) }),
        response: {
          201: z.object({ upload_id: z.string(), bytes: z.number().int(), mime: z.string(), expires_at: z.string() }),
        },
      },
      async handler({ query, principal, request, reply }) {
        const data = request.body;
        if (!Buffer.isBuffer(data) || data.length === 0) {
          throw new WfmError(
            'request_invalid',
            'Send the bytes as the body, with the content type application/octet-stream.',
          );
        }
        const limit = limitOf[query.purpose];
        if (data.length > limit) {
          throw new WfmError(
            'body_too_large',
            `An upload for ${query.purpose} may have ${limit} bytes; this one has ${data.length}.`,
            {
              params: { limit, actual: data.length },
            },
          );
        }
        const now = clock.now();
        const upload = {
          upload_id: ids.uuid(),
          user_id: principal.userId,
          purpose: query.purpose,
          bytes: data.length,
          mime: mimeOf(data),
          created_at: now.toISOString(),
          expires_at: new Date(now.getTime() + keptMs).toISOString(),
        };
        await database.content.putUpload({ upload, data });
        void reply.code(201);
        return { upload_id: upload.upload_id, bytes: upload.bytes, mime: upload.mime, expires_at: upload.expires_at };
      },
    }),
  ];
}

const signatures: [mime: string, bytes: number[]][] = [
  ['application/zip', [0x50, 0x4b, 0x03, 0x04]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['application/pdf', [0x25, 0x50, 0x44, 0x46]],
];

/** By the first bytes: what the sender says about them is not asked. */
function mimeOf(data: Buffer): string {
  const found = signatures.find(([, bytes]) => bytes.every((byte, index) => data[index] === byte));
  return found?.[0] ?? 'application/octet-stream';
}
