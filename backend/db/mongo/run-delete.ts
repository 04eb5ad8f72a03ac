import type { MongoContext } from './context.ts';
import { nameKey, startKey } from './names.ts';
import { requireRun } from './run-branches.ts';
import { changeRun, withoutEvents } from './run-log.ts';

/** Removes a run, its child runs, and all that hangs on them (R22). Throws `run_not_found`. */
export async function deleteRun(context: MongoContext, runId: string): Promise<void> {
  await requireRun(context, runId);
  const children = await context.connection
    .collection('runs')
    .find({ parent_run_id: runId }, { projection: { _id: 1 } })
    .toArray();
  for (const child of children) await deleteRun(context, child._id);
  await changeRun(context, runId, async (run) => {
    const keys = [nameKey(run, run.active_name ?? run.project_name)];
    if (run.idempotency_key !== null) keys.push(startKey(run.user_id, run.idempotency_key));
    return { entry: withoutEvents(run.no + 1, [{ kind: 'delete', keys }]), answer: null };
  });
}
