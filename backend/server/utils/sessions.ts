import { createHmac, randomBytes } from 'node:crypto';
import { secretHash, signAccessToken } from '@wfm/http';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { Clock, Ids, RefreshTokenRow, UserRow, UserStore } from '@wfm/workflow-engine/ports';
import type { SigningKeys } from './signing-keys.ts';

/** The two tokens of a session, for two cookies. */
export interface SessionTokens {
  access: string;
  refresh: string;
}

export const refreshDays = 30;
/** Two tabs that refresh at the same time both carry the older token; within this time that is no theft. */
const graceMs = 10_000;

/** Sessions of people: families of refresh tokens, each used once (security.md S9). */
export class Sessions {
  readonly #users: UserStore;
  readonly #keys: SigningKeys;
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor(options: { users: UserStore; keys: SigningKeys; clock: Clock; ids: Ids }) {
    this.#users = options.users;
    this.#keys = options.keys;
    this.#clock = options.clock;
    this.#ids = options.ids;
  }

  /** Begins a session. */
  async open(user: UserRow): Promise<SessionTokens> {
    const refresh = randomBytes(32).toString('base64url');
    const familyId = this.#ids.uuid();
    await this.#users.addRefreshToken({ token: this.#row(refresh, familyId, user.user_id) });
    return { access: await this.#access(user, familyId), refresh };
  }

  /**
   * Exchanges a refresh token for its successor, which is the same however often one asks within the grace.
   * A token that comes back later, or whose successor was used already, is a copy in a stranger's hands: the whole
   * family ends, and with it every access token of the user. Throws `unauthenticated`.
   */
  async refresh(token: string): Promise<SessionTokens & { user: UserRow }> {
    const sha256 = secretHash(token);
    const row = await this.#users.findRefreshToken({ sha256 });
    const now = this.#clock.now();
    if (!row || Date.parse(row.expires_at) <= now.getTime()) throw sessionEnded();
    const user = await this.#users.find({ userId: row.user_id });
    if (!user || user.disabled) throw sessionEnded();
    const refresh = createHmac('sha256', this.#keys.refreshSecret).update(sha256).digest('base64url');
    const rotated =
      row.rotated_at === null &&
      (await this.#users.rotateRefreshToken({
        sha256,
        at: now.toISOString(),
        successor: this.#row(refresh, row.family_id, user.user_id),
      }));
    if (!rotated) await this.#assertGrace(sha256, secretHash(refresh), user);
    return { access: await this.#access(user, row.family_id), refresh, user };
  }

  /** Ends the session of a refresh token; unknown tokens are as good as ended. */
  async close(token: string): Promise<void> {
    const row = await this.#users.findRefreshToken({ sha256: secretHash(token) });
    if (!row) return;
    const user = await this.#users.find({ userId: row.user_id });
    await this.#users.revokeFamily({ familyId: row.family_id });
    if (user) await this.#endAccess(user);
  }

  /** Ends every session of a user. Access keys stay. */
  async closeAll(userId: string): Promise<void> {
    await this.#users.revokeFamiliesOf({ userId });
    const user = await this.#users.find({ userId });
    if (user) await this.#endAccess(user);
  }

  async #assertGrace(sha256: string, successorSha256: string, user: UserRow): Promise<void> {
    const row = await this.#users.findRefreshToken({ sha256 });
    const successor = await this.#users.findRefreshToken({ sha256: successorSha256 });
    const age =
      row?.rotated_at == null ? Number.POSITIVE_INFINITY : this.#clock.now().getTime() - Date.parse(row.rotated_at);
    if (age <= graceMs && successor?.rotated_at === null) return;
    if (row) await this.#users.revokeFamily({ familyId: row.family_id });
    await this.#endAccess(user);
    throw sessionEnded();
  }

  /** Tokens already signed carry the old number; other sessions of the user get new ones by refreshing. */
  async #endAccess(user: UserRow): Promise<void> {
    await this.#users.update({ userId: user.user_id, changes: { token_version: user.token_version + 1 } });
  }

  async #access(user: UserRow, sessionId: string): Promise<string> {
    const { kid, privateKey } = this.#keys;
    const claims = { userId: user.user_id, sessionId, tokenVersion: user.token_version };
    return signAccessToken(claims, { kid, privateKey, now: this.#clock.now() });
  }

  #row(token: string, familyId: string, userId: string): RefreshTokenRow {
    const now = this.#clock.now();
    return {
      sha256: secretHash(token),
      family_id: familyId,
      user_id: userId,
      created_at: now.toISOString(),
      expires_at: new Date(now.getTime() + refreshDays * 86_400_000).toISOString(),
      rotated_at: null,
    };
  }
}

function sessionEnded(): WfmError {
  return new WfmError('unauthenticated', 'Your session has ended. Sign in again.');
}
