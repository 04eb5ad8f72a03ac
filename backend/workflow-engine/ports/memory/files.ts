import type { FileStore } from '../file-store.ts';
import { compareText } from '../store-rules.ts';
import { familyOf, type MemoryState, requireRun, type StoredRun } from './state.ts';

/** `FileStore` in memory. */
export function memoryFiles(state: MemoryState): FileStore {
  return {
    async put({ key, file, data }) {
      const { files } = requireRun(state, file.workflow_run_id);
      const known = files.find((stored) => stored.key === key);
      if (known) return { ...known.row };
      files.push({ key, row: { ...file }, data: data.slice() });
      return { ...file };
    },
    async newest({ runId, branchIds, filename }) {
      const files = state.runs.get(runId)?.files ?? [];
      return handOut(files.findLast(({ row }) => row.filename === filename && branchIds.includes(row.branch_id)));
    },
    async read({ runId, fileId }) {
      return handOut(filesOf(state, runId).find(({ row }) => row.file_id === fileId));
    },
    async list({ runId }) {
      return filesOf(state, runId).map(({ row }) => ({ ...row }));
    },
  };
}

/** Oldest first; of those of one instant the run's own come first. */
function filesOf(state: MemoryState, runId: string): StoredRun['files'] {
  return familyOf(state, runId)
    .flatMap(({ files }) => files)
    .sort((a, b) => compareText(a.row.created_at, b.row.created_at));
}

function handOut(stored: StoredRun['files'][number] | undefined): Awaited<ReturnType<FileStore['read']>> {
  return stored ? { file: { ...stored.row }, data: stored.data.slice() } : null;
}
