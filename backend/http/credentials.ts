import { createHash } from 'node:crypto';

/** Names under which a client shows who it is; both servers and all routes use these. */
export const sessionCookie = 'wfm_session';
/** Sent to `/auth` of the production server alone. */
export const refreshCookie = 'wfm_refresh';
export const accessKeyHeader = 'x-access-key';

/** How secrets of 256 random bits are stored and looked up: SHA-256, in hex. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
