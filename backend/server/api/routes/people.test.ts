import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createServerRig, origin, type ServerRig } from '../../testing/server-rig.ts';

let rig: ServerRig;
beforeEach(async () => {
  rig = await createServerRig();
});
afterEach(() => rig.close());

const password = 'correct horse battery';
const invite = async (body: object = {}) => {
  const reply = await rig.admin.call('POST', '/admin/invitations', body);
  expect(reply.statusCode).toBe(201);
  return reply.json<{ invitation_id: string; code: string; url: string }>();
};
const register = (body: object) =>
  rig.app.inject({ method: 'POST', url: '/auth/register', payload: body, headers: { origin } });
const look = (code: string) => rig.app.inject(`/auth/invitations/${code}`);

describe('invitations', () => {
  test('S13 its address is shown once; by it somebody makes one account and is signed in', async () => {
    const { code, url } = await invite({ role: 'admin' });
    expect(url).toMatch(new RegExp(`/app/invite/${code}$`));
    const listed = await rig.admin.call('GET', '/admin/invitations');
    expect(listed.body).not.toContain(code);
    expect((await look(code)).json()).toMatchObject({ email: null, role: 'admin' });
    const made = await register({ code, email: 'new@example.org', name: 'New', password });
    expect(made.statusCode).toBe(201);
    const session = made.cookies.find(({ name }) => name === 'wfm_session')?.value;
    const me = await rig.app.inject({ url: '/auth/me', headers: { cookie: `wfm_session=${session}` } });
    expect(me.json().user).toMatchObject({ email: 'new@example.org', name: 'New', role: 'admin', has_password: true });
    const again = await register({ code, email: 'other@example.org', name: 'Other', password });
    expect([again.statusCode, again.json().code]).toEqual([404, 'invitation_not_found']);
    expect((await rig.admin.call('GET', '/admin/invitations')).json().items).toMatchObject([{ status: 'used' }]);
  });

  test('one that names an address makes an account for that address alone', async () => {
    const { code } = await invite({ email: 'Asked@example.org' });
    const made = await register({ code, email: 'somebody@example.org', name: 'N', password });
    expect(made.json().user.email).toBe('Asked@example.org');
    const refused = await rig.admin.call('POST', '/admin/invitations', { email: 'asked@EXAMPLE.org' });
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'conflict']);
  });

  test('expired, taken back and unknown ones answer alike; without an address one is asked for', async () => {
    const short = await invite({ expires_in_days: 1 });
    const back = await invite();
    const open = await invite();
    expect((await rig.admin.call('DELETE', `/admin/invitations/${back.invitation_id}`)).statusCode).toBe(204);
    expect((await rig.admin.call('DELETE', `/admin/invitations/${back.invitation_id}`)).statusCode).toBe(404);
    rig.clock.forward(86_400_000);
    for (const code of [short.code, back.code, 'never-there'])
      expect([
        (await look(code)).statusCode,
        (await register({ code, email: 'e@x.org', name: 'N', password })).statusCode,
      ]).toEqual([404, 404]);
    expect((await register({ code: open.code, name: 'N', password })).json().errors).toMatchObject([{ path: 'email' }]);
    expect((await register({ code: open.code, email: 'no address', name: 'N', password })).statusCode).toBe(400);
    expect((await register({ code: open.code, email: 'e@x.org', name: 'N', password: 'short' })).statusCode).toBe(400);
  });

  test('an address that is taken leaves the invitation open', async () => {
    const { code } = await invite();
    const refused = await register({ code, email: rig.alice.user.email, name: 'N', password });
    expect(refused.statusCode).toBe(409);
    expect((await look(code)).statusCode).toBe(200);
  });
});

describe('accounts', () => {
  test('S7 members cannot see or change them', async () => {
    for (const [method, url] of [
      ['GET', '/admin/users'],
      ['GET', '/admin/invitations'],
      ['PATCH', `/admin/users/${rig.bob.user.user_id}`],
    ] as const)
      expect((await rig.alice.call(method, url, method === 'PATCH' ? { role: 'admin' } : undefined)).statusCode).toBe(
        403,
      );
  });

  test('are listed page by page, and found by a part of their address', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await rig.admin.call('GET', `/admin/users?limit=1${cursor}`)).json();
      seen.push(...page.items.map(({ user_id: id }: { user_id: string }) => id));
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toContain(rig.alice.user.user_id);
    expect(new Set(seen).size).toBe(seen.length);
    const found = (
      await rig.admin.call('GET', `/admin/users?q=${rig.bob.user.email.slice(0, 8).toUpperCase()}`)
    ).json();
    expect(found.items).toMatchObject([{ user_id: rig.bob.user.user_id, disabled: false }]);
  });

  test('S10 one that is disabled, or has another role, has no session and no key from then on', async () => {
    const { access_key: key } = (await rig.bob.call('POST', '/auth/access-keys', { label: 'k' })).json();
    const byKey = () => rig.app.inject({ url: '/auth/me', headers: { 'x-access-key': key } });
    expect((await byKey()).statusCode).toBe(200);
    const url = `/admin/users/${rig.bob.user.user_id}`;
    expect((await rig.admin.call('PATCH', url, { disabled: true })).json()).toMatchObject({ disabled: true });
    expect([(await byKey()).statusCode, (await rig.bob.call('GET', '/auth/me')).statusCode]).toEqual([401, 401]);
    expect((await rig.admin.call('PATCH', url, { disabled: false })).statusCode).toBe(200);
    expect((await byKey()).statusCode).toBe(200);
    expect((await rig.bob.call('GET', '/auth/me')).statusCode).toBe(401);
    await rig.admin.call('PATCH', `/admin/users/${rig.alice.user.user_id}`, { role: 'admin' });
    expect((await rig.alice.call('GET', '/auth/me')).statusCode).toBe(401);
    expect((await rig.admin.call('PATCH', '/admin/users/nobody', { role: 'admin' })).statusCode).toBe(404);
  });

  test('the only administrator stays one', async () => {
    for (const { user_id: id } of await rig.database.users.list({ limit: 100 }))
      if (id !== rig.admin.user.user_id) await rig.database.users.update({ userId: id, changes: { role: 'member' } });
    const url = `/admin/users/${rig.admin.user.user_id}`;
    for (const body of [{ role: 'member' }, { disabled: true }])
      expect([(await rig.admin.call('PATCH', url, body)).json().code, body]).toEqual(['conflict', body]);
  });

  test('two administrators who close each other at once: one stays', async () => {
    const other = await rig.person({ role: 'admin' });
    const replies = await Promise.all([
      rig.admin.call('PATCH', `/admin/users/${other.user.user_id}`, { disabled: true }),
      other.call('PATCH', `/admin/users/${rig.admin.user.user_id}`, { disabled: true }),
    ]);
    expect(replies.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    const people = await rig.database.users.list({ limit: 100 });
    expect(people.filter(({ role, disabled }) => role === 'admin' && !disabled)).toHaveLength(1);
  });
});
