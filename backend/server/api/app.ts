import { createAuthenticator, createHttpApp, type HttpApp, registerRoutes, type Route } from '@wfm/http';
import { engineVersion } from '@wfm/workflow-engine';
import { WfmError } from '@wfm/workflow-engine/errors';
import { limits } from '@wfm/workflow-engine/models';
import type { FastifyRequest } from 'fastify';
import { KeyUse } from '../utils/key-use.ts';
import { createMetrics } from '../utils/metrics.ts';
import { Sessions } from '../utils/sessions.ts';
import type { Collaborators, RouteContext } from './collaborators.ts';
import { ownerChecks } from './owners.ts';
import { accountRoutes } from './routes/account.ts';
import { appRoutes } from './routes/apps.ts';
import { authRoutes, type LoginLimit } from './routes/auth.ts';
import { branchRoutes } from './routes/branches.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { checkpointRoutes } from './routes/checkpoints.ts';
import { commandRoutes } from './routes/commands.ts';
import { draftRoutes } from './routes/drafts.ts';
import { fileRoutes } from './routes/files.ts';
import { credentialRoutes } from './routes/credentials.ts';
import { listRoutes } from './routes/lists.ts';
import { mediaRoutes } from './routes/media.ts';
import { resumeRoutes } from './routes/resume.ts';
import { runReadRoutes } from './routes/run-reads.ts';
import { peopleRoutes } from './routes/people.ts';
import { refuseMockSettings, serviceRoutes } from './routes/service.ts';
import { startRoutes } from './routes/start.ts';
import { subActionRoutes } from './routes/sub-actions.ts';
import { taskRoutes } from './routes/tasks.ts';
import { templateRoutes } from './routes/templates.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { versionRoutes } from './routes/versions.ts';

/** The app as a value, with the table of its routes; nothing listens until somebody says so. */
export interface ServerApp {
  app: HttpApp;
  routes: readonly Route[];
}

/** Puts the production API together: all routes, the pages, limits and sign-in. Opens nothing of its own. */
export async function createServerApp(collaborators: Collaborators): Promise<ServerApp> {
  const { database, clock, ids, keys, settings } = collaborators;
  const app = await createHttpApp({
    service: 'server',
    engine: engineVersion,
    bodyLimit: limits.productionBodyBytes,
    corsOrigins: settings.corsOrigins,
    openapi: { title: 'WFM', description: 'Runs workflows for real.' },
    ...(settings.logger === undefined ? {} : { logger: settings.logger }),
    ...(settings.trustProxyHops === undefined ? {} : { trustProxyHops: settings.trustProxyHops }),
    ...(settings.checkAnswers === undefined ? {} : { checkAnswers: settings.checkAnswers }),
  });
  const metrics = createMetrics();
  const keyUse = new KeyUse(database.users, clock);
  const authenticate = createAuthenticator({
    users: database.users,
    publicKeys: keys.publicKeys,
    audience: 'wfm-api',
    clock,
    onKeyUsed: (keyId) => keyUse.note(keyId),
  });
  const sessions = new Sessions({ users: database.users, keys, clock, ids });
  const context: RouteContext = { ...collaborators, sessions, authenticate, metrics };

  app.addHook('preValidation', async (request) => {
    if (request.routeOptions.url?.startsWith('/workflow/') === true) refuseMockSettings(request.body);
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.request({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  app.addHook('onClose', () => keyUse.flush());

  const limitLogins = loginLimit(app);
  const routes = [
    ...serviceRoutes(context),
    ...appRoutes(context),
    ...authRoutes(context, limitLogins),
    ...peopleRoutes(context, limitLogins),
    ...accountRoutes(context),
    ...catalogueRoutes(context),
    ...uploadRoutes(context),
    ...templateRoutes(context),
    ...versionRoutes(context),
    ...draftRoutes(context),
    ...checkpointRoutes(context),
    ...startRoutes(context),
    ...commandRoutes(context),
    ...subActionRoutes(context),
    ...resumeRoutes(context),
    ...runReadRoutes(context),
    ...branchRoutes(context),
    ...fileRoutes(context),
    ...mediaRoutes(context),
    ...taskRoutes(context),
    ...credentialRoutes(context),
    ...listRoutes(context),
  ];
  registerRoutes(app, routes, { authenticate, owners: ownerChecks(database) });
  await app.ready();
  return { app, routes };
}

/** security.md S14: refused from the 10th try a minute for an account and the 30th from an address. */
function loginLimit(app: HttpApp): LoginLimit {
  const accounts = new WeakMap<FastifyRequest, string>();
  const timeWindow = '1 minute';
  const byAddress = app.createRateLimit({ max: 29, timeWindow, keyGenerator: (request) => `ip:${request.ip}` });
  const byAccount = app.createRateLimit({
    max: 9,
    timeWindow,
    keyGenerator: (request) => `account:${accounts.get(request) ?? ''}`,
  });
  return async (request, account) => {
    const limits = [await byAddress(request)];
    if (account !== null) {
      accounts.set(request, account);
      limits.push(await byAccount(request));
    }
    for (const limit of limits) {
      if (limit.isAllowed || !limit.isExceeded) continue;
      const seconds = limit.ttlInSeconds;
      throw new WfmError('rate_limited', `Too many tries to sign in. Wait ${seconds} s.`, {
        params: { seconds },
        retryAfterMs: seconds * 1000,
      });
    }
  };
}
