import { WfmError } from '@wfm/workflow-engine/errors';
import { branchNotFoundError, type RunStore, searchText } from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';
import { read, type SqliteContext } from './context.ts';
import { appendEvents } from './run-append.ts';
import { createRun } from './run-create.ts';
import { deleteRun } from './run-delete.ts';
import { abandonedRuns, claimLease, releaseLease, renewLease } from './run-lease.ts';
import { listBranches, loadCheckpoint, readLine, saveCheckpoint } from './run-lines.ts';
import { listRuns } from './run-list.ts';
import { isNameFree, requireHead, requireNames, requireRunNo, runColumns, type SqlRun, toRunRow } from './run-rows.ts';
import { taskBell } from './tasks.ts';

/** `RunStore` on SQLite. */
export function sqliteRuns(context: SqliteContext): RunStore {
  const { connection, queue, watchers, clock } = context;
  /** Wakes who waits for tasks once a write that enqueued some is durable. */
  const ringing = async <T>(tasks: readonly unknown[] | undefined, write: Promise<T>): Promise<T> => {
    const result = await write;
    if (tasks && tasks.length > 0) watchers.call(taskBell);
    return result;
  };
  return {
    create: (params) =>
      ringing(
        params.tasks,
        queue.submit(() => createRun(context, params), params.run.workflow_run_id),
      ),
    append: (params) =>
      ringing(
        params.tasks,
        queue.submit(() => appendEvents(context, params), params.runId),
      ),
    find: ({ runId }) => read(() => findRun(connection, runId)),
    list: (params) => read(() => listRuns(connection, params)),
    countWaiting: ({ userId }) =>
      read(() => {
        const sql =
          'SELECT count(*) AS n FROM runs WHERE user_id = ? AND parent_run_id IS NULL AND interaction_id IS NOT NULL';
        return connection.get<{ n: number }>(sql, userId)?.n ?? 0;
      }),
    rename: ({ runId, projectName }) => queue.submit(() => renameRun(connection, runId, projectName), runId),
    async delete({ runId }) {
      const gone = await queue.submit(() => deleteRun(connection, runId));
      watchers.wake(gone);
    },
    branches: ({ runId }) => read(() => listBranches(connection, runId)),
    renameBranch: ({ runId, branchId, name }) =>
      queue.submit(() => {
        const sql = 'UPDATE branches SET name = ? WHERE run_no = ? AND branch_id = ?';
        const { changes } = connection.run(sql, name, requireRunNo(connection, runId), branchId);
        if (changes === 0) throw branchNotFoundError(branchId);
      }, runId),
    readLine: (params) => read(() => readLine(connection, params)),
    claimLease: ({ runId, claim }) =>
      queue.submit(() => {
        const fence = claimLease(connection, clock, requireHead(connection, runId), claim);
        return fence === null ? null : { fence };
      }),
    renewLease: (params) => queue.submit(() => renewLease(connection, clock, params)),
    releaseLease: (params) => queue.submit(() => releaseLease(connection, params), params.runId),
    abandoned: ({ limit }) => read(() => abandonedRuns(connection, clock, limit)),
    loadCheckpoint: (params) => read(() => loadCheckpoint(connection, params)),
    saveCheckpoint: (params) => queue.submit(() => saveCheckpoint(connection, params)),
    watch: (runId, onChange) => watchers.watch(runId, onChange),
  };
}

function findRun(connection: Connection, runId: string) {
  const row = connection.get<SqlRun>(`SELECT ${runColumns} FROM runs WHERE workflow_run_id = ?`, runId);
  return row ? toRunRow(row) : null;
}

function renameRun(connection: Connection, runId: string, projectName: string): void {
  const names = requireNames(connection, runId);
  const moves = names.active_name !== null && names.active_name !== projectName;
  if (moves && !isNameFree(connection, names, projectName)) {
    throw new WfmError('conflict', 'Another active run of this workflow has that name. Choose a different one.', {
      params: { project_name: projectName },
    });
  }
  const search = searchText({ project_name: projectName, template_name: names.template_name });
  connection.run(
    'UPDATE runs SET project_name = ?, active_name = ?, search = ? WHERE no = ?',
    projectName,
    moves ? projectName : names.active_name,
    search,
    names.no,
  );
}
