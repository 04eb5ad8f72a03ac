import { clientSignal, defineRoute, type OwnerRule, type Route, sse, type SseFrame } from '@wfm/http';
import { limitsOf } from '@wfm/workflow-engine';
import { WfmError } from '@wfm/workflow-engine/errors';
import { jsonObjectSchema } from '@wfm/workflow-engine/models';
import type { TaskRow } from '@wfm/workflow-engine/ports';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { bytesOf } from '../common.ts';

const tags = ['tasks'];
const taskParams = z.object({ task: z.string() });
const taskOwner: OwnerRule = { kind: 'task', in: 'params', key: 'task' };

/** How often a stream looks; progress is stored at most twice a second (format.md 21). */
const LOOK_MS = 500;

const taskSchema = z.object({
  task_id: z.string(),
  actor: z.string(),
  provider: z.string(),
  workflow_run_id: z.string(),
  branch_id: z.string(),
  step_id: z.string(),
  module_name: z.string(),
  interaction_id: z.string().nullable(),
  execution_id: z.string().nullable(),
  status: z.enum(['queued', 'leased', 'succeeded', 'failed', 'cancelled']),
  attempts: z.number(),
  max_attempts: z.number(),
  progress: z
    .object({
      message: z.string(),
      percent: z.number().optional(),
      queue_position: z.number().optional(),
      elapsed_ms: z.number(),
      updated_at: z.string(),
    })
    .nullable(),
  /** Why nobody works on it, while nobody does. */
  position: z.object({ ahead: z.number(), reason: z.string(), not_before: z.string().optional() }).nullable(),
  result: jsonObjectSchema.nullable(),
  error: z.unknown(),
  created_at: z.string(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
});

/** Background jobs (format.md 21). */
export function taskRoutes({ database, processor, media, clock }: RouteContext): Route[] {
  const { tasks } = database;
  const find = async (taskId: string): Promise<TaskRow> => {
    const row = await tasks.find({ taskId });
    if (row) return row;
    throw new WfmError('task_not_found', 'There is no such task.', { params: { task_id: taskId } });
  };
  const view = async (row: TaskRow) => ({
    task_id: row.task_id,
    actor: row.actor,
    provider: row.provider,
    workflow_run_id: row.workflow_run_id,
    branch_id: row.branch_id,
    step_id: row.step_id,
    module_name: row.module_name,
    interaction_id: row.interaction_id,
    execution_id: row.execution_id,
    status: row.status,
    attempts: row.attempts,
    max_attempts: row.max_attempts,
    progress: row.progress,
    position:
      row.status === 'queued' ? await tasks.position({ taskId: row.task_id, limits: limitsOf(media.catalogue) }) : null,
    result: row.result,
    error: row.error,
    created_at: row.created_at,
    started_at: row.started_at,
    finished_at: row.finished_at,
  });

  /** The task as it is and whenever it has changed; `complete` once it has ended. */
  async function* follow(taskId: string, signal: AbortSignal): AsyncGenerator<SseFrame> {
    let last = '';
    while (!signal.aborted) {
      const data = await view(await find(taskId));
      if (data.finished_at !== null) {
        yield { event: 'complete', data };
        return;
      }
      const text = JSON.stringify(data);
      if (text !== last) yield { event: 'progress', data };
      last = text;
      await clock.sleep(LOOK_MS, signal).catch(() => undefined);
    }
  }

  return [
    defineRoute({
      method: 'GET',
      path: '/tasks/:task',
      access: 'user',
      owner: taskOwner,
      schema: { summary: 'A background job', tags, params: taskParams, response: { 200: taskSchema } },
      handler: async ({ params }) => view(await find(params.task)),
    }),
    defineRoute({
      method: 'GET',
      path: '/tasks/:task/stream',
      access: 'user',
      owner: taskOwner,
      schema: {
        summary: 'Follow a background job, also one that has ended',
        tags,
        params: taskParams,
        response: { 200: bytesOf('text/event-stream', 'progress, then complete') },
      },
      async handler({ params, request, reply }) {
        const gone = clientSignal(request);
        const signal = AbortSignal.any([gone, request.server.draining]);
        return sse(reply, follow(params.task, signal), { signal: gone });
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/tasks/:task/cancel',
      access: 'user',
      owner: taskOwner,
      schema: {
        summary: 'Cancel a background job; one that has ended stays as it is',
        tags,
        params: taskParams,
        response: { 200: taskSchema },
      },
      async handler({ params }) {
        const before = await tasks.cancel({ taskId: params.task });
        const row = await find(params.task);
        // The run hears of it at once, not only at the next sweep.
        if (before) await processor.tasks.report(row);
        return view(row);
      },
    }),
  ];
}
