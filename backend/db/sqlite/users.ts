import {
  type AccessKeyRow,
  assertAdminLeft,
  emailTakenError,
  foldCase,
  type InvitationRow,
  type RefreshTokenRow,
  type UserRow,
  type UserStore,
  withRights,
} from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';
import { read, type SqliteContext } from './context.ts';
import { parseJson } from './json.ts';

type SqlUser = Omit<UserRow, 'disabled'> & { disabled: number };

const selectUser = 'SELECT user_id, email, name, role, password_hash, disabled, token_version, created_at FROM users';
const selectKey =
  'SELECT key_id, user_id, label, prefix, sha256, created_at, expires_at, last_used_at FROM access_keys';
const selectInvitation =
  'SELECT invitation_id, sha256, email, role, created_by, created_at, expires_at, user_id FROM invitations';
const selectToken = 'SELECT sha256, family_id, user_id, created_at, expires_at, rotated_at FROM refresh_tokens';

/** `UserStore` on SQLite. */
export function sqliteUsers({ connection, queue }: SqliteContext): UserStore {
  const write = (sql: string, ...values: (string | number | null)[]) =>
    queue.submit(() => connection.run(sql, ...values).changes);
  return {
    create: ({ user }) => queue.submit(() => createUser(connection, user)),
    find: ({ userId }) => read(() => findUser(connection, 'user_id = ?', userId)),
    findByEmail: ({ email }) => read(() => findUser(connection, 'email_key = ?', foldCase(email))),
    update: ({ userId, changes }) =>
      queue.submit(() => {
        const user = findUser(connection, 'user_id = ?', userId);
        if (!user) return;
        connection.run(
          'UPDATE users SET name = ?, role = ?, password_hash = ?, disabled = ?, token_version = ? WHERE user_id = ?',
          changes.name ?? user.name,
          changes.role ?? user.role,
          changes.password_hash === undefined ? user.password_hash : changes.password_hash,
          Number(changes.disabled ?? user.disabled),
          changes.token_version ?? user.token_version,
          userId,
        );
      }),
    count: () => read(() => connection.get<{ n: number }>('SELECT count(*) AS n FROM users')?.n ?? 0),
    list: ({ limit, after = '', q = '' }) =>
      read(() =>
        connection
          .all<SqlUser>(
            `${selectUser} WHERE user_id > ? AND instr(email_key, ?) > 0 ORDER BY user_id LIMIT ?`,
            after,
            foldCase(q),
            limit,
          )
          .map(toUser),
      ),
    changeRights: ({ userId, rights }) =>
      queue.submit(() => {
        const before = findUser(connection, 'user_id = ?', userId);
        if (!before) return null;
        const after = withRights(before, rights);
        const counted = "SELECT count(*) AS n FROM users WHERE role = 'admin' AND disabled = 0";
        assertAdminLeft(before, after, connection.get<{ n: number }>(counted)?.n ?? 0);
        const sql = 'UPDATE users SET role = ?, disabled = ?, token_version = ? WHERE user_id = ?';
        connection.run(sql, after.role, Number(after.disabled), after.token_version, userId);
        return { before, after };
      }),

    async addInvitation({ invitation }) {
      await write(
        `INSERT INTO invitations (invitation_id, sha256, email, role, created_by, created_at, expires_at, user_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        invitation.invitation_id,
        invitation.sha256,
        invitation.email,
        invitation.role,
        invitation.created_by,
        invitation.created_at,
        invitation.expires_at,
        invitation.user_id,
      );
    },
    findInvitation: ({ sha256 }) =>
      read(() => connection.get<InvitationRow>(`${selectInvitation} WHERE sha256 = ?`, sha256) ?? null),
    listInvitations: ({ limit, after = '' }) =>
      read(() =>
        connection.all<InvitationRow>(
          `${selectInvitation} WHERE invitation_id > ? ORDER BY invitation_id LIMIT ?`,
          after,
          limit,
        ),
      ),
    async removeInvitation({ invitationId }) {
      return (await write('DELETE FROM invitations WHERE invitation_id = ?', invitationId)) === 1;
    },
    acceptInvitation: ({ sha256, now, user }) =>
      queue.submit(() => {
        const sql = 'SELECT user_id, expires_at FROM invitations WHERE sha256 = ?';
        const found = connection.get<Pick<InvitationRow, 'user_id' | 'expires_at'>>(sql, sha256);
        if (!found || found.user_id !== null || found.expires_at <= now.toISOString()) return false;
        createUser(connection, user);
        connection.run('UPDATE invitations SET user_id = ? WHERE sha256 = ?', user.user_id, sha256);
        return true;
      }),

    async addAccessKey({ key }) {
      await write(
        `INSERT INTO access_keys (key_id, user_id, label, prefix, sha256, created_at, expires_at, last_used_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        key.key_id,
        key.user_id,
        key.label,
        key.prefix,
        key.sha256,
        key.created_at,
        key.expires_at,
        key.last_used_at,
      );
    },
    findAccessKey: ({ sha256 }) =>
      read(() => connection.get<AccessKeyRow>(`${selectKey} WHERE sha256 = ?`, sha256) ?? null),
    listAccessKeys: ({ userId }) =>
      read(() => connection.all<AccessKeyRow>(`${selectKey} WHERE user_id = ? ORDER BY no`, userId)),
    async removeAccessKey({ userId, keyId }) {
      return (await write('DELETE FROM access_keys WHERE user_id = ? AND key_id = ?', userId, keyId)) === 1;
    },
    async touchAccessKeys({ keyIds, at }) {
      const sql = 'UPDATE access_keys SET last_used_at = ? WHERE key_id IN (SELECT value FROM json_each(?))';
      await write(sql, at, JSON.stringify(keyIds));
    },

    addRefreshToken: ({ token }) =>
      queue.submit(() => {
        connection.run(
          'DELETE FROM refresh_tokens WHERE user_id = ? AND expires_at <= ?',
          token.user_id,
          token.created_at,
        );
        insertToken(connection, token);
      }),
    findRefreshToken: ({ sha256 }) =>
      read(() => connection.get<RefreshTokenRow>(`${selectToken} WHERE sha256 = ?`, sha256) ?? null),
    rotateRefreshToken: ({ sha256, at, successor }) =>
      queue.submit(() => {
        const sql = 'UPDATE refresh_tokens SET rotated_at = ? WHERE sha256 = ? AND rotated_at IS NULL';
        if (connection.run(sql, at, sha256).changes === 0) return false;
        insertToken(connection, successor);
        return true;
      }),
    async revokeFamily({ familyId }) {
      await write('DELETE FROM refresh_tokens WHERE family_id = ?', familyId);
    },
    async revokeFamiliesOf({ userId }) {
      await write('DELETE FROM refresh_tokens WHERE user_id = ?', userId);
    },

    async addOneTimeToken({ sha256, userId, expiresAt }) {
      await write(
        'INSERT OR REPLACE INTO one_time_tokens (sha256, user_id, expires_at) VALUES (?, ?, ?)',
        sha256,
        userId,
        expiresAt,
      );
    },
    takeOneTimeToken: ({ sha256, now }) =>
      queue.submit(() => {
        const sql = 'SELECT user_id, expires_at FROM one_time_tokens WHERE sha256 = ?';
        const token = connection.get<{ user_id: string; expires_at: string }>(sql, sha256);
        connection.run('DELETE FROM one_time_tokens WHERE sha256 = ? OR expires_at <= ?', sha256, now.toISOString());
        return token && token.expires_at > now.toISOString() ? token.user_id : null;
      }),

    getSettings: ({ userId }) =>
      read(() => {
        const row = connection.get<{ settings: string }>(
          'SELECT settings FROM user_settings WHERE user_id = ?',
          userId,
        );
        return row ? parseJson(row.settings) : {};
      }),
    async putSettings({ userId, settings }) {
      await write(
        'INSERT OR REPLACE INTO user_settings (user_id, settings) VALUES (?, ?)',
        userId,
        JSON.stringify(settings),
      );
    },
  };
}

function findUser(connection: Connection, where: string, value: string): UserRow | null {
  const row = connection.get<SqlUser>(`${selectUser} WHERE ${where}`, value);
  return row ? toUser(row) : null;
}

function toUser(row: SqlUser): UserRow {
  return { ...row, disabled: row.disabled === 1 };
}

function createUser(connection: Connection, user: UserRow): void {
  const sql = 'SELECT 1 FROM users WHERE email_key = ? OR user_id = ?';
  if (connection.get(sql, foldCase(user.email), user.user_id)) throw emailTakenError();
  connection.run(
    `INSERT INTO users (user_id, email, email_key, name, role, password_hash, disabled, token_version, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    user.user_id,
    user.email,
    foldCase(user.email),
    user.name,
    user.role,
    user.password_hash,
    Number(user.disabled),
    user.token_version,
    user.created_at,
  );
}

function insertToken(connection: Connection, token: RefreshTokenRow): void {
  connection.run(
    'INSERT INTO refresh_tokens (sha256, family_id, user_id, created_at, expires_at, rotated_at) VALUES (?, ?, ?, ?, ?, ?)',
    token.sha256,
    token.family_id,
    token.user_id,
    token.created_at,
    token.expires_at,
    token.rotated_at,
  );
}
