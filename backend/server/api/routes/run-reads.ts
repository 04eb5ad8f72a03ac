import { clientSignal, defineRoute, type Principal, type Route, sse } from '@wfm/http';
import {
  attemptsOf,
  interactionHistory,
  interactionRecord,
  runOverview,
  stateTree,
  tail,
  watchTasks,
} from '@wfm/workflow-engine';
import { WfmError } from '@wfm/workflow-engine/errors';
import { jsonObjectSchema, workflowResponseSchema } from '@wfm/workflow-engine/models';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { bytesOf, pageOf, pageQuery, runOwner, runParams } from '../common.ts';
import { overviewSchema, runView } from '../run-view.ts';
import { fileUrl } from './files.ts';

const tags = ['run reads'];

const recordSchema = z.object({
  interaction_id: z.string(),
  step_id: z.string(),
  module_name: z.string(),
  request: z.unknown(),
  requested_at: z.string(),
  status: z.enum(['open', 'answered', 'left', 'closed']),
  response: jsonObjectSchema.nullable(),
  action_id: z.string().nullable(),
  answered_at: z.string().nullable(),
});

const noSuchQuestion = (id: string): WfmError =>
  new WfmError('interaction_not_found', 'There is no such question on the current branch.', {
    params: { interaction_id: id },
  });

const eventId = /^[A-Za-z0-9_-]{1,64}:\d{1,9}$/;

/** Views of a run. Reading never executes anything. */
export function runReadRoutes(context: RouteContext): Route[] {
  const { processor, database } = context;
  const load = (runId: string, principal: Principal) => processor.load({ runId, userId: principal.userId });

  return [
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/status',
      access: 'user',
      owner: runOwner,
      schema: { summary: 'What the run says now', tags, params: runParams, response: { 200: workflowResponseSchema } },
      handler: ({ params, principal }) => processor.status({ runId: params.run, userId: principal.userId }),
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/overview',
      access: 'user',
      owner: runOwner,
      schema: {
        summary:
          'The run as lists show it, how far each module is, and what is at work for the open question; no values',
        tags,
        params: runParams,
        response: { 200: overviewSchema },
      },
      async handler({ params, principal }) {
        const run = await load(params.run, principal);
        return { run: runView(run.row), ...(await runOverview(processor, run)) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/definition',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'The version that the run follows',
        tags,
        params: runParams,
        response: { 200: z.object({ version_id: z.string(), definition: z.unknown() }) },
      },
      async handler({ params, principal }) {
        const { state } = await load(params.run, principal);
        const definition = await database.definitions.readDefinition({ versionId: state.versionId });
        return { version_id: state.versionId, definition };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/state',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'What happened as a tree, the flat state, and the files; or the flat state alone',
        tags,
        params: runParams,
        querystring: z.strictObject({ part: z.literal('state_mapped').optional() }),
        response: {
          200: z.object({ steps: jsonObjectSchema, state_mapped: jsonObjectSchema, files: jsonObjectSchema }),
        },
      },
      async handler({ params, query, principal }) {
        if (query.part !== undefined) {
          const { state } = await load(params.run, principal);
          return { steps: {}, state_mapped: { ...state.flat }, files: {} };
        }
        return stateTree(processor, await load(params.run, principal), fileUrl);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/events',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: "Events of the current branch's line, in order",
        tags,
        params: runParams,
        querystring: z.strictObject({
          after: z.coerce.number().int().min(-1).max(1_000_000_000).default(-1),
          limit: z.coerce.number().int().min(1).max(1000).default(200),
        }),
        response: {
          200: z.object({
            branch_id: z.string(),
            last_seq: z.number().int(),
            items: z.array(z.unknown()),
            next_after: z.number().int().nullable(),
          }),
        },
      },
      async handler({ params, query, principal }) {
        const { row } = await load(params.run, principal);
        const { current_branch_id: branchId, last_seq: lastSeq } = row;
        const items = await database.runs.readLine({
          runId: params.run,
          branchId,
          afterSeq: query.after,
          upToSeq: lastSeq,
          limit: query.limit,
        });
        const end = items.at(-1)?.seq ?? lastSeq;
        return { branch_id: branchId, last_seq: lastSeq, items, next_after: end < lastSeq ? end : null };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/interaction-history',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'Questions of the current line and what became of them',
        tags,
        params: runParams,
        querystring: z.strictObject({
          ...pageQuery,
          order: z.enum(['asc', 'desc']).default('asc'),
          cursor: z
            .string()
            .regex(/^\d{1,9}$/, 'The cursor is not one that this list has handed out.')
            .optional(),
        }),
        response: { 200: pageOf(recordSchema) },
      },
      async handler({ params, query, principal }) {
        return interactionHistory(processor, await load(params.run, principal), query);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/interactions/:interaction',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'One question',
        tags,
        params: runParams.extend({ interaction: z.string() }),
        response: { 200: recordSchema },
      },
      async handler({ params, principal }) {
        const record = await interactionRecord(processor, await load(params.run, principal), params.interaction);
        if (record) return record;
        throw noSuchQuestion(params.interaction);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/interactions/:interaction/attempts',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'Earlier tries at one question, oldest first, with what was said when it was asked for once more',
        tags,
        params: runParams.extend({ interaction: z.string() }),
        response: {
          200: z.object({
            items: z.array(
              recordSchema.extend({ feedback: z.string().nullable(), groups: z.array(z.string()).nullable() }),
            ),
          }),
        },
      },
      async handler({ params, principal }) {
        const items = await attemptsOf(processor, await load(params.run, principal), params.interaction);
        if (items) return { items };
        throw noSuchQuestion(params.interaction);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/stream',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'The log, tailed: events after Last-Event-ID, then as they come',
        tags,
        params: runParams,
        response: { 200: bytesOf('text/event-stream', 'Server-sent events') },
      },
      async handler({ params, request, reply }) {
        const lastEventId = request.headers['last-event-id'];
        if (lastEventId !== undefined && !eventId.test(String(lastEventId))) {
          throw new WfmError('request_invalid', 'Last-Event-ID must be <branch_id>:<seq>.', { place: 'Last-Event-ID' });
        }
        const signal = AbortSignal.any([clientSignal(request), request.server.draining]);
        const frames = tail({
          runs: database.runs,
          content: database.content,
          progress: processor.progress,
          runId: params.run,
          signal,
          taskWatch: watchTasks(processor, params.run),
          ...(lastEventId === undefined ? {} : { lastEventId: String(lastEventId) }),
        });
        return sse(reply, frames, { signal: clientSignal(request) });
      },
    }),
  ];
}
