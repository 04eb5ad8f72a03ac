import { randomUUID } from 'node:crypto';
import { secretHash } from '@wfm/http';
import type { LightMyRequestResponse } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createServerRig, origin, type Person, type ServerRig } from '../../testing/server-rig.ts';
import { oneTimeLink } from '@wfm/http';
import { hashPassword } from '../../utils/passwords.ts';

let rig: ServerRig;
beforeEach(async () => {
  rig = await createServerRig();
});
afterEach(() => rig.close());

const password = 'correct horse battery';
const login = (payload: object, headers: Record<string, string> = {}) =>
  rig.app.inject({ method: 'POST', url: '/auth/login', payload, headers: { origin, ...headers } });
const refresh = (token: string) =>
  rig.app.inject({ method: 'POST', url: '/auth/refresh', headers: { origin, cookie: `wfm_refresh=${token}` } });
const cookieOf = (reply: LightMyRequestResponse, name: string) => reply.cookies.find((cookie) => cookie.name === name);
const me = (session: string | undefined) =>
  rig.app.inject({ url: '/auth/me', headers: { cookie: `wfm_session=${session}` } });

const withPassword = async (): Promise<Person> => rig.person({ password_hash: await hashPassword(password) });

/** The token of a one-time link: a fragment, which reaches no log. */
const tokenIn = (link: string): string | null => new URLSearchParams(new URL(link).hash.slice(1)).get('token');

describe('signing in', () => {
  test('a password opens a session in two cookies that no script reads', async () => {
    const { user } = await withPassword();
    const reply = await login({ email: user.email.toUpperCase(), password });
    expect(reply.json()).toEqual({
      user: { user_id: user.user_id, email: user.email, name: 'Somebody', role: 'member', has_password: true },
    });
    const session = cookieOf(reply, 'wfm_session');
    expect(session).toMatchObject({ path: '/', httpOnly: true, sameSite: 'Lax', maxAge: 600 });
    expect(cookieOf(reply, 'wfm_refresh')).toMatchObject({ path: '/auth', httpOnly: true, sameSite: 'Lax' });
    expect(session).not.toHaveProperty('secure');
    expect(session).not.toHaveProperty('domain');
    expect((await me(session?.value)).json().user.user_id).toBe(user.user_id);
  });

  test.each([
    ['a wrong password', { password: 'wrong' }],
    ['an unknown address', { email: 'nobody@example.org' }],
  ])('%s gives the same answer', async (_name, changes) => {
    const { user } = await withPassword();
    const reply = await login({ email: user.email, password, ...changes });
    expect(reply.json()).toMatchObject({
      status: 401,
      code: 'unauthenticated',
      detail: 'The e-mail address or the password is wrong.',
    });
    expect(reply.cookies).toEqual([]);
  });

  test('a user without a password, or a disabled one, cannot sign in by password', async () => {
    const { user } = await rig.person();
    expect((await login({ email: user.email, password: '' })).statusCode).toBe(400);
    expect((await login({ email: user.email, password: 'anything' })).statusCode).toBe(401);
    const off = await rig.person({ disabled: true, password_hash: await hashPassword(password) });
    expect((await login({ email: off.user.email, password })).statusCode).toBe(401);
  });

  test('a one-time link signs in once, within 15 minutes', async () => {
    const { user } = await rig.person();
    const link = () => oneTimeLink(rig.database.users, { userId: user.user_id, baseUrl: origin, clock: rig.clock });
    const token = tokenIn(await link());
    expect((await login({ one_time_token: token })).json().user.user_id).toBe(user.user_id);
    expect((await login({ one_time_token: token })).statusCode).toBe(401);
    const late = tokenIn(await link());
    rig.clock.forward(15 * 60_000 + 1);
    expect((await login({ one_time_token: late })).statusCode).toBe(401);
    expect((await login({ one_time_token: 'x'.repeat(43) })).statusCode).toBe(401);
  });

  test('the page of the link changes nothing by being read, and runs no inline script', async () => {
    const { user } = await rig.person();
    const link = new URL(
      await oneTimeLink(rig.database.users, { userId: user.user_id, baseUrl: origin, clock: rig.clock }),
    );
    expect([link.pathname, link.search]).toEqual(['/app/sign-in', '']);
    const token = tokenIn(link.href);
    expect((await login({ one_time_token: token })).statusCode).toBe(200);
  });

  test('S14 an account is closed from the 10th try in a minute, whoever X-Forwarded-For claims to be', async () => {
    const { user } = await withPassword();
    const codes: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      codes.push(
        (await login({ email: user.email, password: 'wrong' }, { 'x-forwarded-for': `10.0.0.${attempt}` })).statusCode,
      );
    }
    expect(codes).toEqual([...Array<number>(9).fill(401), 429, 429, 429]);
    const reply = await login({ email: user.email, password });
    expect(reply.json()).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('S14 an address is closed from the 30th try in a minute, over all accounts', async () => {
    const codes: number[] = [];
    for (let attempt = 0; attempt < 32; attempt += 1) {
      codes.push((await login({ one_time_token: randomUUID() })).statusCode);
    }
    expect(codes.slice(27)).toEqual([401, 401, 429, 429, 429]);
  });

  test('S11 another site cannot sign a browser in', async () => {
    const { user } = await withPassword();
    const reply = await login({ email: user.email, password }, { origin: 'https://evil.example' });
    expect(reply.json()).toMatchObject({ status: 403, code: 'origin_refused' });
  });

  test('cookies are Secure behind https, but only a proxy of ours is believed about that', async () => {
    const { user } = await withPassword();
    const payload = { email: user.email, password };
    const headers = { 'x-forwarded-proto': 'https' };
    expect(cookieOf(await login(payload, headers), 'wfm_session')).not.toHaveProperty('secure');
    const proxied = await createServerRig({ settings: { trustProxyHops: 1 } });
    const across = await createServerRig({ settings: { cookieDomain: 'example.org' } });
    try {
      await proxied.database.users.create({ user });
      const secure = await proxied.app.inject({ method: 'POST', url: '/auth/login', payload, headers });
      expect(cookieOf(secure, 'wfm_session')).toMatchObject({ secure: true });
      await across.database.users.create({ user });
      const shared = await across.app.inject({ method: 'POST', url: '/auth/login', payload });
      expect(cookieOf(shared, 'wfm_session')).toMatchObject({ secure: true, domain: 'example.org', httpOnly: true });
    } finally {
      await proxied.close();
      await across.close();
    }
  });
});

describe('S9 refresh tokens', () => {
  test('a token is exchanged for its successor, which goes on', async () => {
    const { tokens, user } = rig.alice;
    const first = await refresh(tokens.refresh);
    expect(first.json().user.user_id).toBe(user.user_id);
    const next = cookieOf(first, 'wfm_refresh')?.value ?? '';
    expect(next).not.toBe(tokens.refresh);
    expect((await refresh(next)).statusCode).toBe(200);
    expect((await me(cookieOf(first, 'wfm_session')?.value)).statusCode).toBe(200);
  });

  test('20 parallel refreshes of one token get the same successor', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => refresh(rig.alice.tokens.refresh)));
    expect(new Set(replies.map((reply) => reply.statusCode))).toEqual(new Set([200]));
    expect(new Set(replies.map((reply) => cookieOf(reply, 'wfm_refresh')?.value)).size).toBe(1);
  });

  test('a rotated token after the grace ends the family and every token of it', async () => {
    const { tokens } = rig.alice;
    const next = cookieOf(await refresh(tokens.refresh), 'wfm_refresh')?.value ?? '';
    rig.clock.forward(10_001);
    const replay = await refresh(tokens.refresh);
    expect(replay.statusCode).toBe(401);
    expect(cookieOf(replay, 'wfm_session')?.value).toBe('');
    expect((await refresh(next)).statusCode).toBe(401);
    expect((await me(tokens.access)).statusCode).toBe(401);
  });

  test('a grandparent within the grace ends the family too', async () => {
    const { tokens } = rig.alice;
    const parent = cookieOf(await refresh(tokens.refresh), 'wfm_refresh')?.value ?? '';
    const child = cookieOf(await refresh(parent), 'wfm_refresh')?.value ?? '';
    expect((await refresh(tokens.refresh)).statusCode).toBe(401);
    expect((await refresh(child)).statusCode).toBe(401);
  });

  test('theft in one session leaves the others able to go on', async () => {
    const { tokens, user } = rig.alice;
    const other = await rig.sessions.open(user);
    await refresh(tokens.refresh);
    rig.clock.forward(10_001);
    await refresh(tokens.refresh);
    expect((await refresh(other.refresh)).statusCode).toBe(200);
  });

  test.each(['', 'x', 'wfk_abc'])('"%s" is no refresh token', async (token) => {
    expect((await refresh(token)).statusCode).toBe(401);
  });

  test('a refresh token ends after 30 days, and is never stored as it is', async () => {
    const { refresh: token } = rig.alice.tokens;
    expect(await rig.database.users.findRefreshToken({ sha256: token })).toBeNull();
    expect(await rig.database.users.findRefreshToken({ sha256: secretHash(token) })).not.toBeNull();
    rig.clock.forward(30 * 86_400_000 + 1);
    expect((await refresh(token)).statusCode).toBe(401);
  });
});

describe('signing out', () => {
  test('logout ends the session: its tokens, and its cookies with the attributes they had', async () => {
    const { tokens } = rig.alice;
    const reply = await rig.app.inject({
      method: 'POST',
      url: '/auth/logout',
      headers: { origin, cookie: `wfm_session=${tokens.access}; wfm_refresh=${tokens.refresh}` },
    });
    expect(reply.statusCode).toBe(204);
    expect(cookieOf(reply, 'wfm_refresh')).toMatchObject({ value: '', path: '/auth', httpOnly: true });
    expect((await me(tokens.access)).statusCode).toBe(401);
    expect((await refresh(tokens.refresh)).statusCode).toBe(401);
  });

  test('S10 logout-all ends every session, and leaves access keys', async () => {
    const { alice } = rig;
    const other = await rig.sessions.open(alice.user);
    const { access_key: key } = (await alice.call('POST', '/auth/access-keys', { label: 'cli' })).json();
    expect((await alice.call('POST', '/auth/logout-all')).statusCode).toBe(204);
    expect((await me(other.access)).statusCode).toBe(401);
    expect((await refresh(other.refresh)).statusCode).toBe(401);
    expect((await rig.app.inject({ url: '/auth/me', headers: { 'x-access-key': key } })).statusCode).toBe(200);
  });

  test('S10 a user who is disabled is refused within 5 s', async () => {
    const { alice } = rig;
    expect((await alice.call('GET', '/auth/me')).statusCode).toBe(200);
    await rig.database.users.update({ userId: alice.user.user_id, changes: { disabled: true } });
    rig.clock.forward(5_001);
    expect((await alice.call('GET', '/auth/me')).statusCode).toBe(401);
  });
});

describe('passwords', () => {
  test('the first is set without one, a later one needs the current; other sessions end', async () => {
    const { alice } = rig;
    const other = await rig.sessions.open(alice.user);
    const first = await alice.call('POST', '/auth/password', { new_password: password });
    expect(first.json().user.has_password).toBe(true);
    expect((await me(other.access)).statusCode).toBe(401);
    const cookie = { cookie: `wfm_session=${cookieOf(first, 'wfm_session')?.value}` };
    const change = (body: object) => alice.call('POST', '/auth/password', body, cookie);
    expect((await change({ new_password: 'another one' })).json()).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await change({ new_password: 'short', current_password: password })).json()).toMatchObject({
      status: 400,
      errors: [{ path: 'new_password' }],
    });
    expect((await change({ new_password: 'another one', current_password: password })).statusCode).toBe(200);
    expect((await login({ email: alice.user.email, password })).statusCode).toBe(401);
    expect((await login({ email: alice.user.email, password: 'another one' })).statusCode).toBe(200);
  });
});

describe('access keys', () => {
  test('a key is shown once, listed by its beginning, works without an origin, and is revoked at once', async () => {
    const { alice } = rig;
    const made = (await alice.call('POST', '/auth/access-keys', { label: 'cli', expires_in_days: 1 })).json();
    expect(made.access_key).toMatch(/^wfk_[\w-]{43}$/);
    const byKey = (method: 'GET' | 'POST', url: string, payload?: object) =>
      rig.app.inject({ method, url, headers: { 'x-access-key': made.access_key }, ...(payload ? { payload } : {}) });
    expect((await byKey('POST', '/workflow/validate', { workflow_content: {} })).statusCode).toBe(200);
    const { items } = (await alice.call('GET', '/auth/access-keys')).json();
    expect(items).toEqual([{ ...made, access_key: undefined, last_used_at: expect.any(String) }]);
    expect(JSON.stringify(items)).not.toContain(made.access_key.slice(8));
    expect((await byKey('POST', '/auth/access-keys', { label: 'child' })).json()).toMatchObject({ status: 403 });
    expect((await byKey('POST', '/auth/password', { new_password: password })).json()).toMatchObject({ status: 403 });
    expect((await rig.bob.call('DELETE', `/auth/access-keys/${made.key_id}`)).statusCode).toBe(404);
    expect((await alice.call('DELETE', `/auth/access-keys/${made.key_id}`)).statusCode).toBe(204);
    expect((await byKey('GET', '/auth/me')).statusCode).toBe(401);
  });

  test('a key ends when it said it would', async () => {
    const made = (await rig.alice.call('POST', '/auth/access-keys', { label: 'cli', expires_in_days: 1 })).json();
    rig.clock.forward(86_400_001);
    expect((await rig.app.inject({ url: '/auth/me', headers: { 'x-access-key': made.access_key } })).statusCode).toBe(
      401,
    );
  });
});

test('settings are kept as they are, up to 16 KB, each user their own', async () => {
  const { alice, bob } = rig;
  expect((await alice.call('GET', '/me/settings')).json()).toEqual({});
  expect((await alice.call('PUT', '/me/settings', { theme: 'dark', layout: [1, 2] })).statusCode).toBe(200);
  expect((await alice.call('GET', '/me/settings')).json()).toEqual({ theme: 'dark', layout: [1, 2] });
  expect((await bob.call('GET', '/me/settings')).json()).toEqual({});
  expect((await alice.call('PUT', '/me/settings', { big: 'x'.repeat(16_385) })).statusCode).toBe(413);
  expect((await alice.call('PUT', '/me/settings', [1])).statusCode).toBe(400);
});
