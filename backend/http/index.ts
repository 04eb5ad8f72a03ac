/** What both servers must do alike: sign-in checks, problems, limits, streams. */
// Their types add to Fastify's what `createHttpApp` registers: cookies and rate limits.
import '@fastify/cookie';
import '@fastify/rate-limit';

export { type ByteRange, byteRange } from './byte-range.ts';
export {
  type AccessClaims,
  accessTokenSeconds,
  type Audience,
  signAccessToken,
  verifyAccessToken,
} from './access-token.ts';
export { type Authenticator, type AuthenticatorOptions, createAuthenticator, type Principal } from './authenticator.ts';
export { accessKeyHeader, refreshCookie, secretHash, sessionCookie } from './credentials.ts';
export type { HttpApp, HttpAppOptions } from './app-types.ts';
export { createHttpApp } from './http-app.ts';
export { pagesTag } from './documentation.ts';
export { keyFiles, keyId, readVerificationKeys, type VerificationKey } from './keys.ts';
export { oneTimeLink } from './one-time-link.ts';
export { clientSignal, prefersAsync, readPreferWait } from './lifetime.ts';
export { loggerOptions } from './logging.ts';
export { estimateSchema, mediaPreviewFields, moneySchema } from './media-bodies.ts';
export { type Problem, problemOf, problemSchema } from './problem.ts';
export {
  aiConfigSchema,
  idempotencyKeySchema,
  idSchema,
  jumpFields,
  respondFields,
  retryFields,
  subActionFields,
} from './request-bodies.ts';
export {
  type Call,
  defineRoute,
  type HttpMethod,
  type OwnerChecks,
  registerRoutes,
  type Route,
  type RouteSchema,
} from './route.ts';
export type { Access, OwnerRule, RouteRule } from './route-rule.ts';
export { sse, type SseFrame, type SseOptions } from './sse.ts';
