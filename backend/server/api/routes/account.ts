import { randomBytes } from 'node:crypto';
import { defineRoute, idSchema, type Route, secretHash } from '@wfm/http';
import { WfmError } from '@wfm/workflow-engine/errors';
import { jsonObjectSchema } from '@wfm/workflow-engine/models';
import type { AccessKeyRow } from '@wfm/workflow-engine/ports';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { noContent } from '../common.ts';

const keySchema = z.object({
  key_id: z.string(),
  label: z.string(),
  prefix: z.string(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
});

const maxKeys = 50;
const maxSettingsBytes = 16 * 1024;

/** The caller's access keys and settings. */
export function accountRoutes(context: RouteContext): Route[] {
  const { database, clock, ids, authenticate } = context;
  const { users } = database;
  return [
    defineRoute({
      method: 'GET',
      path: '/auth/access-keys',
      access: 'user',
      owner: 'self',
      schema: {
        summary: "The caller's access keys",
        tags: ['auth'],
        response: { 200: z.object({ items: z.array(keySchema) }) },
      },
      async handler({ principal }) {
        return { items: (await users.listAccessKeys({ userId: principal.userId })).map(keyView) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/auth/access-keys',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'Make an access key; its secret is shown this once',
        tags: ['auth'],
        body: z.strictObject({
          label: z.string().min(1).max(100),
          expires_in_days: z.number().int().min(1).max(3650).optional(),
        }),
        response: { 201: keySchema.extend({ access_key: z.string() }) },
      },
      async handler({ body, principal, reply }) {
        if (principal.via !== 'cookie')
          throw new WfmError('forbidden', 'An access key cannot make another one. Sign in to do so.');
        if ((await users.listAccessKeys({ userId: principal.userId })).length >= maxKeys) {
          throw new WfmError('conflict', `You have ${maxKeys} access keys already. Delete one first.`, {
            params: { limit: maxKeys },
          });
        }
        const secret = `wfk_${randomBytes(32).toString('base64url')}`;
        const now = clock.now();
        const days = body.expires_in_days;
        const key: AccessKeyRow = {
          key_id: ids.uuid(),
          user_id: principal.userId,
          label: body.label,
          prefix: secret.slice(0, 8),
          sha256: secretHash(secret),
          created_at: now.toISOString(),
          expires_at: days === undefined ? null : new Date(now.getTime() + days * 86_400_000).toISOString(),
          last_used_at: null,
        };
        await users.addAccessKey({ key });
        void reply.code(201);
        return { ...keyView(key), access_key: secret };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/auth/access-keys/:key',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'Revoke an access key',
        tags: ['auth'],
        params: z.object({ key: idSchema }),
        response: { 204: noContent },
      },
      async handler({ params, principal, reply }) {
        const removed = await users.removeAccessKey({ userId: principal.userId, keyId: params.key });
        authenticate.forget();
        if (removed) return reply.code(204).send();
        throw new WfmError('content_not_found', 'There is no such access key.', { params: { key_id: params.key } });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/me/settings',
      access: 'user',
      owner: 'self',
      schema: { summary: "The caller's settings", tags: ['auth'], response: { 200: jsonObjectSchema } },
      handler: ({ principal }) => users.getSettings({ userId: principal.userId }),
    }),
    defineRoute({
      method: 'PUT',
      path: '/me/settings',
      access: 'user',
      owner: 'self',
      schema: {
        summary: "Replace the caller's settings, 16 KB at most",
        tags: ['auth'],
        body: jsonObjectSchema,
        response: { 200: jsonObjectSchema },
      },
      bodyLimit: maxSettingsBytes,
      async handler({ body, principal }) {
        await users.putSettings({ userId: principal.userId, settings: body });
        return body;
      },
    }),
  ];
}

function keyView(key: AccessKeyRow): z.output<typeof keySchema> {
  const { key_id, label, prefix, created_at, expires_at, last_used_at } = key;
  return { key_id, label, prefix, created_at, expires_at, last_used_at };
}
