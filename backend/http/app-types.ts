import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyServerOptions,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Principal } from './authenticator.ts';
import type { RouteRule } from './route-rule.ts';

export type HttpApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null on public routes. */
    principal: Principal | null;
    lifetime: AbortSignal | null;
  }
  interface FastifyContextConfig {
    rule?: RouteRule;
  }
  interface FastifyInstance {
    /** Aborted when the process begins to stop: new work is refused, streams say good-bye. */
    readonly draining: AbortSignal;
    startDraining(): void;
  }
}

export interface HttpAppOptions {
  service: 'server' | 'virtual';
  /** The engine's version. */
  engine: string;
  logger?: FastifyServerOptions['logger'];
  /** Bytes of a JSON body. */
  bodyLimit: number;
  /** Origins of pages that may call, exactly as browsers send them. */
  corsOrigins: readonly string[];
  openapi: { title: string; description?: string };
  /** How many proxies in front are ours; their X-Forwarded-For is believed. */
  trustProxyHops?: number;
  /** Tests: answers are checked against their schemas, and a misfit is a 500. */
  checkAnswers?: boolean;
}
