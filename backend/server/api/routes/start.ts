import {
  aiConfigSchema,
  idempotencyKeySchema,
  idSchema,
  readPreferWait,
  defineRoute,
  type Principal,
  type Route,
} from '@wfm/http';
import { engineVersion, prepareStart, startableVersion } from '@wfm/workflow-engine';
import { loadWorkflow } from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import { type WorkflowResponse, workflowResponseSchema } from '@wfm/workflow-engine/models';
import type { TemplateRow } from '@wfm/workflow-engine/ports';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { readSource, sourceFields } from '../workflow-source.ts';

const tags = ['runs'];

const startFields = {
  project_name: z.string().trim().min(1).max(200),
  confirm: z.boolean().optional(),
  force_new: z.boolean().optional(),
  capabilities: z.array(z.string().max(200)).max(100).optional(),
  ai_config: aiConfigSchema.optional(),
  idempotency_key: idempotencyKeySchema.optional(),
};
type StartFields = z.output<z.ZodObject<typeof startFields>>;

/** Starting runs (format.md 1.8, 1.10). */
export function startRoutes(context: RouteContext): Route[] {
  const { definitions } = context.database;

  async function begin(
    { template, versionId: named }: { template: TemplateRow; versionId: string },
    body: StartFields,
    principal: Principal,
    request: FastifyRequest,
  ) {
    const versionId = await startableVersion(definitions, context.registry, {
      templateId: template.template_id,
      versionId: named,
      capabilities: body.capabilities,
    });
    context.metrics.runStarted();
    return context.processor.start({
      userId: principal.userId,
      sessionId: principal.sessionId,
      waitMs: readPreferWait(request.headers),
      projectName: body.project_name,
      versionId,
      templateId: template.template_id,
      templateName: template.name,
      mode: 'real',
      ...(body.capabilities === undefined ? {} : { capabilities: body.capabilities }),
      ...(body.force_new === undefined ? {} : { forceNew: body.force_new }),
      ...(body.ai_config === undefined ? {} : { aiConfig: body.ai_config }),
      ...(body.idempotency_key === undefined ? {} : { idempotencyKey: body.idempotency_key }),
    });
  }

  async function startable(versionId: string, userId: string): Promise<{ template: TemplateRow; versionId: string }> {
    const found = await definitions.findVersionForUser({ userId, versionId });
    if (!found)
      throw new WfmError('version_not_found', 'There is no such version.', { params: { version_id: versionId } });
    return { template: found.template, versionId };
  }

  return [
    defineRoute({
      method: 'POST',
      path: '/workflow/start',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'Start a run of a definition or a version; a changed definition asks for confirmation first',
        tags,
        body: z.strictObject({ ...startFields, ...sourceFields, workflow_version_id: idSchema.optional() }),
        response: { 200: workflowResponseSchema },
      },
      async handler({ body, principal, request }) {
        const { workflow_version_id: versionId } = body;
        if (versionId !== undefined) {
          if (body.workflow_content !== undefined || body.upload_id !== undefined) {
            throw new WfmError('request_invalid', 'Send either "workflow_version_id" or a definition, not both.', {
              place: 'workflow_version_id',
            });
          }
          return begin(await startable(versionId, principal.userId), body, principal, request);
        }
        const loaded = loadWorkflow(await readSource(context, principal.userId, body));
        const options = { ownerId: principal.userId, loaded, confirm: body.confirm ?? false };
        const prepared = await prepareStart(definitions, context.registry, options);
        if (prepared.kind === 'ready') return begin(prepared, body, principal, request);
        return unconfirmed(prepared, loaded.resolved);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow/start/:version',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'Start a run of a version',
        tags,
        params: z.object({ version: z.string() }),
        body: z.strictObject(startFields),
        response: { 200: workflowResponseSchema },
      },
      async handler({ params, body, principal, request }) {
        return begin(await startable(params.version, principal.userId), body, principal, request);
      },
    }),
  ];
}

/** Nothing has happened yet: the client shows the difference and repeats with `confirm: true`. */
function unconfirmed(
  prepared: { diff: unknown; oldVersionId: string; newVersionId: string },
  definition: unknown,
): WorkflowResponse {
  const steps = typeof definition === 'object' && definition !== null && 'steps' in definition ? definition.steps : [];
  return {
    workflow_run_id: null,
    status: 'created',
    mode: 'real',
    engine: engineVersion,
    message: 'The workflow has changed since its newest version. Confirm to publish the change and start.',
    progress: {
      current_step: null,
      current_module: null,
      completed_steps: [],
      total_steps: Array.isArray(steps) ? steps.length : 0,
      step_index: 0,
    },
    result: {
      requires_confirmation: true,
      version_diff: prepared.diff,
      old_version_id: prepared.oldVersionId,
      new_version_id: prepared.newVersionId,
    },
    validation_errors: [],
    validation_warnings: [],
    branch_id: null,
    last_seq: -1,
  };
}
