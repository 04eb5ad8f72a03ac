import { defineRoute, type Route } from '@wfm/http';
import { WfmError } from '@wfm/workflow-engine/errors';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { noContent } from '../common.ts';

const tags = ['account'];
const providerParams = z.object({ provider: z.string().max(100) });
/** As they stand in a header: visible ASCII. */
const apiKey = z
  .string()
  .trim()
  .min(8)
  .max(1000)
  .regex(/^[\x21-\x7e]+$/, 'A key has visible characters only.');

/** The caller's own keys for media providers. They go in and never come out: only their last four characters are told. */
export function credentialRoutes({ database, media, clock }: RouteContext): Route[] {
  const { credentials } = database;
  return [
    defineRoute({
      method: 'GET',
      path: '/me/credentials',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'For which providers the caller has keys of their own',
        tags,
        response: {
          200: z.object({
            items: z.array(z.object({ provider: z.string(), hint: z.string(), updated_at: z.string() })),
          }),
        },
      },
      async handler({ principal }) {
        return { items: await credentials.list({ userId: principal.userId }) };
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/me/credentials/:provider',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'Keep a key for a provider, in place of an earlier one',
        tags,
        params: providerParams,
        body: z.strictObject({ api_key: apiKey }),
        response: { 204: noContent },
      },
      async handler({ params, body, principal, reply }) {
        if (media.catalogue.find(params.provider) === null) {
          throw new WfmError('request_invalid', `There is no media provider "${params.provider}".`, {
            place: 'provider',
            params: { provider: params.provider },
          });
        }
        const { userId } = principal;
        await credentials.put({ userId, provider: params.provider, apiKey: body.api_key, now: clock.now() });
        return reply.code(204).send();
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/me/credentials/:provider',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'Forget a key; harmless where there is none',
        tags,
        params: providerParams,
        response: { 204: noContent },
      },
      async handler({ params, principal, reply }) {
        await credentials.delete({ userId: principal.userId, provider: params.provider });
        return reply.code(204).send();
      },
    }),
  ];
}
