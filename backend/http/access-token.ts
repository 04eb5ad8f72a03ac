import type { KeyObject } from 'node:crypto';
import { WfmError } from '@wfm/workflow-engine/errors';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { VerificationKey } from './keys.ts';

export type Audience = 'wfm-api' | 'wfm-virtual';

export interface AccessClaims {
  userId: string;
  /** The family of refresh tokens that the token belongs to; a session, to a person. */
  sessionId: string;
  /** Must equal the user's; raising that ends every session. */
  tokenVersion: number;
}

const issuer = 'wfm';
const type = 'at+jwt';
const audiences: Audience[] = ['wfm-api', 'wfm-virtual'];
/** api.md, Auth: 10 minutes. */
export const accessTokenSeconds = 600;
const toleranceSeconds = 30;

/** An access token for both servers. Only the production server has a private key to call this with. */
export async function signAccessToken(
  claims: AccessClaims,
  signer: { kid: string; privateKey: KeyObject; now: Date },
): Promise<string> {
  const seconds = Math.floor(signer.now.getTime() / 1000);
  return new SignJWT({ sid: claims.sessionId, ver: claims.tokenVersion })
    .setProtectedHeader({ alg: 'EdDSA', typ: type, kid: signer.kid })
    .setIssuer(issuer)
    .setAudience(audiences)
    .setSubject(claims.userId)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + accessTokenSeconds)
    .sign(signer.privateKey);
}

/** Checks a token whole: algorithm, key, issuer, audience, times. Throws `unauthenticated`, whatever is wrong with it. */
export async function verifyAccessToken(
  token: string,
  options: { keys: readonly VerificationKey[]; audience: Audience; now: Date },
): Promise<AccessClaims> {
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => keyNamed(kid, options.keys), {
      algorithms: ['EdDSA'],
      typ: type,
      issuer,
      audience: options.audience,
      clockTolerance: toleranceSeconds,
      currentDate: options.now,
      requiredClaims: ['sub', 'iat', 'exp', 'sid', 'ver'],
    });
    const { sub, sid, ver } = payload;
    if (typeof sub !== 'string' || typeof sid !== 'string' || typeof ver !== 'number')
      throw new TypeError('claims of the wrong type');
    return { userId: sub, sessionId: sid, tokenVersion: ver };
  } catch (cause) {
    throw new WfmError('unauthenticated', 'Your session has ended. Sign in again.', { cause });
  }
}

function keyNamed(kid: string | undefined, keys: readonly VerificationKey[]): KeyObject {
  const found = keys.find((candidate) => candidate.kid === kid);
  if (!found) throw new errors.JWKSNoMatchingKey();
  return found.key;
}
