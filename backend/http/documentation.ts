import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import type { HttpApp, HttpAppOptions } from './app-types.ts';
import { accessKeyHeader, sessionCookie } from './credentials.ts';

/** The page's library draws pictures from data; everything else comes from us. */
const pagePolicy =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** Routes that a person opens, and no program calls: the description leaves them out. */
export const pagesTag = 'pages';

const open = { access: 'public', whileDraining: true } as const;

/** `/health`, `/openapi.json` and the page `/docs`, all public; the description is made from the routes' schemas. */
export async function documentRoutes(app: HttpApp, options: HttpAppOptions): Promise<void> {
  const { title, description = '' } = options.openapi;
  const transform = createJsonSchemaTransform({ zodToJsonConfig: { unrepresentable: 'any' } });
  await app.register(swagger, {
    hiddenTag: pagesTag,
    openapi: {
      openapi: '3.1.0',
      info: { title, description, version: options.engine },
      components: {
        securitySchemes: {
          cookie: { type: 'apiKey', in: 'cookie', name: sessionCookie },
          access_key: { type: 'apiKey', in: 'header', name: accessKeyHeader },
        },
      },
    },
    transform: (document) => {
      const made = transform(document);
      const access = document.route.config?.rule?.access;
      if (access !== 'user' && access !== 'admin') return made;
      return { ...made, schema: { ...made.schema, security: [{ cookie: [] }, { access_key: [] }] } };
    },
  });
  app.get('/health', { config: { rule: open }, schema: { hide: true } as never }, async () => ({
    status: 'healthy',
    service: options.service,
    engine: options.engine,
  }));
  app.get('/openapi.json', { config: { rule: open }, schema: { hide: true } as never }, async () => app.swagger());
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: pagePolicy, uiConfig: { docExpansion: 'none' } });
}
