import { defineRoute, idSchema, type Principal, readPreferWait, type Route } from '@wfm/http';
import { assertSound, engineVersion, type LoadedRun, publishVersion, startableVersion } from '@wfm/workflow-engine';
import { loadWorkflow, selectAlternative, validateWorkflow } from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import { type Plan, type WorkflowResponse, workflowResponseSchema } from '@wfm/workflow-engine/models';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { runOwner, runParams } from '../common.ts';
import { readSource, sourceFields } from '../workflow-source.ts';

const tags = ['runs'];
const response = { 200: workflowResponseSchema };

/** The version that a run shall go on with: one of a template's line, or a definition sent along. */
const versionFields = {
  ...sourceFields,
  workflow_version_id: idSchema.optional(),
  /** False asks every question again. */
  auto_reapply: z.boolean().optional(),
};
type VersionFields = z.output<z.ZodObject<typeof versionFields>>;

/** Going on with a run: after an error or a crash as it is, with another version by plan and confirmation (format.md 10.5, 10.7). */
export function resumeRoutes(context: RouteContext): Route[] {
  const { processor, database, registry } = context;
  const caller = (principal: Principal, request: FastifyRequest) => ({
    userId: principal.userId,
    sessionId: principal.sessionId,
    waitMs: readPreferWait(request.headers),
  });

  const namesVersion = (body: VersionFields): boolean =>
    body.workflow_version_id !== undefined || body.workflow_content !== undefined || body.upload_id !== undefined;

  /**
   * Publishes a definition only when it is confirmed; for a plan it is merely kept. Of a version with execution groups
   * it is the expansion that suits the capabilities with which the run was started (format.md 20).
   */
  async function versionOf(body: VersionFields, { row, state }: LoadedRun, confirmed: boolean): Promise<string> {
    const { workflow_version_id: versionId } = body;
    const { user_id: userId } = row;
    const { capabilities } = state.created;
    if (versionId === state.versionId) return versionId;
    if (versionId !== undefined) {
      const found = await database.definitions.findVersionForUser({ userId, versionId });
      if (found) {
        const { template_id: templateId } = found.template;
        return startableVersion(database.definitions, registry, { templateId, versionId, capabilities });
      }
      throw new WfmError('version_not_found', 'There is no such version.', { params: { version_id: versionId } });
    }
    const loaded = loadWorkflow(await readSource(context, userId, body));
    if (confirmed) {
      await publishVersion(database.definitions, registry, { ownerId: userId, loaded });
    } else assertSound(validateWorkflow(loaded.resolved, registry));
    const selected = selectAlternative(loaded, registry, capabilities);
    await database.definitions.keepDefinition({ versionId: selected.versionId, definition: selected.resolved });
    return selected.versionId;
  }

  return [
    defineRoute({
      method: 'POST',
      path: '/workflow/:run/resume',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'Go on after an error or a crash; with another version it answers a plan to be confirmed',
        tags,
        params: runParams,
        body: z.strictObject(versionFields).nullish(),
        response,
      },
      async handler({ params, body, principal, request }) {
        const own = { ...caller(principal, request), runId: params.run };
        if (!body || !namesVersion(body)) return processor.resume(own);
        const run = await processor.load(own);
        const versionId = await versionOf(body, run, false);
        if (run.state.versionId === versionId) return processor.resume(own);
        const autoReapply = body.auto_reapply ?? true;
        const plan = await processor.plan({ ...own, versionId, autoReapply });
        return unconfirmed(await processor.status(own), plan, run.state.versionId, versionId);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow/:run/resume/confirm',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'Carry out a plan that was shown: the run goes on with the other version, on a branch of its own',
        tags,
        params: runParams,
        body: z.strictObject({ ...versionFields, plan_id: z.string().min(1).max(200) }),
        response,
      },
      async handler({ params, body, principal, request }) {
        if (!namesVersion(body)) {
          throw new WfmError('request_invalid', 'Send the version that the plan was made for.', {
            place: 'workflow_version_id',
          });
        }
        const own = { ...caller(principal, request), runId: params.run };
        return processor.reconcile({
          ...own,
          versionId: await versionOf(body, await processor.load(own), true),
          planId: body.plan_id,
          autoReapply: body.auto_reapply ?? true,
        });
      },
    }),
  ];
}

/** Nothing has happened yet: the client shows the plan and repeats with its id. */
function unconfirmed(now: WorkflowResponse, plan: Plan, oldVersionId: string, newVersionId: string): WorkflowResponse {
  return {
    ...now,
    engine: engineVersion,
    message: 'The run can go on with the other version. Confirm the plan to do so.',
    result: { requires_confirmation: true, plan, old_version_id: oldVersionId, new_version_id: newVersionId },
  };
}
