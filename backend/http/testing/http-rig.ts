import {
  type Authenticator,
  createHttpApp,
  type HttpApp,
  type HttpAppOptions,
  type Principal,
  registerRoutes,
  type Route,
} from '../index.ts';

export const origin = 'http://localhost:9000';
const somebody: Principal = { userId: 'u', role: 'member', sessionId: 's', via: 'cookie' };

/** Believes whoever calls. */
const trusting: Authenticator = Object.assign(async () => somebody, { forget: () => undefined });

/** An app with some routes, not listening. */
export async function createTestApp(routes: readonly Route[], options: Partial<HttpAppOptions> = {}): Promise<HttpApp> {
  const app = await createHttpApp({
    service: 'server',
    engine: '1.2.3',
    bodyLimit: 10_000,
    corsOrigins: [origin],
    openapi: { title: 'Test' },
    checkAnswers: true,
    ...options,
  });
  registerRoutes(app, routes, { authenticate: trusting, owners: { thing: async () => undefined } });
  await app.ready();
  return app;
}
