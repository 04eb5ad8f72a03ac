import { defineRoute, type Route } from '@wfm/http';
import { describeAddons } from '@wfm/workflow-engine';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { mediaProviderSchema, mediaProviderView } from '../media-provider-view.ts';

const tags = ['catalogue'];

const moduleSchema = z.object({
  module_id: z.string(),
  kind: z.enum(['compute', 'effect', 'interactive', 'job']),
  revision: z.number().int(),
  title: z.string(),
  description: z.string(),
  own_store: z.boolean(),
  inputs: z.unknown(),
  outputs: z.unknown(),
  client_inputs: z.array(z.string()),
  display_schema_inputs: z.array(z.string()),
});

const addonSchema = z.object({
  addon_id: z.string(),
  title: z.string(),
  description: z.string(),
  inputs: z.unknown(),
});

const providerSchema = z.object({
  provider: z.string(),
  title: z.string(),
  configured: z.boolean(),
  default_model: z.string(),
  demo: z.boolean(),
  models: z.array(
    z.object({ model: z.string(), title: z.string(), vision: z.boolean(), structured_output: z.boolean() }),
  ),
});

/** What workflows can be made of. */
export function catalogueRoutes({ registry, llm, media, database }: RouteContext): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/modules',
      access: 'user',
      schema: {
        summary: 'Every module and addon with JSON Schemas of inputs and outputs',
        tags,
        response: { 200: z.object({ items: z.array(moduleSchema), addons: z.array(addonSchema) }) },
      },
      async handler() {
        return { items: registry.describe(), addons: describeAddons() };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/models',
      access: 'user',
      schema: {
        summary: 'Language models, and whether each provider has a key',
        tags,
        response: { 200: z.object({ default_provider: z.string(), items: z.array(providerSchema) }) },
      },
      async handler() {
        return { default_provider: llm.defaultProvider, items: llm.list() };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/providers',
      access: 'user',
      schema: {
        summary:
          'Media providers: what they make, within what limits, and whether each has a key, the server’s or one’s own',
        tags,
        response: { 200: z.object({ items: z.array(mediaProviderSchema) }) },
      },
      async handler({ principal }) {
        const own = new Set(
          (await database.credentials.list({ userId: principal.userId })).map(({ provider }) => provider),
        );
        return { items: media.catalogue.list().map((info) => mediaProviderView(info, own.has(info.id))) };
      },
    }),
  ];
}
