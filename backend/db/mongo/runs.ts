import { branchNotFoundError, type RunStore } from '@wfm/workflow-engine/ports';
import type { MongoContext } from './context.ts';
import { appendEvents, renameRun } from './run-append.ts';
import { branchDocId, listBranches, requireRun } from './run-branches.ts';
import { createRun } from './run-create.ts';
import { deleteRun } from './run-delete.ts';
import { abandonedRuns, claimLease, releaseLease, renewLease } from './run-lease.ts';
import { loadCheckpoint, readLine, saveCheckpoint } from './run-lines.ts';
import { listRuns } from './run-list.ts';
import { toRunRow } from './run-rows.ts';

/** `RunStore` on MongoDB. */
export function mongoRuns(context: MongoContext): RunStore {
  const { connection, locks, watchers } = context;
  return {
    create: (params) =>
      connection.write(() => {
        const { user_id, template_id, template_name, project_name } = params.run;
        const rivals = JSON.stringify(['start', user_id, template_id, template_name, project_name]);
        return locks.run(rivals, () => createRun(context, params));
      }),
    append: (params) => connection.write(() => appendEvents(context, params)),
    find: ({ runId }) =>
      connection.read(async () => {
        const run = await connection.collection('runs').findOne({ _id: runId });
        return run && toRunRow(run);
      }),
    list: (params) => connection.read(() => listRuns(context, params)),
    countWaiting: ({ userId }) =>
      connection.read(() =>
        connection
          .collection('runs')
          .countDocuments({ user_id: userId, parent_run_id: null, interaction_id: { $ne: null } }),
      ),
    rename: (params) => connection.write(() => renameRun(context, params)),
    delete: ({ runId }) => connection.write(() => deleteRun(context, runId)),
    branches: ({ runId }) => connection.read(() => listBranches(context, runId)),
    renameBranch: ({ runId, branchId, name }) =>
      connection.write(async () => {
        const { matchedCount } = await connection
          .collection('branches')
          .updateOne({ _id: branchDocId(runId, branchId), run_id: runId }, { $set: { name } });
        if (matchedCount === 1) return;
        await requireRun(context, runId);
        throw branchNotFoundError(branchId);
      }),
    readLine: (params) => connection.read(() => readLine(context, params)),
    claimLease: (params) => connection.write(() => claimLease(context, params)),
    renewLease: (params) => connection.write(() => renewLease(context, params)),
    releaseLease: (params) => connection.write(() => releaseLease(context, params)),
    abandoned: ({ limit }) => connection.read(() => abandonedRuns(context, limit)),
    loadCheckpoint: (params) => connection.read(() => loadCheckpoint(context, params)),
    saveCheckpoint: (params) => connection.write(() => saveCheckpoint(context, params)),
    watch: (runId, onChange) => watchers.watch(runId, onChange),
  };
}
