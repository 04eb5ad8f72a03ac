import { fromStoredError, type StoredError, WfmError } from '../../errors/index.ts';
import type { JsonObject } from '../../models/json.ts';
import { isJsonObject } from '../../models/json.ts';
import type { SubActionHost } from './host.ts';
import type { ProgressUpdate } from '../streaming.ts';
import { newsOf } from '../tasks/task-news.ts';
import { Wake } from '../wake.ts';
import { childRefOf } from './child-run.ts';
import { parentOf, recordOf } from './settle.ts';

/** One frame of a sub-action's stream (format.md 13). An `error` carries the error itself, for the server to present. */
export type SubActionFrame =
  | { event: 'started'; data: { execution_id: string; sub_action_id: string; expected: number } }
  | { event: 'progress'; data: JsonObject }
  | { event: 'complete'; data: JsonObject }
  | { event: 'error'; error: WfmError };

/** Progress that a slow reader has not fetched yet. */
const PROGRESS_KEPT = 100;
/** A task's progress is stored by another process, and rings no bell here. */
const LOOK_AGAIN_MS = 500;

/**
 * An execution from its start to its end, whoever executes it: it can be followed from any process, also afterwards.
 * Ends quietly when the signal is aborted; the execution goes on. Throws `run_not_found` and `sub_action_not_found`.
 */
export async function* streamSubAction(
  processor: SubActionHost,
  params: { runId: string; userId: string; executionId: string; signal: AbortSignal },
): AsyncGenerator<SubActionFrame> {
  const { runId, executionId, signal } = params;
  const { runs } = processor.options.database;
  const child = await childOf(processor, params);
  const wake = new Wake();
  const updates: ProgressUpdate[] = [];
  const stopWatching = runs.watch(runId, () => wake.ring());
  const stopListening = processor.progress.subscribe(runId, (update) => {
    if (update.execution_id !== executionId || updates.length >= PROGRESS_KEPT) return;
    updates.push(update);
    wake.ring();
  });
  const onAbort = (): void => wake.ring();
  signal.addEventListener('abort', onAbort, { once: true });
  let begun = false;
  let shown = '';
  try {
    while (!signal.aborted) {
      wake.reset();
      const parent = await parentOf(processor, child);
      const record = parent && recordOf(parent.state, executionId);
      if (!record) throw notFound(executionId);
      const { subActionId, expected } = record;
      if (!begun) yield { event: 'started', data: { execution_id: executionId, sub_action_id: subActionId, expected } };
      begun = true;
      for (const update of updates.splice(0)) yield { event: 'progress', data: progressFrame(processor, update) };
      if (record.endedSeq !== null) {
        yield await endFrame(processor, parent.state.branchId, { runId, seq: record.endedSeq });
        return;
      }
      const waits = await taskFrame(processor, executionId, shown);
      if (waits && waits.frame !== null) yield { event: 'progress', data: waits.frame };
      shown = waits?.shown ?? shown;
      await wake.wait(waits ? LOOK_AGAIN_MS : undefined);
    }
  } finally {
    stopWatching();
    stopListening();
    signal.removeEventListener('abort', onAbort);
  }
}

/** The execution of that id, if it is this run's. Throws `run_not_found`, `sub_action_not_found`. */
export async function childOf(
  processor: SubActionHost,
  { runId, userId, executionId }: { runId: string; userId: string; executionId: string },
) {
  const row = await processor.options.database.runs.find({ runId: executionId });
  const child = row?.parent_run_id === runId ? childRefOf(await processor.load({ runId: executionId, userId })) : null;
  if (!child) throw notFound(executionId);
  return child;
}

async function endFrame(
  processor: SubActionHost,
  branchId: string,
  { runId, seq }: { runId: string; seq: number },
): Promise<SubActionFrame> {
  const { runs } = processor.options.database;
  const [stored] = await runs.readLine({ runId, branchId, afterSeq: seq - 1, upToSeq: seq });
  if (stored?.type === 'sub_action_failed')
    return { event: 'error', error: fromStoredError(stored.data.error as StoredError) };
  if (stored?.type !== 'sub_action_completed') throw new TypeError(`event ${seq} ends no sub-action`);
  const event = (await processor.loader.hydrate(stored)).event as typeof stored;
  const { result, sub_action_id, execution_id, state_mapped, late } = event.data;
  return {
    event: 'complete',
    data: {
      ...(isJsonObject(result) ? result : {}),
      sub_action_id,
      execution_id,
      updated_state: state_mapped ?? {},
      ...(late === true ? { late } : {}),
    },
  };
}

/** What is new about the task that an execution waits for; null where it waits for none. */
async function taskFrame(
  { options, deps }: SubActionHost,
  executionId: string,
  shown: string,
): Promise<{ frame: JsonObject | null; shown: string } | null> {
  const { tasks } = options.database;
  const task = (await tasks.listOfRun({ runId: executionId })).at(-1);
  const news = task && (await newsOf({ tasks, catalogue: deps.ports.catalogue, now: options.clock.now() }, task));
  if (!news) return null;
  const { message, percent, elapsed_ms, updated_at } = news;
  const said = JSON.stringify([message, percent, updated_at]);
  if (said === shown) return { frame: null, shown };
  const frame = { message, status: 'processing', elapsed_ms, ...(percent === undefined ? {} : { percent }) };
  return { frame: { ...frame, progress: { message, elapsed_ms, updated_at } }, shown: said };
}

/** Both forms, always (format.md 13). */
function progressFrame(processor: SubActionHost, update: ProgressUpdate): JsonObject {
  const message = update.message ?? '';
  const { elapsed_ms, percent } = update;
  const updated_at = processor.options.clock.now().toISOString();
  return {
    message,
    status: 'processing',
    elapsed_ms,
    ...(percent === undefined ? {} : { percent }),
    progress: { message, elapsed_ms, updated_at },
  };
}

function notFound(executionId: string): WfmError {
  return new WfmError('sub_action_not_found', 'The run has no such execution of a sub-action.', {
    params: { execution_id: executionId },
  });
}
