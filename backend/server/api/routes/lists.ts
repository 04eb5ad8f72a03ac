import { clientSignal, defineRoute, moneySchema, type Route, sse } from '@wfm/http';
import { runStatuses } from '@wfm/workflow-engine/models';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { bytesOf, pageOf, pageQuery, runOwner, runParams, searchQuery, timeSchema, usageSchema } from '../common.ts';
import { watchOwnRuns } from '../../utils/watch-own-runs.ts';
import { runSchema, runView } from '../run-view.ts';

const tags = ['lists'];

const callSchema = z.object({
  call_id: z.string(),
  branch_id: z.string(),
  step_id: z.string(),
  module_name: z.string(),
  kind: z.enum(['llm', 'http', 'table']),
  provider: z.string(),
  target: z.string(),
  request: z.unknown(),
  reply: z.unknown(),
  error: z.unknown(),
  usage: usageSchema.nullable(),
  /** What a provider of media charges for what this call brought, in its own unit. */
  cost: moneySchema.optional(),
  mock: z.boolean(),
  duration_ms: z.number(),
  created_at: z.string(),
});

/** Runs, questions that wait, calls and what they cost. */
export function listRoutes({ database }: RouteContext): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/workflows',
      access: 'user',
      owner: 'self',
      schema: {
        summary: "The caller's runs, last changed first",
        tags,
        querystring: z.strictObject({
          ...searchQuery,
          status: z.enum(runStatuses).optional(),
          template: z.string().max(128).optional(),
          from: timeSchema.optional(),
          to: timeSchema.optional(),
        }),
        response: { 200: pageOf(runSchema) },
      },
      async handler({ query, principal }) {
        const { template, ...rest } = query;
        const page = await database.runs.list({
          userId: principal.userId,
          ...rest,
          ...(template === undefined ? {} : { templateId: template }),
        });
        return { ...page, items: page.items.map(runView) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/inbox',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'Runs that wait for the caller; with limit=0 only how many they are',
        tags,
        querystring: z.strictObject({ ...searchQuery, limit: z.coerce.number().int().min(0).max(200).default(50) }),
        response: { 200: pageOf(runSchema).extend({ total: z.number().int() }) },
      },
      async handler({ query, principal }) {
        const { userId } = principal;
        const total = await database.runs.countWaiting({ userId });
        if (query.limit === 0) return { items: [], next_cursor: null, total };
        const page = await database.runs.list({ userId, waiting: true, ...query });
        return { ...page, items: page.items.map(runView), total };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/me/stream',
      access: 'user',
      owner: 'self',
      schema: {
        summary: "What changes among the caller's runs, and how many wait; for every page but that of one run",
        tags,
        response: { 200: bytesOf('text/event-stream', 'Server-sent events') },
      },
      async handler({ principal, request, reply }) {
        const signal = AbortSignal.any([clientSignal(request), request.server.draining]);
        return sse(reply, watchOwnRuns(database.runs, principal.userId, signal), { signal: clientSignal(request) });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/calls',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'Every call to a model or an address, oldest first',
        tags,
        params: runParams,
        querystring: z.strictObject(pageQuery),
        response: { 200: pageOf(callSchema) },
      },
      async handler({ params, query }) {
        const page = await database.calls.list({ runId: params.run, ...query });
        return { ...page, items: page.items.map(({ workflow_run_id: _run, ...call }) => call) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/usage',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'Tokens and cost of a run',
        tags,
        params: runParams,
        response: {
          200: z.object({
            total: usageSchema,
            by: z.array(z.object({ provider: z.string(), target: z.string(), usage: usageSchema })),
            /** What was generated: how much, how large, and what providers asked for it. */
            media: z.object({
              generations: z.number(),
              contents: z.number(),
              bytes: z.number(),
              usd: z.number(),
            }),
          }),
        },
      },
      async handler({ params: { run: runId } }) {
        return { ...(await database.calls.usage({ runId })), media: await database.media.totals({ runId }) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/usage',
      access: 'user',
      owner: 'self',
      schema: {
        summary: 'Tokens and cost across runs',
        tags,
        querystring: z.strictObject({
          from: timeSchema.optional(),
          to: timeSchema.optional(),
          by: z.enum(['template', 'run']).default('template'),
        }),
        response: {
          200: z.object({ items: z.array(z.object({ key: z.string(), name: z.string(), usage: usageSchema })) }),
        },
      },
      async handler({ query, principal }) {
        return { items: await database.calls.usageOfUser({ userId: principal.userId, ...query }) };
      },
    }),
  ];
}
