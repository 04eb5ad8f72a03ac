import { defineRoute, type Route } from '@wfm/http';
import { WfmError } from '@wfm/workflow-engine/errors';
import { limits } from '@wfm/workflow-engine/models';
import type { DraftRow } from '@wfm/workflow-engine/ports';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { noContent, ownTemplateOwner, templateParams } from '../common.ts';
import { assertBeside, changedFiles, draftChangesSchema, draftSchema, draftView, readFiles } from '../draft-view.ts';
import { draftConflict, openDraft, readIfMatch, versionPackage } from '../drafts.ts';
import { found } from './templates.ts';

const tags = ['drafts'];
const path = '/workflow-templates/:template/draft';

/** What the owner of a template is writing (api.md, Draft); others clone a version first. */
export function draftRoutes(context: RouteContext): Route[] {
  const { drafts } = context.database;
  const open = async (templateId: string) => openDraft(context, await found(context, templateId));
  return [
    defineRoute({
      method: 'GET',
      path,
      access: 'user',
      owner: ownTemplateOwner,
      schema: {
        summary: 'The draft; the first look makes it from the newest version',
        tags,
        params: templateParams,
        response: { 200: draftSchema },
      },
      async handler({ params, reply }) {
        const draft = await open(params.template);
        return tagged(reply, draft.revision, draftView(draft));
      },
    }),
    defineRoute({
      method: 'PATCH',
      path,
      access: 'user',
      owner: ownTemplateOwner,
      bodyLimit: limits.draftBodyBytes,
      schema: {
        summary: 'Change the draft; If-Match names the revision that the change was made on',
        tags,
        params: templateParams,
        body: draftChangesSchema,
        response: { 200: z.object({ revision: z.number().int(), base_version_id: z.string() }) },
      },
      async handler({ params, body, request, reply }) {
        const revision = readIfMatch(request.headers['if-match']);
        if (revision === undefined) {
          throw new WfmError('request_invalid', 'Name the revision that you have changed in the header If-Match.', {
            place: 'if-match',
          });
        }
        const put = readFiles(body.put, 'put');
        assertBeside(body);
        const draft = await open(params.template);
        if (draft.revision !== revision) throw draftConflict(draft);
        changedFiles(draft.files, put, body.delete, 'put');
        const next = await drafts.save({
          templateId: params.template,
          revision,
          changes: {
            put,
            remove: body.delete,
            entryPoint: body.entry_point,
            sourceBuffer: body.source_buffer,
            preview: body.preview,
          },
        });
        if (next === null) throw draftConflict(await open(params.template));
        return tagged(reply, next, { revision: next, base_version_id: draft.base_version_id });
      },
    }),
    defineRoute({
      method: 'DELETE',
      path,
      access: 'user',
      owner: ownTemplateOwner,
      schema: {
        summary: 'Go back to the newest version; pins and scenarios stay. With If-Match: only this revision',
        tags,
        params: templateParams,
        response: { 204: noContent },
      },
      async handler({ params, request, reply }) {
        const revision = readIfMatch(request.headers['if-match']);
        const template = await found(context, params.template);
        const baseVersionId = template.newest_version_id;
        for (;;) {
          const draft: DraftRow = await openDraft(context, template);
          if (revision !== undefined && draft.revision !== revision) throw draftConflict(draft);
          if (!draft.edited) break;
          const content = await versionPackage(context.database, params.template, baseVersionId);
          const at = { templateId: params.template, revision: draft.revision, baseVersionId, content };
          if (await drafts.reset(at)) break;
        }
        return reply.code(204).send();
      },
    }),
  ];
}

function tagged<T>(reply: FastifyReply, revision: number, body: T): T {
  void reply.header('etag', `"${revision}"`).header('cache-control', 'no-store');
  return body;
}
