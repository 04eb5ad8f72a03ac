import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { isWfmError, WfmError } from '@wfm/workflow-engine/errors';
import fastify, { type FastifyReply, LogController, type RawServerDefault } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { HttpApp, HttpAppOptions } from './app-types.ts';
import { acceptBodies } from './bodies.ts';
import { answerClientError } from './client-error.ts';
import { documentRoutes } from './documentation.ts';
import { trackLifetimes } from './lifetime.ts';
import { assertOrigin } from './origin.ts';
import { noSuchAddress, problemOf, retryAfterSeconds } from './problem.ts';
import { compileValidator } from './validate-request.ts';

/** What both servers do alike, before any route: see each import for one promise. Routes follow by `registerRoutes`. */
export async function createHttpApp(options: HttpAppOptions): Promise<HttpApp> {
  const origins = new Set(options.corsOrigins);
  const draining = new AbortController();
  const app: HttpApp = fastify<RawServerDefault>({
    logger: options.logger ?? false,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    bodyLimit: options.bodyLimit,
    requestTimeout: 15_000,
    // Node looks for overdue requests this often; its default would let 15 s become 45.
    http: { connectionsCheckingInterval: 2_000, headersTimeout: 10_000 },
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    // An id from outside could forge another request's lines in the log.
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    trustProxy: (_address, hop) => hop < (options.trustProxyHops ?? 0),
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 128 },
    frameworkErrors: (error, request, reply) => {
      // No hook has run for an address that cannot be read.
      void reply.header('x-request-id', request.id).header('vary', 'Origin');
      void sendProblem(reply, problemOf(error, request.id), error);
    },
    clientErrorHandler: answerClientError,
  }).withTypeProvider<ZodTypeProvider>();

  app.setValidatorCompiler(compileValidator as never);
  app.setSerializerCompiler(options.checkAnswers ? serializerCompiler : () => (body) => JSON.stringify(body));
  app.decorateRequest('principal', null);
  app.decorate('draining', draining.signal);
  app.decorate('startDraining', () => draining.abort(new Error('the server is shutting down')));
  app.setErrorHandler((error, request, reply) => sendProblem(reply, problemOf(error, request.id), error));
  app.setNotFoundHandler((request, reply) => sendProblem(reply, noSuchAddress(request.id)));

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    // Whoever serves over https says so in front of us; on localhost the header would break other programs.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    crossOriginResourcePolicy: { policy: 'same-site' },
  });
  await app.register(cors, {
    origin: (origin, done) => done(null, origin !== undefined && origins.has(origin)),
    credentials: true,
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['content-type', 'x-access-key', 'prefer', 'last-event-id', 'if-match'],
    exposedHeaders: ['x-request-id', 'retry-after', 'etag', 'content-disposition'],
    maxAge: 600,
    strictPreflight: false,
  });
  await app.register(cookie);
  await app.register(rateLimit, { global: false });

  acceptBodies(app);
  trackLifetimes(app);
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    if (draining.signal.aborted && request.routeOptions.config.rule?.whileDraining !== true) {
      throw new WfmError('shutting_down', 'The server is shutting down. Try again in a moment.');
    }
    assertOrigin(request, origins);
  });
  app.addHook('onSend', async (_request, reply) => {
    // What was in flight when the server began to stop must not keep its connection open either.
    if (draining.signal.aborted) void reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    // The route, never the address: that may hold a secret.
    const line = {
      method,
      route: routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    request.log.info(line, 'request');
  });
  app.addHook('preClose', async () => draining.abort(new Error('the server is closing')));
  await documentRoutes(app, options);
  // From here on a route without a rule stops the start; the pages of the description above are public.
  app.addHook('onRoute', (route) => {
    if (route.config?.rule === undefined)
      throw new TypeError(`${String(route.method)} ${route.url} has no rule who may call it`);
  });
  return app;
}

function sendProblem(
  reply: FastifyReply,
  { status, body }: ReturnType<typeof problemOf>,
  error?: unknown,
): FastifyReply {
  if (status >= 500 && !isWfmError(error)) reply.log.error({ err: error }, 'request failed');
  const retryAfter = retryAfterSeconds(error, status);
  if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
  // As text: an error's body has no schema to be serialised by.
  return reply.code(status).type('application/problem+json').serializer(JSON.stringify).send(body);
}
