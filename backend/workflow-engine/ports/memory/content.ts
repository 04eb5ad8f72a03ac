import type { ContentStore } from '../content-store.ts';
import { requireRun, type MemoryState } from './state.ts';

/** `ContentStore` in memory. */
export function memoryContent(state: MemoryState): ContentStore {
  return {
    async putValue({ runId, sha256, json }) {
      requireRun(state, runId).values.set(sha256, json);
    },
    async getValue({ runId, sha256 }) {
      return state.runs.get(runId)?.values.get(sha256) ?? null;
    },
    async putUpload({ upload, data }) {
      state.uploads.set(upload.upload_id, { row: { ...upload }, data: data.slice() });
    },
    async getUpload({ uploadId, userId, now }) {
      const found = state.uploads.get(uploadId);
      if (!found || found.row.user_id !== userId || found.row.expires_at <= now.toISOString()) return null;
      return { upload: { ...found.row }, data: found.data.slice() };
    },
    async sweepUploads({ now }) {
      let removed = 0;
      for (const [id, { row }] of state.uploads) {
        if (row.expires_at <= now.toISOString() && state.uploads.delete(id)) removed += 1;
      }
      return removed;
    },
  };
}
