import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { AccessKeyRow, InvitationRow, RefreshTokenRow, Rights, UserRow } from '../ports/user-store.ts';
import { expectCode } from './expect-code.ts';
import { type StoreSetup, useDatabase } from './store-setup.ts';

const time = '2026-01-01T00:00:00.000Z';
const later = '2026-01-02T00:00:00.000Z';

/** People, keys and tokens. */
export function userStoreContract(name: string, setup: () => Promise<StoreSetup>): void {
  describe(`${name}: users`, () => {
    const current = useDatabase(setup);
    const store = () => current().database.users;
    const create = async (changes: Partial<UserRow> = {}): Promise<UserRow> => {
      const user = sampleUser(changes);
      await store().create({ user });
      return user;
    };

    test('8.6 an e-mail address belongs to one user, letter case ignored', async () => {
      const user = await create({ email: 'Ädà@Example.org' });
      expect(await store().find({ userId: user.user_id })).toEqual(user);
      expect(await store().findByEmail({ email: 'äDÀ@example.ORG' })).toEqual(user);
      await expectCode(create({ email: 'ädà@example.org' }), 'conflict');
      expect(await store().count()).toBe(1);
      expect(await store().find({ userId: v7() })).toBeNull();
      expect(await store().findByEmail({ email: 'x@example.org' })).toBeNull();
    });

    test('of 50 who register one address at once one succeeds', async () => {
      const results = await Promise.allSettled(Array.from({ length: 50 }, () => create({ email: 'a@b.c' })));
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      expect(await store().count()).toBe(1);
    });

    test('changes touch what they name', async () => {
      const user = await create();
      await store().update({ userId: user.user_id, changes: { disabled: true, token_version: 2 } });
      await store().update({ userId: user.user_id, changes: { password_hash: null } });
      await store().update({ userId: user.user_id, changes: { name: 'N', role: 'member' } });
      expect(await store().find({ userId: user.user_id })).toEqual({
        ...user,
        disabled: true,
        token_version: 2,
        password_hash: null,
        name: 'N',
        role: 'member',
      });
      await store().update({ userId: v7(), changes: { name: 'nobody' } });
      expect(await store().count()).toBe(1);
    });

    test('people are listed page by page, by a part of their address too', async () => {
      const people = [];
      for (const email of ['a@Example.org', 'b@x.org', 'c@example.ORG'])
        people.push(await create({ email, role: email.startsWith('b') ? 'admin' : 'member' }));
      const [first, second, third] = people as [UserRow, UserRow, UserRow];
      expect(await store().list({ limit: 2 })).toEqual([first, second]);
      expect(await store().list({ limit: 2, after: second.user_id })).toEqual([third]);
      expect(await store().list({ limit: 9, q: 'EXAMPLE' })).toEqual([first, third]);
    });

    test('rights change with the sessions that they end, and only where an administrator is left', async () => {
      const admin = await create({ email: 'a@x.org', role: 'admin' });
      const member = await create({ email: 'b@x.org', role: 'member' });
      const change = (user: UserRow, rights: Rights) => store().changeRights({ userId: user.user_id, rights });
      expect(await change({ ...admin, user_id: v7() }, { role: 'member' })).toBeNull();
      for (const rights of [{ role: 'member' }, { disabled: true }] as const)
        await expectCode(change(admin, rights), 'conflict');
      expect(await store().find({ userId: admin.user_id })).toEqual(admin);
      const raised = { ...member, role: 'admin' as const, token_version: member.token_version + 1 };
      expect(await change(member, { role: 'admin' })).toEqual({ before: member, after: raised });
      expect(await change(raised, { role: 'admin', disabled: false })).toEqual({ before: raised, after: raised });
      const closed = { ...admin, disabled: true, token_version: admin.token_version + 1 };
      expect(await change(admin, { disabled: true })).toEqual({ before: admin, after: closed });
      expect(await change(closed, { disabled: true })).toEqual({ before: closed, after: closed });
      const opened = { ...closed, disabled: false };
      expect(await change(closed, { disabled: false })).toEqual({ before: closed, after: opened });
      expect(await store().find({ userId: admin.user_id })).toEqual(opened);
    });

    test('S7 of administrators who close each other at once one is left', async () => {
      const admins = [];
      for (let no = 0; no < 6; no += 1) admins.push(await create({ email: `${no}@x.org`, role: 'admin' }));
      const outcomes = await Promise.allSettled(
        admins.map(({ user_id: userId }, no) =>
          store().changeRights({ userId, rights: no % 2 ? { role: 'member' } : { disabled: true } }),
        ),
      );
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused.map(({ reason }) => reason)).toMatchObject([{ code: 'conflict' }]);
      const left = (await store().list({ limit: 9 })).filter(({ role, disabled }) => role === 'admin' && !disabled);
      expect(left).toHaveLength(1);
    });

    test('an invitation makes one account, and no second one', async () => {
      const invitation = sampleInvitation();
      await store().addInvitation({ invitation });
      const { sha256 } = invitation;
      expect(await store().findInvitation({ sha256 })).toEqual(invitation);
      const now = new Date(time);
      const tries = await Promise.all(
        ['x@x.org', 'y@x.org'].map((email) => store().acceptInvitation({ sha256, now, user: sampleUser({ email }) })),
      );
      expect(tries.filter(Boolean)).toHaveLength(1);
      expect(await store().count()).toBe(1);
      expect((await store().findInvitation({ sha256 }))?.user_id).toMatch(/./);
    });

    test('an invitation is worth nothing once it has expired, was taken back, or never was; a taken address leaves it', async () => {
      const [open, old] = [sampleInvitation(), sampleInvitation({ expires_at: time })];
      for (const invitation of [open, old]) await store().addInvitation({ invitation });
      const now = new Date(time);
      const accept = (sha256: string, email = 'n@x.org') =>
        store().acceptInvitation({ sha256, now, user: sampleUser({ email }) });
      await create({ email: 'taken@x.org' });
      expect([await accept(old.sha256), await accept('unknown')]).toEqual([false, false]);
      await expectCode(accept(open.sha256, 'Taken@x.org'), 'conflict');
      expect((await store().findInvitation({ sha256: open.sha256 }))?.user_id).toBeNull();
      expect((await store().listInvitations({ limit: 9 })).map(({ invitation_id: id }) => id)).toEqual(
        [open.invitation_id, old.invitation_id].sort(),
      );
      expect(await store().removeInvitation({ invitationId: open.invitation_id })).toBe(true);
      expect(await store().removeInvitation({ invitationId: open.invitation_id })).toBe(false);
      expect(await accept(open.sha256)).toBe(false);
    });

    test('access keys are found by hash, listed and removed by their owner', async () => {
      const [a, b] = [await create(), await create()];
      const keys = [sampleKey(a.user_id), sampleKey(a.user_id, { expires_at: later })];
      for (const key of [...keys, sampleKey(b.user_id)]) await store().addAccessKey({ key });
      expect(await store().listAccessKeys({ userId: a.user_id })).toEqual(keys);
      expect(await store().findAccessKey({ sha256: keys[1]!.sha256 })).toEqual(keys[1]);
      expect(await store().findAccessKey({ sha256: 'x' })).toBeNull();
      await store().touchAccessKeys({ keyIds: [keys[0]!.key_id, v7()], at: later });
      await store().touchAccessKeys({ keyIds: [], at: later });
      expect(await store().listAccessKeys({ userId: a.user_id })).toEqual([
        { ...keys[0], last_used_at: later },
        keys[1],
      ]);
      expect(await store().removeAccessKey({ userId: b.user_id, keyId: keys[0]!.key_id })).toBe(false);
      expect(await store().removeAccessKey({ userId: a.user_id, keyId: keys[0]!.key_id })).toBe(true);
      expect(await store().removeAccessKey({ userId: a.user_id, keyId: keys[0]!.key_id })).toBe(false);
      expect(await store().findAccessKey({ sha256: keys[0]!.sha256 })).toBeNull();
    });

    test('S9 of 20 parallel rotations of one token one succeeds', async () => {
      const user = await create();
      const token = sampleToken(user.user_id);
      await store().addRefreshToken({ token });
      const successors = Array.from({ length: 20 }, () => sampleToken(user.user_id, { family_id: token.family_id }));
      const results = await Promise.all(
        successors.map((successor) => store().rotateRefreshToken({ sha256: token.sha256, at: later, successor })),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await store().findRefreshToken({ sha256: token.sha256 })).toEqual({ ...token, rotated_at: later });
      for (const [index, successor] of successors.entries()) {
        expect(await store().findRefreshToken({ sha256: successor.sha256 })).toEqual(results[index] ? successor : null);
      }
      expect(await store().rotateRefreshToken({ sha256: 'x', at: later, successor: sampleToken(user.user_id) })).toBe(
        false,
      );
    });

    test('S9 a revoked family is dead, and rotating cannot revive it', async () => {
      const user = await create();
      const tokens = ['f', 'f', 'g'].map((family_id) => sampleToken(user.user_id, { family_id }));
      for (const token of tokens) await store().addRefreshToken({ token });
      await store().revokeFamily({ familyId: 'f' });
      const successor = sampleToken(user.user_id, { family_id: 'f' });
      expect(await store().rotateRefreshToken({ sha256: tokens[0]!.sha256, at: later, successor })).toBe(false);
      expect(await store().findRefreshToken({ sha256: tokens[1]!.sha256 })).toBeNull();
      expect(await store().findRefreshToken({ sha256: tokens[2]!.sha256 })).toEqual(tokens[2]);
      await store().revokeFamiliesOf({ userId: user.user_id });
      expect(await store().findRefreshToken({ sha256: tokens[2]!.sha256 })).toBeNull();
    });

    test('a new refresh token sweeps its user’s expired ones', async () => {
      const user = await create();
      const old = sampleToken(user.user_id, { expires_at: time });
      await store().addRefreshToken({ token: old });
      await store().addRefreshToken({ token: sampleToken(user.user_id, { created_at: time }) });
      expect(await store().findRefreshToken({ sha256: old.sha256 })).toBeNull();
    });

    test('a one-time token works once, and before it expires', async () => {
      const user = await create();
      const now = new Date(time);
      const add = (sha256: string, expiresAt: string) =>
        store().addOneTimeToken({ sha256, userId: user.user_id, expiresAt });
      await add('a', later);
      const taken = await Promise.all(Array.from({ length: 10 }, () => store().takeOneTimeToken({ sha256: 'a', now })));
      expect(taken.filter((userId) => userId !== null)).toEqual([user.user_id]);
      await add('b', time);
      expect(await store().takeOneTimeToken({ sha256: 'b', now })).toBeNull();
      expect(await store().takeOneTimeToken({ sha256: 'c', now })).toBeNull();
    });

    test('settings are a user’s own', async () => {
      const [a, b] = [await create(), await create()];
      expect(await store().getSettings({ userId: a.user_id })).toEqual({});
      await store().putSettings({ userId: a.user_id, settings: { theme: 'dark', nested: { n: [1] } } });
      await store().putSettings({ userId: b.user_id, settings: { theme: 'light' } });
      expect(await store().getSettings({ userId: a.user_id })).toEqual({ theme: 'dark', nested: { n: [1] } });
    });
  });
}

function sampleUser(changes: Partial<UserRow> = {}): UserRow {
  const user_id = v7();
  return {
    user_id,
    email: `${user_id}@example.org`,
    name: 'Name',
    role: 'admin',
    password_hash: '$argon2id$v=19$…',
    disabled: false,
    token_version: 1,
    created_at: time,
    ...changes,
  };
}

function sampleInvitation(changes: Partial<InvitationRow> = {}): InvitationRow {
  const invitation_id = v7();
  return {
    invitation_id,
    sha256: `h-${invitation_id}`,
    email: null,
    role: 'member',
    created_by: 'somebody',
    created_at: time,
    expires_at: later,
    user_id: null,
    ...changes,
  };
}

function sampleKey(user_id: string, changes: Partial<AccessKeyRow> = {}): AccessKeyRow {
  const key_id = v7();
  return {
    key_id,
    user_id,
    label: 'l',
    prefix: 'wfm_1',
    sha256: `h-${key_id}`,
    created_at: time,
    expires_at: null,
    last_used_at: null,
    ...changes,
  };
}

function sampleToken(user_id: string, changes: Partial<RefreshTokenRow> = {}): RefreshTokenRow {
  const id = v7();
  return {
    sha256: `h-${id}`,
    family_id: id,
    user_id,
    created_at: time,
    expires_at: later,
    rotated_at: null,
    ...changes,
  };
}
