import {
  decodeCursor,
  type DefinitionStore,
  foldCase,
  type TemplateRow,
  toPage,
  type VersionRow,
  type WorkflowPackage,
} from '@wfm/workflow-engine/ports';
import type { SQLInputValue } from 'node:sqlite';
import type { Connection } from './connection.ts';
import { read, readAtOnce, type SqliteContext } from './context.ts';
import { parseJson } from './json.ts';
import { insertPackage, readPackage, replacePackage } from './packages.ts';

const templateColumns = [
  'template_id',
  'owner_id',
  'workflow_id',
  'name',
  'description',
  'is_global',
  'newest_version_id',
  'created_at',
  'updated_at',
];
const selectTemplate = `SELECT ${templateColumns.join(', ')} FROM templates`;
const selectVersion = 'SELECT version_id, template_id, number, kind, note, created_at FROM versions';

type SqlTemplate = Omit<TemplateRow, 'is_global'> & { is_global: number };

/** `DefinitionStore` on SQLite. */
export function sqliteDefinitions({ connection, queue, clock, ids }: SqliteContext): DefinitionStore {
  const template = (where: string, ...values: SQLInputValue[]) => {
    const row = connection.get<SqlTemplate>(`${selectTemplate} WHERE ${where}`, ...values);
    return row ? toTemplate(row) : null;
  };
  const version = (where: string, ...values: SQLInputValue[]) =>
    connection.get<VersionRow>(`${selectVersion} WHERE ${where}`, ...values) ?? null;

  return {
    publish: (params) =>
      queue.submit(() => {
        const now = clock.now().toISOString();
        const { ownerId, workflowId, versionId } = params;
        const known = template('owner_id = ? AND workflow_id = ?', ownerId, workflowId);
        const line = known ?? insertTemplate(connection, params, { templateId: ids.uuid(), now });
        const old = version('template_id = ? AND version_id = ?', line.template_id, versionId);
        const row = old ?? insertVersion(connection, params, { templateId: line.template_id, now });
        insertDefinition(connection, versionId, params.definition);
        for (const expansion of params.expansions ?? []) {
          if (version('template_id = ? AND version_id = ?', line.template_id, expansion.versionId)) continue;
          const resolved = { versionId: expansion.versionId, kind: 'resolved' } as const;
          insertVersion(connection, resolved, { templateId: line.template_id, now });
          insertDefinition(connection, expansion.versionId, expansion.definition);
        }
        if (params.content)
          keepPackage(connection, { ...params.content, templateId: line.template_id, versionId, newId: ids.uuid() });
        if (line.newest_version_id !== versionId) {
          connection.run(
            'UPDATE templates SET name = ?, search = ?, description = ?, newest_version_id = ?, updated_at = ? WHERE template_id = ?',
            params.name,
            foldCase(params.name),
            params.description,
            versionId,
            now,
            line.template_id,
          );
        }
        return { template: template('template_id = ?', line.template_id) ?? line, version: row, created: !old };
      }),
    findTemplate: ({ templateId }) => read(() => template('template_id = ?', templateId)),
    findTemplateByWorkflowId: ({ ownerId, workflowId }) =>
      read(() => template('owner_id = ? AND workflow_id = ?', ownerId, workflowId)),
    listTemplates: ({ userId, q, limit, cursor }) =>
      read(() => {
        const [name = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, 2);
        const rows = connection.all<SqlTemplate>(
          `${selectTemplate} WHERE (owner_id = ? OR is_global = 1) AND (name, template_id) > (?, ?) AND instr(search, ?) > 0
            ORDER BY name, template_id LIMIT ?`,
          userId,
          name,
          id,
          foldCase(q ?? ''),
          limit + 1,
        );
        return toPage(rows.map(toTemplate), limit, (row) => [row.name, row.template_id]);
      }),
    updateTemplate: ({ templateId, name, description, isGlobal }) =>
      queue.submit(() => {
        connection.run(
          `UPDATE templates SET name = coalesce(?, name), search = coalesce(?, search), description = coalesce(?, description),
             is_global = coalesce(?, is_global), updated_at = ? WHERE template_id = ?`,
          name ?? null,
          name === undefined ? null : foldCase(name),
          description ?? null,
          isGlobal === undefined ? null : Number(isGlobal),
          clock.now().toISOString(),
          templateId,
        );
      }),
    deleteTemplate: ({ templateId }) =>
      queue.submit(() => {
        // Its definitions stay: runs may name any version that the line ever had.
        connection.run('DELETE FROM templates WHERE template_id = ?', templateId);
      }),
    listVersions: ({ templateId, limit, cursor }) =>
      read(() => {
        const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(decodeCursor(cursor, 1)[0]);
        const sql = `${selectVersion} WHERE template_id = ? AND number < ? ORDER BY number DESC LIMIT ?`;
        const rows = connection.all<VersionRow>(sql, templateId, Number.isSafeInteger(before) ? before : 0, limit + 1);
        return toPage(rows, limit, (row) => [String(row.number)]);
      }),
    findVersion: ({ templateId, versionId }) =>
      read(() => version('template_id = ? AND version_id = ?', templateId, versionId)),
    findVersionForUser: ({ userId, versionId }) =>
      read(() => {
        const columns = templateColumns.map((column) => `t.${column}`).join(', ');
        const row = connection.get<SqlTemplate>(
          `SELECT ${columns} FROM versions v JOIN templates t ON t.template_id = v.template_id
            WHERE v.version_id = ?1 AND (t.owner_id = ?2 OR t.is_global = 1)
            ORDER BY t.owner_id IS ?2 DESC, t.name, t.template_id LIMIT 1`,
          versionId,
          userId,
        );
        const found = row && version('template_id = ? AND version_id = ?', row.template_id, versionId);
        return row && found ? { template: toTemplate(row), version: found } : null;
      }),
    readPackage: ({ templateId, versionId }) =>
      read(() =>
        readAtOnce(connection, () => {
          const packageId = packageOf(connection, templateId, versionId);
          return packageId === null ? null : readPackage(connection, packageId);
        }),
      ),
    readDefinition: ({ versionId }) =>
      read(() => {
        const row = connection.get<{ definition: string }>(
          'SELECT definition FROM definitions WHERE version_id = ?',
          versionId,
        );
        return row ? parseJson<unknown>(row.definition) : null;
      }),
    wasOffered: ({ example }) =>
      read(() => connection.get('SELECT 1 FROM offered_examples WHERE example = ?', example) !== undefined),
    markOffered: ({ example }) =>
      queue.submit(() => {
        const sql = 'INSERT OR IGNORE INTO offered_examples (example, offered_at) VALUES (?, ?)';
        connection.run(sql, example, clock.now().toISOString());
      }),
    keepDefinition: ({ versionId, definition }) =>
      queue.submit(() => insertDefinition(connection, versionId, definition)),
  };
}

type Publish = Parameters<DefinitionStore['publish']>[0];

function insertTemplate(
  connection: Connection,
  params: Publish,
  made: { templateId: string; now: string },
): TemplateRow {
  const row: TemplateRow = {
    template_id: made.templateId,
    owner_id: params.ownerId,
    workflow_id: params.workflowId,
    name: params.name,
    description: params.description,
    is_global: false,
    newest_version_id: params.versionId,
    created_at: made.now,
    updated_at: made.now,
  };
  connection.run(
    `INSERT INTO templates (template_id, owner_id, workflow_id, name, search, description, is_global, newest_version_id,
       created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?)`,
    row.template_id,
    row.owner_id,
    row.workflow_id,
    row.name,
    foldCase(row.name),
    row.description,
    row.newest_version_id,
    row.created_at,
    row.updated_at,
  );
  return row;
}

function insertVersion(
  connection: Connection,
  params: Pick<Publish, 'versionId' | 'kind' | 'note'>,
  made: { templateId: string; now: string },
): VersionRow {
  const count = connection.get<{ n: number }>(
    'SELECT count(*) AS n FROM versions WHERE template_id = ?',
    made.templateId,
  );
  const row: VersionRow = {
    version_id: params.versionId,
    template_id: made.templateId,
    number: (count?.n ?? 0) + 1,
    kind: params.kind,
    note: params.note ?? '',
    created_at: made.now,
  };
  connection.run(
    'INSERT INTO versions (template_id, number, version_id, kind, note, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    row.template_id,
    row.number,
    row.version_id,
    row.kind,
    row.note,
    row.created_at,
  );
  return row;
}

function packageOf(connection: Connection, templateId: string, versionId: string): string | null {
  const sql = 'SELECT package_id FROM versions WHERE template_id = ? AND version_id = ?';
  return connection.get<{ package_id: string | null }>(sql, templateId, versionId)?.package_id ?? null;
}

/** How the version is written from now on. */
function keepPackage(
  connection: Connection,
  {
    templateId,
    versionId,
    newId,
    ...content
  }: WorkflowPackage & { templateId: string; versionId: string; newId: string },
): void {
  const known = packageOf(connection, templateId, versionId);
  if (known !== null) return replacePackage(connection, known, content);
  insertPackage(connection, { packageId: newId, templateId }, content);
  const sql = 'UPDATE versions SET package_id = ? WHERE template_id = ? AND version_id = ?';
  connection.run(sql, newId, templateId, versionId);
}

function insertDefinition(connection: Connection, versionId: string, definition: unknown): void {
  const sql = 'INSERT OR IGNORE INTO definitions (version_id, definition) VALUES (?, ?)';
  connection.run(sql, versionId, JSON.stringify(definition));
}

function toTemplate(row: SqlTemplate): TemplateRow {
  return { ...row, is_global: row.is_global === 1 };
}
