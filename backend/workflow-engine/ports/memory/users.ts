import { assertAdminLeft, emailTakenError, foldCase, isAdmin, withRights } from '../store-rules.ts';
import type { UserStore } from '../user-store.ts';
import type { MemoryState } from './state.ts';

const byId =
  <K extends string>(key: K) =>
  (a: Record<K, string>, b: Record<K, string>): number =>
    a[key] < b[key] ? -1 : 1;

/** `UserStore` in memory. */
export function memoryUsers(state: MemoryState): UserStore {
  const byEmail = (email: string) => [...state.users.values()].find((user) => foldCase(user.email) === foldCase(email));
  const removeTokens = (matches: (token: { family_id: string; user_id: string }) => boolean) => {
    for (const [hash, token] of state.refreshTokens) if (matches(token)) state.refreshTokens.delete(hash);
  };
  return {
    async create({ user }) {
      if (byEmail(user.email) || state.users.has(user.user_id)) throw emailTakenError();
      state.users.set(user.user_id, { ...user });
    },
    async find({ userId }) {
      const user = state.users.get(userId);
      return user ? { ...user } : null;
    },
    async findByEmail({ email }) {
      const user = byEmail(email);
      return user ? { ...user } : null;
    },
    async update({ userId, changes }) {
      const user = state.users.get(userId);
      if (!user) return;
      state.users.set(userId, {
        ...user,
        name: changes.name ?? user.name,
        role: changes.role ?? user.role,
        password_hash: changes.password_hash === undefined ? user.password_hash : changes.password_hash,
        disabled: changes.disabled ?? user.disabled,
        token_version: changes.token_version ?? user.token_version,
      });
    },
    count: async () => state.users.size,
    async list({ limit, after = '', q = '' }) {
      return [...state.users.values()]
        .filter((user) => user.user_id > after && foldCase(user.email).includes(foldCase(q)))
        .sort(byId('user_id'))
        .slice(0, limit)
        .map((user) => ({ ...user }));
    },
    async changeRights({ userId, rights }) {
      const before = state.users.get(userId);
      if (!before) return null;
      const after = withRights(before, rights);
      assertAdminLeft(before, after, [...state.users.values()].filter(isAdmin).length);
      state.users.set(userId, after);
      return { before: { ...before }, after: { ...after } };
    },

    async addInvitation({ invitation }) {
      state.invitations.set(invitation.sha256, { ...invitation });
    },
    async findInvitation({ sha256 }) {
      const invitation = state.invitations.get(sha256);
      return invitation ? { ...invitation } : null;
    },
    async listInvitations({ limit, after = '' }) {
      return [...state.invitations.values()]
        .filter((invitation) => invitation.invitation_id > after)
        .sort(byId('invitation_id'))
        .slice(0, limit)
        .map((invitation) => ({ ...invitation }));
    },
    async removeInvitation({ invitationId }) {
      for (const [hash, { invitation_id: id }] of state.invitations) {
        if (id === invitationId) return state.invitations.delete(hash);
      }
      return false;
    },
    async acceptInvitation({ sha256, now, user }) {
      const invitation = state.invitations.get(sha256);
      if (!invitation || invitation.user_id !== null || invitation.expires_at <= now.toISOString()) return false;
      if (byEmail(user.email) || state.users.has(user.user_id)) throw emailTakenError();
      invitation.user_id = user.user_id;
      state.users.set(user.user_id, { ...user });
      return true;
    },

    async addAccessKey({ key }) {
      state.accessKeys.set(key.key_id, { ...key });
    },
    async findAccessKey({ sha256 }) {
      const key = [...state.accessKeys.values()].find((candidate) => candidate.sha256 === sha256);
      return key ? { ...key } : null;
    },
    async listAccessKeys({ userId }) {
      return [...state.accessKeys.values()].filter((key) => key.user_id === userId).map((key) => ({ ...key }));
    },
    async removeAccessKey({ userId, keyId }) {
      return state.accessKeys.get(keyId)?.user_id === userId && state.accessKeys.delete(keyId);
    },
    async touchAccessKeys({ keyIds, at }) {
      for (const keyId of keyIds) {
        const key = state.accessKeys.get(keyId);
        if (key) key.last_used_at = at;
      }
    },

    async addRefreshToken({ token }) {
      for (const [hash, old] of state.refreshTokens) {
        if (old.user_id === token.user_id && old.expires_at <= token.created_at) state.refreshTokens.delete(hash);
      }
      state.refreshTokens.set(token.sha256, { ...token });
    },
    async findRefreshToken({ sha256 }) {
      const token = state.refreshTokens.get(sha256);
      return token ? { ...token } : null;
    },
    async rotateRefreshToken({ sha256, at, successor }) {
      const token = state.refreshTokens.get(sha256);
      if (!token || token.rotated_at !== null) return false;
      token.rotated_at = at;
      state.refreshTokens.set(successor.sha256, { ...successor });
      return true;
    },
    revokeFamily: async ({ familyId }) => removeTokens((token) => token.family_id === familyId),
    revokeFamiliesOf: async ({ userId }) => removeTokens((token) => token.user_id === userId),

    async addOneTimeToken({ sha256, userId, expiresAt }) {
      state.oneTimeTokens.set(sha256, { userId, expiresAt });
    },
    async takeOneTimeToken({ sha256, now }) {
      const token = state.oneTimeTokens.get(sha256);
      state.oneTimeTokens.delete(sha256);
      return token && token.expiresAt > now.toISOString() ? token.userId : null;
    },

    async getSettings({ userId }) {
      return { ...state.settings.get(userId) };
    },
    async putSettings({ userId, settings }) {
      state.settings.set(userId, { ...settings });
    },
  };
}
