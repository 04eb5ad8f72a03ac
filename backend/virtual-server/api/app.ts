import { type Authenticator, createAuthenticator, createHttpApp, type HttpApp, registerRoutes } from '@wfm/http';
import { WfmError } from '@wfm/workflow-engine/errors';
import { engineVersion } from '@wfm/workflow-engine';
import { limits } from '@wfm/workflow-engine/models';
import { createMetrics } from '../utils/metrics.ts';
import { PreviewSlots, type SlotLimits } from '../utils/preview-slots.ts';
import type { Collaborators } from './collaborators.ts';
import { branchRoutes } from './routes/branches.ts';
import { mediaRoutes } from './routes/media.ts';
import { serviceRoutes } from './routes/service.ts';
import { workflowRoutes } from './routes/workflow.ts';

/** Security.md, Preview isolation: one running and two waiting for each author, 32 waiting in all. */
const previewLimits: SlotLimits = { running: 16, queued: 32, runningPerAuthor: 1, queuedPerAuthor: 2 };
/** Reads are short: an author may have several, while one of their previews waits for a model. */
const readLimits: SlotLimits = { running: 4, queued: 64, runningPerAuthor: 2, queuedPerAuthor: 8 };

/** How long previews may go on after the server was asked to stop (R15: all is over within 10 s). */
const GRACE_MS = 5_000;

/** The preview server as a value: its routes over what it is given; listens nowhere yet. */
export async function createVirtualApp(collaborators: Collaborators): Promise<HttpApp> {
  const { settings } = collaborators;
  const slots = new PreviewSlots(settings.slots ?? previewLimits);
  const app = await createHttpApp({
    service: 'virtual',
    engine: engineVersion,
    bodyLimit: limits.previewBodyBytes,
    corsOrigins: settings.corsOrigins,
    openapi: {
      title: 'WFM previews',
      description: 'Executes workflows without keeping anything: the state travels with the client.',
    },
    ...(settings.logger === undefined ? {} : { logger: settings.logger }),
    ...(settings.trustProxyHops === undefined ? {} : { trustProxyHops: settings.trustProxyHops }),
    ...(settings.checkAnswers === undefined ? {} : { checkAnswers: settings.checkAnswers }),
  });
  app.draining.addEventListener('abort', () => {
    setTimeout(() => {
      slots.endAll(new WfmError('shutting_down', 'The server is shutting down. Try again in a moment.'));
    }, GRACE_MS).unref();
  });
  const context = {
    ...collaborators,
    slots,
    reads: new PreviewSlots(readLimits),
    metrics: createMetrics(() => slots.counts),
  };
  const authenticate = authenticator(collaborators);
  registerRoutes(
    app,
    [...serviceRoutes(context), ...workflowRoutes(context), ...branchRoutes(context), ...mediaRoutes(context)],
    {
      authenticate,
      owners: {},
    },
  );
  return app;
}

/** Looks for the production server's keys as long as there are none: it may start after us. */
function authenticator({ production, publicKeys, clock }: Collaborators): Authenticator {
  const inner = createAuthenticator({
    users: production.users,
    publicKeys: publicKeys.list,
    audience: 'wfm-virtual',
    clock,
  });
  const authenticate: Authenticator = Object.assign(
    (request: Parameters<Authenticator>[0]) => {
      publicKeys.refresh();
      return inner(request);
    },
    { forget: () => inner.forget() },
  );
  return authenticate;
}
