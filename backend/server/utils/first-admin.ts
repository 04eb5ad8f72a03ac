import { randomBytes } from 'node:crypto';
import { secretHash } from '@wfm/http';
import { hasCode } from '@wfm/workflow-engine/errors';
import type { Clock, Ids, UserRow, UserStore } from '@wfm/workflow-engine/ports';

export const firstAdminEmail = 'admin@localhost';
const linkMinutes = 15;

/** Finds the administrator of a fresh installation, or makes one who has no password yet. */
export async function ensureAdmin(users: UserStore, deps: { clock: Clock; ids: Ids }): Promise<UserRow> {
  const known = await users.findByEmail({ email: firstAdminEmail });
  if (known) return known;
  const user: UserRow = {
    user_id: deps.ids.uuid(),
    email: firstAdminEmail,
    name: 'Administrator',
    role: 'admin',
    password_hash: null,
    disabled: false,
    token_version: 0,
    created_at: deps.clock.now().toISOString(),
  };
  try {
    await users.create({ user });
    return user;
  } catch (error) {
    // Another process of this start was faster.
    const other = hasCode(error, 'conflict') ? await users.findByEmail({ email: firstAdminEmail }) : null;
    if (!other) throw error;
    return other;
  }
}

/** A fresh address that signs a user in once, within 15 minutes; only the token's hash is kept. */
export async function oneTimeLink(
  users: UserStore,
  params: { userId: string; baseUrl: string; clock: Clock },
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(params.clock.now().getTime() + linkMinutes * 60_000).toISOString();
  await users.addOneTimeToken({ sha256: secretHash(token), userId: params.userId, expiresAt });
  return `${params.baseUrl}/sign-in?token=${token}`;
}
