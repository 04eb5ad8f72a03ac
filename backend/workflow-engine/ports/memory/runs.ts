import { WfmError } from '../../errors/index.ts';
import type { RunEvent } from '../../events/run-event.ts';
import type { Clock } from '../clock.ts';
import { lineSegments } from '../line-segments.ts';
import type { Page } from '../page.ts';
import type { Checkpoint, ListRuns, RunRow, RunStore } from '../run-store.ts';
import {
  checkpointsKept,
  compareText,
  decodeCursor,
  foldCase,
  isLeaseLive,
  searchText,
  toPage,
} from '../store-rules.ts';
import { appendEvents, claimLease, createRun, nameKeyOf, releaseLease, releaseName } from './run-writes.ts';
import { dropTasks } from './tasks.ts';
import { joinKey, type MemoryState, notify, requireBranch, requireRun, type StoredRun } from './state.ts';

/** `RunStore` in memory. Every verb runs to its end before another one starts, which is what makes it atomic. */
export function memoryRuns(state: MemoryState, clock: Clock): RunStore {
  return {
    create: async (params) => createRun(state, clock, params),
    append: async (params) => appendEvents(state, clock, params),
    async find({ runId }) {
      const run = state.runs.get(runId);
      return run ? { ...run.row } : null;
    },
    list: async (params) => listRuns(state, params),
    async countWaiting({ userId }) {
      let count = 0;
      for (const { row } of state.runs.values()) if (row.user_id === userId && isWaiting(row)) count += 1;
      return count;
    },
    async rename({ runId, projectName }) {
      renameRun(state, requireRun(state, runId), projectName);
      notify(state, runId);
    },
    async delete({ runId }) {
      deleteRun(state, runId);
    },
    async branches({ runId }) {
      return Array.from(requireRun(state, runId).branches.values(), (branch) => ({ ...branch.row }));
    },
    async renameBranch({ runId, branchId, name }) {
      requireBranch(requireRun(state, runId), branchId).row.name = name;
    },
    readLine: async (params) => readLine(requireRun(state, params.runId), params),
    async claimLease({ runId, claim }) {
      const fence = claimLease(requireRun(state, runId), clock, claim);
      return fence === null ? null : { fence };
    },
    async renewLease({ runId, fence, ttlMs }) {
      const run = state.runs.get(runId);
      if (!run || run.row.fence !== fence || run.row.executor === null) return false;
      run.lease = { untilMs: clock.monotonicMs() + ttlMs, boot: clock.bootId };
      return true;
    },
    async releaseLease({ runId, fence }) {
      const run = state.runs.get(runId);
      if (!run || run.row.fence !== fence || run.row.executor === null) return;
      releaseLease(run);
      notify(state, runId);
    },
    async abandoned({ limit }) {
      return Array.from(state.runs.values())
        .filter(
          (run) => run.row.status === 'processing' && !isLeaseLive({ executor: run.row.executor, ...run.lease }, clock),
        )
        .map((run) => run.row)
        .sort((a, b) => compareText(a.created_at, b.created_at) || compareText(a.workflow_run_id, b.workflow_run_id))
        .slice(0, limit)
        .map((row) => row.workflow_run_id);
    },
    loadCheckpoint: async (params) => loadCheckpoint(requireRun(state, params.runId), params),
    async saveCheckpoint({ runId, checkpoint }) {
      const branch = state.runs.get(runId)?.branches.get(checkpoint.branch_id);
      if (!branch) return;
      const others = branch.checkpoints.filter((other) => other.seq !== checkpoint.seq);
      branch.checkpoints = [...others, { ...checkpoint }].sort((a, b) => b.seq - a.seq).slice(0, checkpointsKept);
    },
    watch(runId, onChange) {
      const callbacks = state.watchers.get(runId) ?? new Set();
      state.watchers.set(runId, callbacks);
      // A wrapper of its own, so that watching twice with one function is two watches.
      const callback = () => onChange();
      callbacks.add(callback);
      return () => {
        callbacks.delete(callback);
        if (callbacks.size === 0 && state.watchers.get(runId) === callbacks) state.watchers.delete(runId);
      };
    },
  };
}

function isWaiting(row: RunRow): boolean {
  return row.interaction_id !== null && row.parent_run_id === null;
}

function listRuns(state: MemoryState, params: ListRuns): Page<RunRow> {
  const q = params.q === undefined ? '' : foldCase(params.q);
  const [beforeTime = '', beforeId = ''] = params.cursor === undefined ? [] : decodeCursor(params.cursor, 2);
  const rows = Array.from(state.runs.values(), (run) => run.row)
    .filter(
      (row) =>
        row.user_id === params.userId &&
        row.parent_run_id === null &&
        (params.status === undefined || row.status === params.status) &&
        (params.templateId === undefined || row.template_id === params.templateId) &&
        (params.from === undefined || row.updated_at >= params.from) &&
        (params.to === undefined || row.updated_at < params.to) &&
        (params.waiting !== true || isWaiting(row)) &&
        searchText(row).includes(q) &&
        (params.cursor === undefined ||
          row.updated_at < beforeTime ||
          (row.updated_at === beforeTime && row.workflow_run_id < beforeId)),
    )
    .sort((a, b) => compareText(b.updated_at, a.updated_at) || compareText(b.workflow_run_id, a.workflow_run_id))
    .slice(0, params.limit + 1)
    .map((row) => ({ ...row }));
  return toPage(rows, params.limit, (row) => [row.updated_at, row.workflow_run_id]);
}

function renameRun(state: MemoryState, run: StoredRun, projectName: string): void {
  if (run.row.active_name !== null && run.row.active_name !== projectName) {
    const key = nameKeyOf(run.row, projectName);
    if (state.activeNames.has(key)) {
      throw new WfmError('conflict', 'Another active run of this workflow has that name. Choose a different one.', {
        params: { project_name: projectName },
      });
    }
    releaseName(state, run);
    state.activeNames.set(key, run.row.workflow_run_id);
    run.row.active_name = projectName;
  }
  run.row.project_name = projectName;
}

function deleteRun(state: MemoryState, runId: string): void {
  const run = requireRun(state, runId);
  releaseName(state, run);
  if (run.idempotencyKey !== null) state.starts.delete(joinKey(run.row.user_id, run.idempotencyKey));
  state.runs.delete(runId);
  dropTasks(state, runId);
  notify(state, runId);
  for (const child of state.runs.values()) {
    if (child.row.parent_run_id === runId) deleteRun(state, child.row.workflow_run_id);
  }
}

function readLine(run: StoredRun, params: Parameters<RunStore['readLine']>[0]): RunEvent[] {
  const { afterSeq, upToSeq = Number.MAX_SAFE_INTEGER, limit = Number.MAX_SAFE_INTEGER } = params;
  const leaf = requireBranch(run, params.branchId);
  const events: RunEvent[] = [];
  for (const segment of lineSegments(leaf.row, (id) => run.branches.get(id)?.row, { afterSeq, upToSeq })) {
    const own = requireBranch(run, segment.branch.branch_id).events;
    const start = segment.first - segment.branch.fork_seq - 1;
    const end = segment.last - segment.branch.fork_seq;
    for (const event of own.slice(start, Math.min(end, start + limit - events.length))) events.push(event);
    if (events.length >= limit) break;
  }
  return events;
}

function loadCheckpoint(run: StoredRun, params: Parameters<RunStore['loadCheckpoint']>[0]): Checkpoint | null {
  const leaf = requireBranch(run, params.branchId);
  const range = { afterSeq: -1, upToSeq: params.upToSeq };
  const segments = lineSegments(leaf.row, (id) => run.branches.get(id)?.row, range);
  for (const { branch, last } of segments.reverse()) {
    const found = requireBranch(run, branch.branch_id).checkpoints.find((checkpoint) => checkpoint.seq <= last);
    if (found) return { ...found };
  }
  return null;
}
