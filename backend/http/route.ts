import { WfmError } from '@wfm/workflow-engine/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Authenticator, Principal } from './authenticator.ts';
import type { HttpApp } from './app-types.ts';
import type { Access, OwnerRule, RouteRule } from './route-rule.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export interface RouteSchema {
  summary: string;
  tags: string[];
  params?: z.ZodType;
  querystring?: z.ZodType;
  body?: z.ZodType;
  /** By status; `text/event-stream` and files are described, not checked. */
  response?: Record<number, z.ZodType | { description: string; content: Record<string, { schema: z.ZodType }> }>;
}

type Output<T> = T extends z.ZodType ? z.output<T> : undefined;

/** What a handler gets: the parsed parts of the request and who asks. */
export interface Call<S extends RouteSchema, A extends Access> {
  params: Output<S['params']>;
  query: Output<S['querystring']>;
  body: Output<S['body']>;
  principal: A extends 'public' ? null : Principal;
  request: FastifyRequest;
  reply: FastifyReply;
}

export interface RouteDefinition<S extends RouteSchema, A extends Access> extends RouteRule {
  method: HttpMethod;
  /** In Fastify's form: `/workflow/:run/status`. */
  path: string;
  access: A;
  schema: S;
  /** Bytes; by default the app's. */
  bodyLimit?: number;
  /** Returns the body, or the reply after having sent something else. */
  handler(call: Call<S, A>): unknown;
}

/** A route whose own types are forgotten, as tables hold it. */
export type Route = Omit<RouteDefinition<RouteSchema, Access>, 'handler'> & { handler(call: never): unknown };

/** Types the handler of one route by its schemas. */
export function defineRoute<const S extends RouteSchema, const A extends Access>(route: RouteDefinition<S, A>): Route {
  return route;
}

/** By kind: throws the `…_not_found` of an object that is missing, and the same for another user's. */
export type OwnerChecks = Record<string, (id: string, principal: Principal) => Promise<void>>;

/**
 * Registers a table of routes with their rules: who may call, and whose object it is. Throws a TypeError for a route
 * without a rule, so that a forgotten one stops the start and not a user.
 */
export function registerRoutes(
  app: HttpApp,
  routes: readonly Route[],
  options: { authenticate: Authenticator; owners: OwnerChecks },
): void {
  for (const route of routes) {
    assertRule(route, options.owners);
    const { access, owner, octets, whileDraining } = route;
    const rule: RouteRule = {
      access,
      ...(owner && { owner }),
      ...(octets && { octets }),
      ...(whileDraining && { whileDraining }),
    };
    const check = owner === undefined || owner === 'self' ? undefined : options.owners[owner.kind];
    app.route({
      method: route.method,
      url: route.path,
      schema: route.schema as never,
      config: { rule },
      ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
      // Before the body is read: nobody who may not ask gets anything parsed.
      onRequest: async (request) => {
        if (access !== 'public') request.principal = await authorised(request, access, options.authenticate);
      },
      preHandler: async (request) => {
        if (!check || owner === undefined || owner === 'self' || !request.principal) return;
        await check(namedId(request, owner), request.principal);
      },
      handler: async (request, reply) => {
        const { params, query, body, principal } = request;
        return route.handler({ params, query, body, principal, request, reply } as never);
      },
    });
  }
}

async function authorised(request: FastifyRequest, access: Access, authenticate: Authenticator): Promise<Principal> {
  const principal = await authenticate(request);
  if (access === 'admin' && principal.role !== 'admin') {
    throw new WfmError('forbidden', 'Only an administrator may do this.');
  }
  return principal;
}

function namedId(request: FastifyRequest, owner: OwnerRule): string {
  const part: unknown = owner.in === 'params' ? request.params : owner.in === 'body' ? request.body : request.query;
  const id =
    typeof part === 'object' && part !== null && Object.hasOwn(part, owner.key)
      ? (part as Record<string, unknown>)[owner.key]
      : '';
  return typeof id === 'string' ? id : '';
}

function assertRule(route: Route, owners: OwnerChecks): void {
  const name = `${route.method} ${route.path}`;
  if (!['public', 'user', 'admin'].includes(route.access)) throw new TypeError(`${name} does not say who may call it`);
  const { owner } = route;
  if (owner === undefined) {
    if (route.access !== 'public' && route.path.includes(':'))
      throw new TypeError(`${name} does not say whose object it touches`);
    return;
  }
  if (route.access === 'public') throw new TypeError(`${name} is public and cannot have an owner`);
  if (owner !== 'self' && !Object.hasOwn(owners, owner.kind))
    throw new TypeError(`${name}: nobody checks the owner of a ${owner.kind}`);
}
