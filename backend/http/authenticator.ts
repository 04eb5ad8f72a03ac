import { WfmError } from '@wfm/workflow-engine/errors';
import type { AccessKeyRow, Clock, UserRow, UserStore } from '@wfm/workflow-engine/ports';
import type { FastifyRequest } from 'fastify';
import { type Audience, verifyAccessToken } from './access-token.ts';
import { ShortMemory } from './short-memory.ts';
import { accessKeyHeader, secretHash, sessionCookie } from './credentials.ts';
import type { VerificationKey } from './keys.ts';

/** Who asks. */
export interface Principal {
  userId: string;
  role: UserRow['role'];
  /** Tells two sessions of one person apart: the token family, or the access key's id. */
  sessionId: string;
  via: 'cookie' | 'access_key';
}

export interface Authenticator {
  /** Throws `unauthenticated`. */
  (request: FastifyRequest): Promise<Principal>;
  /** Forgets what it remembers of users and keys, so that a change of this process shows at once. */
  forget(): void;
}

export interface AuthenticatorOptions {
  users: Pick<UserStore, 'find' | 'findAccessKey'>;
  publicKeys: readonly VerificationKey[];
  audience: Audience;
  clock: Clock;
  /** Told of each use of a key; a server that may write notes it. */
  onKeyUsed?: (keyId: string) => void;
}

/** `wfk_` and 256 bits in base64url. */
const accessKeyPattern = /^wfk_[A-Za-z0-9_-]{43}$/;
/** api.md, Auth: a revoked user or key is refused within 5 s. */
const memoryMs = 5_000;

/**
 * Checks the cookie's token or the access key of a request, and that the user may still sign in. A key, where one is
 * sent, decides alone.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { users: store, clock } = options;
  const now = (): number => clock.monotonicMs();
  const users = new ShortMemory<UserRow>(memoryMs, now);
  const keys = new ShortMemory<AccessKeyRow>(memoryMs, now);

  async function activeUser(userId: string): Promise<UserRow> {
    const user = await users.get(userId, () => store.find({ userId }));
    if (!user || user.disabled) throw refused('This account cannot be used. Sign in again.');
    return user;
  }

  async function byKey(secret: string): Promise<Principal> {
    if (!accessKeyPattern.test(secret)) throw refused('This access key is not valid.');
    const sha256 = secretHash(secret);
    const key = await keys.get(sha256, () => store.findAccessKey({ sha256 }));
    if (!key || (key.expires_at !== null && Date.parse(key.expires_at) <= clock.now().getTime())) {
      throw refused('This access key is not valid, has expired or was revoked.');
    }
    const user = await activeUser(key.user_id);
    options.onKeyUsed?.(key.key_id);
    return { userId: user.user_id, role: user.role, sessionId: key.key_id, via: 'access_key' };
  }

  async function byToken(token: string): Promise<Principal> {
    const claims = await verifyAccessToken(token, {
      keys: options.publicKeys,
      audience: options.audience,
      now: clock.now(),
    });
    const user = await activeUser(claims.userId);
    if (user.token_version !== claims.tokenVersion) throw refused('This session was ended. Sign in again.');
    return { userId: user.user_id, role: user.role, sessionId: claims.sessionId, via: 'cookie' };
  }

  const authenticate = async (request: FastifyRequest): Promise<Principal> => {
    const key = request.headers[accessKeyHeader];
    if (key !== undefined) return byKey(String(key));
    const token = request.cookies[sessionCookie];
    if (token === undefined || token === '') throw refused('Sign in first, or send an access key.');
    return byToken(token);
  };
  return Object.assign(authenticate, {
    forget(): void {
      users.clear();
      keys.clear();
    },
  });
}

function refused(message: string): WfmError {
  return new WfmError('unauthenticated', message);
}
