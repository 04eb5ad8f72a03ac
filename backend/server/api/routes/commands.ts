import {
  defineRoute,
  idempotencyKeySchema,
  idSchema,
  jumpFields,
  type OwnerRule,
  type Principal,
  readPreferWait,
  respondFields,
  retryFields,
  type Route,
} from '@wfm/http';
import { reopenQuestion } from '@wfm/workflow-engine';
import { hasCode } from '@wfm/workflow-engine/errors';
import { workflowResponseSchema } from '@wfm/workflow-engine/models';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { noContent, runOwner, runParams } from '../common.ts';
import { runSchema, runView } from '../run-view.ts';

const tags = ['runs'];
const named: OwnerRule = { kind: 'run', in: 'body', key: 'workflow_run_id' };
const response = { 200: workflowResponseSchema };
/** A command may name the branch that it takes for the current one; another is `branch_not_current` (format.md 9.3). */
const runNamed = { workflow_run_id: idSchema, branch_id: idSchema.optional() };

/** What one may do to a run (format.md 10.4, 10.5). */
export function commandRoutes(context: RouteContext): Route[] {
  const { processor, database, media } = context;
  const caller = (principal: Principal, request: FastifyRequest) => ({
    userId: principal.userId,
    sessionId: principal.sessionId,
    waitMs: readPreferWait(request.headers),
  });

  return [
    defineRoute({
      method: 'POST',
      path: '/workflow/respond',
      access: 'user',
      owner: named,
      schema: {
        summary: 'Answer a question, once; who comes second gets 409 with the accepted answer',
        tags,
        body: z.strictObject({ ...runNamed, ...respondFields }),
        response,
      },
      async handler({ body, principal, request }) {
        return processor.respond({
          ...caller(principal, request),
          ...addressed(body),
          interactionId: body.interaction_id,
          answer: body.response,
          ...(body.expected_seq === undefined ? {} : { expectedSeq: body.expected_seq }),
        });
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow/retry',
      access: 'user',
      owner: named,
      schema: {
        summary: 'Execute a module again on a new branch, with feedback',
        tags,
        body: z.strictObject({ ...runNamed, ...retryFields }),
        response,
      },
      async handler({ body, principal, request }) {
        const { inputs_override: inputsOverride } = body;
        return processor.depart({
          ...caller(principal, request),
          ...departure(body),
          mode: 'retry',
          ...(inputsOverride === undefined ? {} : { inputsOverride }),
        });
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow/jump',
      access: 'user',
      owner: named,
      schema: {
        summary: 'Go back to a module, or to a question as it was asked, on a new branch, as if nothing had followed',
        tags,
        body: z.union([
          z.strictObject({ ...runNamed, ...jumpFields }),
          z.strictObject({ ...runNamed, reopen: idSchema, idempotency_key: idempotencyKeySchema.optional() }),
        ]),
        response,
      },
      async handler({ body, principal, request }) {
        if ('reopen' in body)
          return reopenQuestion(processor, {
            ...caller(principal, request),
            ...addressed(body),
            interactionId: body.reopen,
          });
        return processor.depart({ ...caller(principal, request), ...departure(body), mode: 'jump' });
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow/:run/cancel',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'End a run and stop its work',
        tags,
        params: runParams,
        body: z.strictObject({ reason: z.string().max(2000).optional() }).nullish(),
        response,
      },
      async handler({ params, body, principal, request }) {
        const reason = body?.reason;
        return processor.cancel({
          ...caller(principal, request),
          runId: params.run,
          ...(reason === undefined ? {} : { reason }),
        });
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/workflow/:run',
      access: 'user',
      owner: runOwner,
      schema: { summary: 'Delete a run with everything of it', tags, params: runParams, response: { 204: noContent } },
      async handler({ params, principal, request, reply }) {
        // Live work is stopped first; otherwise it would find its run gone at its next append, after having paid for it.
        await processor
          .cancel({ userId: principal.userId, sessionId: principal.sessionId, waitMs: 0, runId: params.run })
          .catch((error: unknown) => {
            if (!hasCode(error, 'run_ended')) throw error;
          });
        await database.runs.delete({ runId: params.run });
        // Whatever is left here belongs to no run any more, and the sweep takes it.
        await media.files.deleteRun({ runId: params.run }).catch((error: unknown) => {
          request.log.warn({ err: error }, 'media of a deleted run could not be removed yet');
        });
        return reply.code(204).send();
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/workflow/:run',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'Rename a run',
        tags,
        params: runParams,
        body: z.strictObject({ project_name: z.string().trim().min(1).max(200) }),
        response: { 200: runSchema },
      },
      async handler({ params, body, principal }) {
        await database.runs.rename({ runId: params.run, projectName: body.project_name });
        const { row } = await processor.load({ runId: params.run, userId: principal.userId });
        return runView(row);
      },
    }),
  ];
}

/** Which run a command is for, on which branch as the caller takes it, and under which key. */
function addressed(body: z.output<z.ZodObject<typeof runNamed>> & { idempotency_key?: string | undefined }) {
  return {
    runId: body.workflow_run_id,
    ...(body.branch_id === undefined ? {} : { currentBranchId: body.branch_id }),
    ...(body.idempotency_key === undefined ? {} : { idempotencyKey: body.idempotency_key }),
  };
}

function departure(body: z.output<z.ZodObject<typeof runNamed & typeof jumpFields>>) {
  return {
    ...addressed(body),
    stepId: body.step_id,
    moduleName: body.module_name,
    ...(body.feedback === undefined ? {} : { feedback: body.feedback }),
    ...(body.groups === undefined ? {} : { groups: body.groups }),
  };
}
