import { defineRoute, type Route } from '@wfm/http';
import { WfmError } from '@wfm/workflow-engine/errors';
import { limits } from '@wfm/workflow-engine/models';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { ownTemplateOwner, pageOf, templateParams } from '../common.ts';
import {
  assertBeside,
  changedFiles,
  checkpointContentSchema,
  checkpointSchema,
  checkpointView,
  filesSchema,
  filesView,
  readFiles,
} from '../draft-view.ts';
import { openDraft } from '../drafts.ts';
import { found } from './templates.ts';

const tags = ['drafts'];
const path = '/workflow-templates/:template/checkpoints';

/** Named states of a draft, which never change; the newest 50. */
export function checkpointRoutes(context: RouteContext): Route[] {
  const { database, clock, ids } = context;
  const { drafts } = database;
  return [
    defineRoute({
      method: 'GET',
      path,
      access: 'user',
      owner: ownTemplateOwner,
      schema: {
        summary: 'Checkpoints, newest first: all that are kept',
        tags,
        params: templateParams,
        response: { 200: pageOf(checkpointSchema) },
      },
      async handler({ params }) {
        const kept = await drafts.listCheckpoints({ templateId: params.template });
        return { items: kept.map(checkpointView), next_cursor: null };
      },
    }),
    defineRoute({
      method: 'POST',
      path,
      access: 'user',
      owner: ownTemplateOwner,
      bodyLimit: limits.draftBodyBytes,
      schema: {
        summary: 'Keep the draft as it is, or as `draft` says it: the side that a conflict was decided against',
        tags,
        params: templateParams,
        body: z.strictObject({
          label: z.string().trim().min(1).max(200),
          draft: z
            .strictObject({
              entry_point: z.string().min(1).max(1000),
              files: filesSchema,
              preview: z.unknown().optional(),
            })
            .optional(),
        }),
        response: { 201: checkpointSchema },
      },
      async handler({ params, body, reply }) {
        const draft = await openDraft(context, await found(context, params.template));
        const head = {
          checkpoint_id: ids.uuid(),
          template_id: params.template,
          label: body.label,
          base_version_id: draft.base_version_id,
          created_at: clock.now().toISOString(),
        };
        const content = body.draft ? readContent(body.draft) : draft;
        const { entryPoint, files, preview } = content;
        await drafts.addCheckpoint({ checkpoint: { ...head, entryPoint, files, preview } });
        void reply.code(201);
        return checkpointView(head);
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${path}/:checkpoint`,
      access: 'user',
      owner: ownTemplateOwner,
      schema: {
        summary: 'One checkpoint with its files',
        tags,
        params: templateParams.extend({ checkpoint: z.string() }),
        response: { 200: checkpointContentSchema },
      },
      async handler({ params }) {
        const { template: templateId, checkpoint: checkpointId } = params;
        const kept = await drafts.findCheckpoint({ templateId, checkpointId });
        if (!kept) {
          throw new WfmError('checkpoint_not_found', 'There is no such checkpoint of this draft.', {
            params: { checkpoint_id: checkpointId },
          });
        }
        const { entryPoint, files, preview } = kept;
        return { ...checkpointView(kept), entry_point: entryPoint, files: filesView(files), preview };
      },
    }),
  ];
}

function readContent(draft: { entry_point: string; files: z.output<typeof filesSchema>; preview?: unknown }) {
  assertBeside(draft);
  const put = readFiles(draft.files, 'draft.files');
  const files = changedFiles(new Map(), put, [], 'draft.files');
  return { entryPoint: draft.entry_point, files, preview: draft.preview ?? null };
}
