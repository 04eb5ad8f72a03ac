import { defineRoute, type Route } from '@wfm/http';
import { publishVersion } from '@wfm/workflow-engine';
import { loadWorkflow } from '@wfm/workflow-engine/definition';
import { type TemplateRow, templateNotFoundError } from '@wfm/workflow-engine/ports';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { noContent, ownTemplateOwner, pageOf, searchQuery, templateOwner, templateParams } from '../common.ts';
import { publishedSchema, templateSchema, templateView } from '../template-view.ts';
import { readSource, sourceFields } from '../workflow-source.ts';

const tags = ['templates'];

/** Lines of versions: the caller's own and the global ones (format.md 1.6). */
export function templateRoutes(context: RouteContext): Route[] {
  const { definitions } = context.database;
  return [
    defineRoute({
      method: 'GET',
      path: '/workflow-templates',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'Own and global templates',
        tags,
        querystring: z.strictObject(searchQuery),
        response: { 200: pageOf(templateSchema) },
      },
      async handler({ query, principal }) {
        const page = await definitions.listTemplates({ userId: principal.userId, ...query });
        return { ...page, items: page.items.map((template) => templateView(template, principal.userId)) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow-templates',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'Create a template, or add a version to the one of that workflow_id',
        tags,
        body: z.strictObject({ ...sourceFields, note: z.string().max(1000).optional() }),
        response: { 200: publishedSchema, 201: publishedSchema },
      },
      async handler({ body, principal, reply }) {
        const loaded = loadWorkflow(await readSource(context, principal.userId, body));
        const params = { ownerId: principal.userId, loaded, ...(body.note === undefined ? {} : { note: body.note }) };
        const published = await publishVersion(definitions, context.registry, params);
        void reply.code(published.created ? 201 : 200);
        return publishedView(published, principal.userId);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow-templates/:template',
      access: 'user',
      owner: templateOwner,
      schema: { summary: 'One template', tags, params: templateParams, response: { 200: templateSchema } },
      async handler({ params, principal }) {
        return templateView(await found(context, params.template), principal.userId);
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/workflow-templates/:template',
      access: 'user',
      owner: ownTemplateOwner,
      schema: {
        summary: 'Rename a template, or take it back from everybody',
        tags,
        params: templateParams,
        body: z.strictObject({
          name: z.string().min(1).max(200).optional(),
          description: z.string().max(10_000).optional(),
          is_global: z.literal(false).optional(),
        }),
        response: { 200: templateSchema },
      },
      async handler({ params, body, principal }) {
        const { is_global: isGlobal, ...names } = body;
        await definitions.updateTemplate({
          templateId: params.template,
          ...names,
          ...(isGlobal === undefined ? {} : { isGlobal }),
        });
        return templateView(await found(context, params.template), principal.userId);
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/workflow-templates/:template',
      access: 'user',
      owner: ownTemplateOwner,
      schema: {
        summary: 'Delete a template; runs of it stay',
        tags,
        params: templateParams,
        response: { 204: noContent },
      },
      async handler({ params, reply }) {
        await definitions.deleteTemplate({ templateId: params.template });
        return reply.code(204).send();
      },
    }),
  ];
}

/** What a publication answers. */
export function publishedView(
  published: Awaited<ReturnType<typeof publishVersion>>,
  userId: string,
): z.output<typeof publishedSchema> {
  const { template, versionId, number, created, diagnostics } = published;
  return { template: templateView(template, userId), version_id: versionId, number, created, diagnostics };
}

/** A template whose owner was checked before; it may have been deleted since. */
export async function found(context: RouteContext, templateId: string): Promise<TemplateRow> {
  const template = await context.database.definitions.findTemplate({ templateId });
  if (template) return template;
  throw templateNotFoundError(templateId);
}
