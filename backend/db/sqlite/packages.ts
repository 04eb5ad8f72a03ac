import type { WorkflowPackage } from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';

/** Packages of files; every function but `readPackage` is for inside a write. */

export function insertPackage(
  connection: Connection,
  at: { packageId: string; templateId: string },
  { entryPoint, files }: WorkflowPackage,
): void {
  connection.run(
    'INSERT INTO packages (package_id, template_id, entry_point) VALUES (?, ?, ?)',
    at.packageId,
    at.templateId,
    entryPoint,
  );
  putFiles(connection, at.packageId, files);
}

export function putFiles(connection: Connection, packageId: string, files: WorkflowPackage['files']): void {
  const sql = 'INSERT OR REPLACE INTO package_files (package_id, path, content) VALUES (?, ?, ?)';
  for (const [path, content] of files) connection.run(sql, packageId, path, content);
}

export function removeFiles(connection: Connection, packageId: string, paths: readonly string[]): void {
  const sql = 'DELETE FROM package_files WHERE package_id = ? AND path = ?';
  for (const path of paths) connection.run(sql, packageId, path);
}

/** Puts other files in the place of all that the package has. */
export function replacePackage(connection: Connection, packageId: string, content: WorkflowPackage): void {
  connection.run('DELETE FROM package_files WHERE package_id = ?', packageId);
  connection.run('UPDATE packages SET entry_point = ? WHERE package_id = ?', content.entryPoint, packageId);
  putFiles(connection, packageId, content.files);
}

export function deletePackage(connection: Connection, packageId: string): void {
  connection.run('DELETE FROM packages WHERE package_id = ?', packageId);
}

/** The package, or null. Two statements: between BEGIN and COMMIT where it may change. */
export function readPackage(connection: Connection, packageId: string): WorkflowPackage | null {
  const head = connection.get<{ entry_point: string }>(
    'SELECT entry_point FROM packages WHERE package_id = ?',
    packageId,
  );
  if (!head) return null;
  const rows = connection.all<{ path: string; content: Uint8Array }>(
    'SELECT path, content FROM package_files WHERE package_id = ? ORDER BY path',
    packageId,
  );
  return { entryPoint: head.entry_point, files: new Map(rows.map(({ path, content }) => [path, content])) };
}
