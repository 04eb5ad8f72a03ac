import { randomBytes } from 'node:crypto';
import type { Clock, UserStore } from '@wfm/workflow-engine/ports';
import { secretHash } from './credentials.ts';

const linkMinutes = 15;

/** A fresh address that signs a user in once, within 15 minutes; only the token's hash is kept. */
export async function oneTimeLink(
  users: Pick<UserStore, 'addOneTimeToken'>,
  params: { userId: string; baseUrl: string; clock: Pick<Clock, 'now'> },
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(params.clock.now().getTime() + linkMinutes * 60_000).toISOString();
  await users.addOneTimeToken({ sha256: secretHash(token), userId: params.userId, expiresAt });
  // A fragment reaches no log and no other site (ux.md 2.6).
  return `${params.baseUrl}/app/sign-in#token=${token}`;
}
