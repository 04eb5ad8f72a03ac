import type { ContentStore, UploadRow } from '@wfm/workflow-engine/ports';
import { read, type SqliteContext } from './context.ts';
import { insertValues } from './run-create.ts';
import { requireRunNo } from './run-rows.ts';

/** `ContentStore` on SQLite. */
export function sqliteContent({ connection, queue }: SqliteContext): ContentStore {
  return {
    putValue: ({ runId, sha256, json }) =>
      queue.submit(() => insertValues(connection, requireRunNo(connection, runId), [{ sha256, json }])),
    getValue: ({ runId, sha256 }) =>
      read(() => {
        const sql =
          'SELECT v.json FROM run_values v JOIN runs r ON r.no = v.run_no WHERE r.workflow_run_id = ? AND v.sha256 = ?';
        return connection.get<{ json: string }>(sql, runId, sha256)?.json ?? null;
      }),
    putUpload: ({ upload, data }) =>
      queue.submit(() => {
        connection.run(
          `INSERT OR REPLACE INTO uploads (upload_id, user_id, purpose, bytes, mime, created_at, expires_at, data)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          upload.upload_id,
          upload.user_id,
          upload.purpose,
          upload.bytes,
          upload.mime,
          upload.created_at,
          upload.expires_at,
          data,
        );
      }),
    getUpload: ({ uploadId, userId, now }) =>
      read(() => {
        const row = connection.get<UploadRow & { data: Uint8Array }>(
          `SELECT upload_id, user_id, purpose, bytes, mime, created_at, expires_at, data FROM uploads
            WHERE upload_id = ? AND user_id = ? AND expires_at > ?`,
          uploadId,
          userId,
          now.toISOString(),
        );
        if (!row) return null;
        const { data, ...upload } = row;
        return { upload, data };
      }),
    sweepUploads: ({ now }) =>
      queue.submit(() => connection.run('DELETE FROM uploads WHERE expires_at <= ?', now.toISOString()).changes),
  };
}
