import { randomBytes } from 'node:crypto';
import { defineRoute, type Route, secretHash } from '@wfm/http';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { InvitationRow, UserRow } from '@wfm/workflow-engine/ports';
import { z } from 'zod';
import { hashPassword, passwordLength } from '../../utils/passwords.ts';
import type { RouteContext } from '../collaborators.ts';
import { noContent, pageOf, pageQuery, searchQuery } from '../common.ts';
import { setSessionCookies } from '../cookies.ts';
import { type LoginLimit, signedIn, userView } from './auth.ts';

const tags = ['people'];
const dayMs = 86_400_000;
const defaultDays = 7;
const roleSchema = z.enum(['admin', 'member']);
const emailSchema = z
  .string()
  .trim()
  .min(3)
  .max(320)
  .regex(/^[^\s@]+@[^\s@]+$/, 'It must be an e-mail address.');

const personSchema = z.object({
  user_id: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  disabled: z.boolean(),
  has_password: z.boolean(),
  created_at: z.string(),
});

const invitationSchema = z.object({
  invitation_id: z.string(),
  email: z.string().nullable(),
  role: roleSchema,
  created_at: z.string(),
  expires_at: z.string(),
  status: z.enum(['open', 'used', 'expired']),
});

/** Who may be here: invitations, accounts by them, and what administrators say of accounts. */
export function peopleRoutes(context: RouteContext, limit: LoginLimit): Route[] {
  const { database, clock, ids, sessions, settings, authenticate } = context;
  const { users } = database;

  async function openInvitation(code: string): Promise<InvitationRow> {
    const invitation = await users.findInvitation({ sha256: secretHash(code) });
    const now = clock.now().toISOString();
    if (invitation && invitation.user_id === null && invitation.expires_at > now) return invitation;
    throw new WfmError('invitation_not_found', 'This invitation is unknown, used or expired. Ask for a new one.');
  }

  return [
    defineRoute({
      method: 'GET',
      path: '/auth/invitations/:code',
      access: 'public',
      schema: {
        summary: 'What an invitation offers',
        tags,
        params: z.object({ code: z.string().max(100) }),
        response: { 200: z.object({ email: z.string().nullable(), role: roleSchema, expires_at: z.string() }) },
      },
      async handler({ params, request }) {
        await limit(request, null);
        const { email, role, expires_at } = await openInvitation(params.code);
        return { email, role, expires_at };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/auth/register',
      access: 'public',
      schema: {
        summary: 'Make an account by an invitation, and sign in',
        tags,
        body: z.strictObject({
          code: z.string().min(1).max(100),
          email: emailSchema.optional().describe('Where the invitation names none'),
          name: z.string().trim().min(1).max(100),
          password: z.string().min(passwordLength.min).max(passwordLength.max),
        }),
        response: { 201: signedIn },
      },
      async handler({ body, request, reply }) {
        await limit(request, null);
        const invitation = await openInvitation(body.code);
        const email = invitation.email ?? body.email;
        if (email === undefined) {
          throw new WfmError('request_invalid', 'Say which e-mail address the account is to have.', { place: 'email' });
        }
        const now = clock.now();
        const user: UserRow = {
          user_id: ids.uuid(),
          email,
          name: body.name,
          role: invitation.role,
          password_hash: await hashPassword(body.password),
          disabled: false,
          token_version: 0,
          created_at: now.toISOString(),
        };
        const isMade = await users.acceptInvitation({ sha256: invitation.sha256, now, user });
        if (!isMade) {
          throw new WfmError('invitation_not_found', 'Somebody has just used this invitation. Ask for a new one.');
        }
        setSessionCookies(reply, await sessions.open(user), settings);
        void reply.code(201);
        return { user: userView(user) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/invitations',
      access: 'admin',
      schema: {
        summary: 'Invitations, oldest first',
        tags,
        querystring: z.strictObject(pageQuery),
        response: { 200: pageOf(invitationSchema) },
      },
      async handler({ query }) {
        const found = await users.listInvitations({ limit: query.limit + 1, after: query.cursor });
        const now = clock.now().toISOString();
        return page(found, query.limit, 'invitation_id', (invitation) => invitationView(invitation, now));
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/admin/invitations',
      access: 'admin',
      schema: {
        summary: 'Invite somebody; the address of the invitation is shown this once',
        tags,
        body: z.strictObject({
          email: emailSchema.optional(),
          role: roleSchema.default('member'),
          expires_in_days: z.number().int().min(1).max(90).default(defaultDays),
        }),
        response: { 201: invitationSchema.extend({ code: z.string(), url: z.string() }) },
      },
      async handler({ body, principal, reply }) {
        if (body.email !== undefined && (await users.findByEmail({ email: body.email }))) {
          throw new WfmError('conflict', 'Somebody with this e-mail address has an account already.', {
            place: 'email',
          });
        }
        const code = randomBytes(24).toString('base64url');
        const now = clock.now();
        const invitation: InvitationRow = {
          invitation_id: ids.uuid(),
          sha256: secretHash(code),
          email: body.email ?? null,
          role: body.role,
          created_by: principal.userId,
          created_at: now.toISOString(),
          expires_at: new Date(now.getTime() + body.expires_in_days * dayMs).toISOString(),
          user_id: null,
        };
        await users.addInvitation({ invitation });
        void reply.code(201);
        const url = `${settings.apiUrl}/app/invite/${code}`;
        return { ...invitationView(invitation, now.toISOString()), code, url };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/admin/invitations/:invitation',
      access: 'admin',
      owner: 'self',
      schema: {
        summary: 'Take an invitation back',
        tags,
        params: z.object({ invitation: z.string() }),
        response: { 204: noContent },
      },
      async handler({ params, reply }) {
        const isRemoved = await users.removeInvitation({ invitationId: params.invitation });
        if (!isRemoved) throw new WfmError('invitation_not_found', 'There is no such invitation.');
        return reply.code(204).send();
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/users',
      access: 'admin',
      schema: {
        summary: 'Everybody who has an account, oldest first; `q` is a part of the e-mail address',
        tags,
        querystring: z.strictObject(searchQuery),
        response: { 200: pageOf(personSchema) },
      },
      async handler({ query }) {
        const found = await users.list({ limit: query.limit + 1, after: query.cursor, q: query.q });
        return page(found, query.limit, 'user_id', personView);
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/admin/users/:user',
      access: 'admin',
      owner: 'self',
      schema: {
        summary: 'Change a role, or close an account; its sessions and keys end at once',
        tags,
        params: z.object({ user: z.string() }),
        body: z.strictObject({ role: roleSchema.optional(), disabled: z.boolean().optional() }),
        response: { 200: personSchema },
      },
      async handler({ params, body }) {
        const changed = await users.changeRights({ userId: params.user, rights: body });
        if (!changed) throw new WfmError('user_not_found', 'There is no such account.');
        const { before, after } = changed;
        if (after.token_version !== before.token_version) await users.revokeFamiliesOf({ userId: params.user });
        authenticate.forget();
        return personView(after);
      },
    }),
  ];
}

/** A page from one row more than it holds. */
function page<R extends Record<K, string>, K extends string, V>(
  rows: readonly R[],
  limit: number,
  key: K,
  view: (row: R) => V,
): { items: V[]; next_cursor: string | null } {
  const items = rows.slice(0, limit);
  return { items: items.map(view), next_cursor: rows.length > limit ? (items.at(-1)?.[key] ?? null) : null };
}

function personView(user: UserRow): z.output<typeof personSchema> {
  const { user_id, email, name, role, disabled, created_at } = user;
  return { user_id, email, name, role, disabled, has_password: user.password_hash !== null, created_at };
}

function invitationView(invitation: InvitationRow, now: string): z.output<typeof invitationSchema> {
  const { invitation_id, email, role, created_at, expires_at } = invitation;
  const status = invitation.user_id !== null ? 'used' : expires_at <= now ? 'expired' : 'open';
  return { invitation_id, email, role, created_at, expires_at, status };
}
