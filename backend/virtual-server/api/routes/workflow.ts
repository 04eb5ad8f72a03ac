import { type Call, defineRoute, type Route } from '@wfm/http';
import { planSchema, stateTreeSchema, virtualWorkflowResponseSchema } from '@wfm/workflow-engine/models';
import { z } from 'zod';
import {
  exportBody,
  fileBody,
  historyBody,
  jumpBody,
  openBody,
  readBody,
  respondBody,
  resumeBody,
  retryBody,
  startBody,
  subActionBody,
} from '../bodies.ts';
import { execute, plan } from '../handlers/execute.ts';
import { exportPreview } from '../handlers/export.ts';
import { open } from '../handlers/open.ts';
import { read, sendFile } from '../handlers/read.ts';
import { subAction } from '../handlers/sub-action.ts';
import type { RouteContext } from '../route-context.ts';
import { exportedSchema, historySchema, openedSchema } from '../views.ts';

const executed = { 200: virtualWorkflowResponseSchema };

/** A route that executes: who asks brings the state, and gets the state after. */
function executing<B extends z.ZodType>(
  path: string,
  summary: string,
  body: B,
  handler: (call: Call<{ summary: string; tags: string[]; body: B }, 'user'>) => unknown,
): Route {
  const schema = { summary, tags: ['preview'], body, response: executed };
  return defineRoute({ method: 'POST', path, access: 'user', owner: 'self', schema, handler });
}

/** Previews (api.md, Virtual server). Every route is a POST with the snapshot in its body, since this server keeps none. */
export function workflowRoutes(context: RouteContext): Route[] {
  return [
    executing('/workflow/start', 'Begin a preview, or go on with one to another target', startBody, (call) =>
      execute(context, call, { kind: 'start', force: call.body.force }),
    ),
    defineRoute({
      method: 'POST',
      path: '/workflow/plan',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'What a start would run, reuse and ask, and the likely cost; executes nothing',
        tags: ['preview'],
        body: startBody,
        response: { 200: planSchema },
      },
      handler: (call) => plan(context, call),
    }),
    executing('/workflow/respond', 'Answer a question', respondBody, (call) => {
      const { interaction_id: interactionId, response: answer, expected_seq, idempotency_key } = call.body;
      return execute(context, call, {
        kind: 'respond',
        interactionId,
        answer,
        ...(expected_seq === undefined ? {} : { expectedSeq: expected_seq }),
        ...(idempotency_key === undefined ? {} : { idempotencyKey: idempotency_key }),
      });
    }),
    executing('/workflow/retry', 'Execute a module again on a new branch', retryBody, (call) => {
      const { inputs_override: inputsOverride } = call.body;
      const departure = departureOf(call.body);
      return execute(context, call, { kind: 'retry', ...departure, ...(inputsOverride && { inputsOverride }) });
    }),
    executing(
      '/workflow/jump',
      'Go back to a module, or to a question as it was asked, on a new branch',
      jumpBody,
      (call) => {
        const { body } = call;
        if (!('reopen' in body)) return execute(context, call, { kind: 'jump', ...departureOf(body) });
        const { reopen: interactionId, idempotency_key: key } = body;
        return execute(context, call, {
          kind: 'reopen',
          interactionId,
          ...(key === undefined ? {} : { idempotencyKey: key }),
        });
      },
    ),
    executing('/workflow/resume', 'Go on after an error or a limit', resumeBody, (call) =>
      execute(context, call, { kind: 'resume' }),
    ),
    executing('/workflow/resume/confirm', 'Go on to another target', resumeBody, (call) =>
      execute(context, call, { kind: 'continue' }),
    ),
    defineRoute({
      method: 'POST',
      path: '/workflow/sub-action',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'Carry out a sub-action of the open question, as a stream; its last event has the state after',
        tags: ['preview'],
        body: subActionBody,
        response: {
          200: {
            description: 'started, progress, then complete or error',
            content: { 'text/event-stream': { schema: z.unknown() } },
          },
        },
      },
      handler: (call) => subAction(context, call),
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow/open',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'Open a production run as a preview; nothing is written there',
        tags: ['preview'],
        body: openBody,
        response: { 200: openedSchema },
      },
      handler: (call) => open(context, call),
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow/export',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'A preview as a file that wfm replay does again offline, without secrets',
        tags: ['snapshot'],
        body: exportBody,
        response: { 200: exportedSchema },
      },
      handler: (call) => exportPreview(context, call),
    }),
    ...readRoutes(context),
  ];
}

function readRoutes(context: RouteContext): Route[] {
  const post = { method: 'POST', access: 'user', owner: 'self' } as const;
  const tags = ['snapshot'];
  return [
    defineRoute({
      ...post,
      path: '/workflow/state',
      schema: {
        summary: 'Steps, state and files of a snapshot',
        tags,
        body: readBody,
        response: { 200: stateTreeSchema },
      },
      handler: (call) => read(context, call, { kind: 'state' }, (state) => state),
    }),
    defineRoute({
      ...post,
      path: '/workflow/interaction-history',
      schema: {
        summary: 'Questions of a snapshot and their answers',
        tags,
        body: historyBody,
        response: { 200: historySchema },
      },
      handler(call) {
        const { limit, cursor } = call.body;
        const query = { kind: 'history' as const, limit, ...(cursor === undefined ? {} : { cursor }) };
        return read(context, call, query, (page) => page);
      },
    }),
    defineRoute({
      ...post,
      path: '/workflow/files',
      schema: {
        summary: 'The bytes of a file in a snapshot',
        tags,
        body: fileBody,
        response: {
          200: { description: 'The file', content: { 'application/octet-stream': { schema: z.unknown() } } },
        },
      },
      handler: (call) =>
        read(context, call, { kind: 'file', fileId: call.body.file_id }, (file) => sendFile(call.reply, file)),
    }),
  ];
}

function departureOf(body: z.output<typeof retryBody> | Exclude<z.output<typeof jumpBody>, { reopen: string }>) {
  const { step_id: stepId, module_name: moduleName, feedback, groups, idempotency_key } = body;
  return {
    stepId,
    moduleName,
    ...(feedback === undefined ? {} : { feedback }),
    ...(groups === undefined ? {} : { groups }),
    ...(idempotency_key === undefined ? {} : { idempotencyKey: idempotency_key }),
  };
}
