import { hasCode } from '@wfm/workflow-engine/errors';
import type { Clock, Ids, UserRow, UserStore } from '@wfm/workflow-engine/ports';

export const firstAdminEmail = 'admin@localhost';

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
