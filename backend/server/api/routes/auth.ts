import { defineRoute, refreshCookie, type Route, secretHash } from '@wfm/http';
import { WfmError } from '@wfm/workflow-engine/errors';
import { foldCase, type UserRow } from '@wfm/workflow-engine/ports';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { hashPassword, passwordLength, verifyPassword } from '../../utils/passwords.ts';
import type { RouteContext } from '../collaborators.ts';
import { noContent } from '../common.ts';
import { clearSessionCookies, setSessionCookies } from '../cookies.ts';

const tags = ['auth'];

const userSchema = z.object({
  user_id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(['admin', 'member']),
  has_password: z.boolean(),
});
export const signedIn = z.object({ user: userSchema });

const loginBody = z.union([
  z.strictObject({ email: z.string().min(1).max(320), password: z.string().min(1).max(1000) }),
  z.strictObject({ one_time_token: z.string().min(20).max(100) }),
]);

/** Counts a sign-in against its account and its address; throws `rate_limited` over a limit (security.md S14). */
export type LoginLimit = (request: FastifyRequest, account: string | null) => Promise<void>;

/** Sign-in, sessions and the caller's own account. */
export function authRoutes(context: RouteContext, limit: LoginLimit): Route[] {
  const { database, sessions, settings, authenticate, clock } = context;
  const { users } = database;

  async function userOf(body: z.output<typeof loginBody>): Promise<UserRow> {
    if ('one_time_token' in body) {
      const userId = await users.takeOneTimeToken({ sha256: secretHash(body.one_time_token), now: clock.now() });
      const user = userId === null ? null : await users.find({ userId });
      if (user && !user.disabled) return user;
      throw new WfmError(
        'unauthenticated',
        'This sign-in link is unknown, used or expired. Restart the server for a new one.',
      );
    }
    const user = await users.findByEmail({ email: body.email });
    const passes = await verifyPassword(body.password, user?.password_hash ?? null);
    if (user && passes && !user.disabled) return user;
    throw new WfmError('unauthenticated', 'The e-mail address or the password is wrong.');
  }

  return [
    defineRoute({
      method: 'POST',
      path: '/auth/login',
      access: 'public',
      schema: { summary: 'Sign in by password or one-time token', tags, body: loginBody, response: { 200: signedIn } },
      async handler({ body, request, reply }) {
        await limit(request, 'email' in body ? foldCase(body.email) : null);
        const user = await userOf(body);
        setSessionCookies(reply, await sessions.open(user), settings);
        return { user: userView(user) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/auth/refresh',
      access: 'public',
      schema: { summary: 'Exchange the refresh cookie for new cookies', tags, response: { 200: signedIn } },
      async handler({ request, reply }) {
        try {
          const { user, ...tokens } = await sessions.refresh(request.cookies[refreshCookie] ?? '');
          setSessionCookies(reply, tokens, settings);
          return { user: userView(user) };
        } catch (error) {
          clearSessionCookies(reply, settings);
          authenticate.forget();
          throw error;
        }
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/auth/logout',
      access: 'public',
      schema: { summary: 'End this session', tags, response: { 204: noContent } },
      async handler({ request, reply }) {
        const token = request.cookies[refreshCookie];
        if (token !== undefined) await sessions.close(token);
        authenticate.forget();
        clearSessionCookies(reply, settings);
        return reply.code(204).send();
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/auth/logout-all',
      access: 'user',
      schema: { summary: 'End every session of the caller; access keys stay', tags, response: { 204: noContent } },
      async handler({ principal, reply }) {
        await sessions.closeAll(principal.userId);
        authenticate.forget();
        clearSessionCookies(reply, settings);
        return reply.code(204).send();
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/auth/me',
      access: 'user',
      schema: { summary: 'Who is signed in', tags, response: { 200: signedIn } },
      async handler({ principal }) {
        return { user: userView(await known(context, principal.userId)) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/auth/password',
      access: 'user',
      schema: {
        summary: 'Set or change the password; ends all other sessions',
        tags,
        body: z.strictObject({
          current_password: z.string().max(1000).optional(),
          new_password: z.string().min(passwordLength.min).max(passwordLength.max),
        }),
        response: { 200: signedIn },
      },
      async handler({ body, principal, request, reply }) {
        if (principal.via !== 'cookie')
          throw new WfmError('forbidden', 'A password is changed after signing in, not by an access key.');
        const user = await known(context, principal.userId);
        await limit(request, foldCase(user.email));
        if (user.password_hash !== null && !(await verifyPassword(body.current_password ?? '', user.password_hash))) {
          throw new WfmError('forbidden', 'The current password is wrong.', { place: 'current_password' });
        }
        await users.update({ userId: user.user_id, changes: { password_hash: await hashPassword(body.new_password) } });
        await sessions.closeAll(user.user_id);
        authenticate.forget();
        const changed = await known(context, user.user_id);
        setSessionCookies(reply, await sessions.open(changed), settings);
        return { user: userView(changed) };
      },
    }),
  ];
}

async function known({ database }: RouteContext, userId: string): Promise<UserRow> {
  const user = await database.users.find({ userId });
  if (user) return user;
  throw new WfmError('unauthenticated', 'This account is gone.');
}

export function userView(user: UserRow): z.output<typeof userSchema> {
  return {
    user_id: user.user_id,
    email: user.email,
    name: user.name,
    role: user.role,
    has_password: user.password_hash !== null,
  };
}
