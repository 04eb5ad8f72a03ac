import { limits } from '@wfm/workflow-engine/models';
import {
  type CheckpointHead,
  type DraftRow,
  type DraftStore,
  type SourceBuffer,
  templateNotFoundError,
} from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';
import { read, readAtOnce, type SqliteContext } from './context.ts';
import { parseJson } from './json.ts';
import { deletePackage, insertPackage, putFiles, readPackage, removeFiles, replacePackage } from './packages.ts';

interface SqlDraft {
  package_id: string;
  revision: number;
  base_version_id: string;
  edited: number;
  source_buffer: string;
  preview: string;
  updated_at: string;
}

const selectDraft =
  'SELECT package_id, revision, base_version_id, edited, source_buffer, preview, updated_at FROM drafts WHERE template_id = ?';
const selectHead = 'SELECT checkpoint_id, template_id, label, base_version_id, created_at FROM draft_checkpoints';

/** `DraftStore` on SQLite. */
export function sqliteDrafts({ connection, queue, clock, ids }: SqliteContext): DraftStore {
  const head = (templateId: string) => connection.get<SqlDraft>(selectDraft, templateId);
  const at = (templateId: string, revision: number): SqlDraft | undefined => {
    const draft = head(templateId);
    return draft?.revision === revision ? draft : undefined;
  };
  return {
    find: ({ templateId }) => read(() => readAtOnce(connection, () => findDraft(connection, templateId))),
    reset: ({ templateId, revision, baseVersionId, content, preview }) =>
      queue.submit(() => {
        assertTemplate(connection, templateId);
        const known = head(templateId);
        if ((known?.revision ?? null) !== revision) return null;
        const packageId = known?.package_id ?? ids.uuid();
        if (known) replacePackage(connection, packageId, content);
        else insertPackage(connection, { packageId, templateId }, content);
        connection.run(
          `INSERT OR REPLACE INTO drafts (template_id, package_id, revision, base_version_id, edited, source_buffer, preview,
             updated_at) VALUES (?, ?, ?, ?, 0, 'null', ?, ?)`,
          templateId,
          packageId,
          (revision ?? 0) + 1,
          baseVersionId,
          preview === undefined ? (known?.preview ?? 'null') : JSON.stringify(preview),
          clock.now().toISOString(),
        );
        return findDraft(connection, templateId);
      }),
    save: ({ templateId, revision, changes }) =>
      queue.submit(() => {
        const draft = at(templateId, revision);
        if (!draft) return null;
        removeFiles(connection, draft.package_id, changes.remove);
        putFiles(connection, draft.package_id, changes.put);
        if (changes.entryPoint !== undefined) {
          const sql = 'UPDATE packages SET entry_point = ? WHERE package_id = ?';
          connection.run(sql, changes.entryPoint, draft.package_id);
        }
        connection.run(
          'UPDATE drafts SET revision = ?, edited = 1, source_buffer = ?, preview = ?, updated_at = ? WHERE template_id = ?',
          revision + 1,
          changes.sourceBuffer === undefined ? draft.source_buffer : JSON.stringify(changes.sourceBuffer),
          changes.preview === undefined ? draft.preview : JSON.stringify(changes.preview),
          clock.now().toISOString(),
          templateId,
        );
        return revision + 1;
      }),
    rebase: ({ templateId, revision, baseVersionId }) =>
      queue.submit(() => {
        connection.run(
          'UPDATE drafts SET base_version_id = ?, edited = CASE WHEN revision = ? THEN 0 ELSE edited END WHERE template_id = ?',
          baseVersionId,
          revision,
          templateId,
        );
      }),
    addCheckpoint: ({ checkpoint }) =>
      queue.submit(() => {
        const { template_id: templateId } = checkpoint;
        assertTemplate(connection, templateId);
        const packageId = ids.uuid();
        insertPackage(connection, { packageId, templateId }, checkpoint);
        connection.run(
          `INSERT INTO draft_checkpoints (checkpoint_id, template_id, package_id, label, base_version_id, preview, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
          checkpoint.checkpoint_id,
          templateId,
          packageId,
          checkpoint.label,
          checkpoint.base_version_id,
          JSON.stringify(checkpoint.preview),
          checkpoint.created_at,
        );
        dropOldest(connection, templateId);
      }),
    listCheckpoints: ({ templateId }) =>
      read(() => connection.all<CheckpointHead>(`${selectHead} WHERE template_id = ? ORDER BY no DESC`, templateId)),
    findCheckpoint: ({ templateId, checkpointId }) =>
      read(() =>
        readAtOnce(connection, () => {
          const where = 'WHERE template_id = ? AND checkpoint_id = ?';
          const found = connection.get<CheckpointHead>(`${selectHead} ${where}`, templateId, checkpointId);
          const rest = connection.get<{ package_id: string; preview: string }>(
            `SELECT package_id, preview FROM draft_checkpoints ${where}`,
            templateId,
            checkpointId,
          );
          const content = rest && readPackage(connection, rest.package_id);
          return found && content ? { ...found, ...content, preview: parseJson<unknown>(rest.preview) } : null;
        }),
      ),
  };
}

function findDraft(connection: Connection, templateId: string): DraftRow | null {
  const draft = connection.get<SqlDraft>(selectDraft, templateId);
  const content = draft && readPackage(connection, draft.package_id);
  if (!draft || !content) return null;
  return {
    template_id: templateId,
    revision: draft.revision,
    base_version_id: draft.base_version_id,
    edited: draft.edited === 1,
    ...content,
    source_buffer: parseJson<SourceBuffer | null>(draft.source_buffer),
    preview: parseJson<unknown>(draft.preview),
    updated_at: draft.updated_at,
  };
}

function assertTemplate(connection: Connection, templateId: string): void {
  if (!connection.get('SELECT 1 FROM templates WHERE template_id = ?', templateId))
    throw templateNotFoundError(templateId);
}

function dropOldest(connection: Connection, templateId: string): void {
  const old = connection.all<{ no: number; package_id: string }>(
    'SELECT no, package_id FROM draft_checkpoints WHERE template_id = ? ORDER BY no DESC LIMIT -1 OFFSET ?',
    templateId,
    limits.draftCheckpoints,
  );
  for (const { no, package_id: packageId } of old) {
    connection.run('DELETE FROM draft_checkpoints WHERE no = ?', no);
    deletePackage(connection, packageId);
  }
}
