import { type UsageScope, type UsageStore, usageKeysPerScope } from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';
import { read, type SqliteContext } from './context.ts';

type UsageTime = Awaited<ReturnType<UsageStore['ofTemplate']>>[number];

const inScope = 'user_id = ? AND template_id = ? AND step_id = ? AND module_name = ?';

/** `UsageStore` on SQLite. */
export function sqliteUsage({ connection, queue }: SqliteContext): UsageStore {
  return {
    touch: ({ scope, keys, at }) =>
      queue.submit(() => {
        for (const key of keys) {
          connection.run(
            `INSERT INTO usage_times (user_id, template_id, step_id, module_name, key, used_at) VALUES (?, ?, ?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET used_at = max(used_at, excluded.used_at)`,
            ...columnsOf(scope),
            key,
            at,
          );
        }
        forgetOldest(connection, scope);
      }),
    lastUsed: ({ scope, keys }) =>
      read(() => {
        const rows = connection.all<{ key: string; used_at: string }>(
          `SELECT key, used_at FROM usage_times WHERE ${inScope} AND key IN (SELECT value FROM json_each(?))`,
          ...columnsOf(scope),
          JSON.stringify(keys),
        );
        return new Map(rows.map(({ key, used_at }) => [key, used_at]));
      }),
    ofTemplate: ({ userId, templateId }) =>
      read(() =>
        connection.all<UsageTime>(
          `SELECT step_id AS stepId, module_name AS moduleName, key, used_at AS at FROM usage_times
             WHERE user_id = ? AND template_id = ? ORDER BY step_id, module_name, key`,
          userId,
          templateId,
        ),
      ),
  };
}

function columnsOf({ userId, templateId, stepId, moduleName }: UsageScope): string[] {
  return [userId, templateId, stepId, moduleName];
}

function forgetOldest(connection: Connection, scope: UsageScope): void {
  const count = connection.get<{ n: number }>(
    `SELECT count(*) AS n FROM usage_times WHERE ${inScope}`,
    ...columnsOf(scope),
  );
  if ((count?.n ?? 0) <= usageKeysPerScope) return;
  connection.run(
    `DELETE FROM usage_times WHERE ${inScope} AND key IN (
       SELECT key FROM usage_times WHERE ${inScope} ORDER BY used_at DESC, key LIMIT -1 OFFSET ${usageKeysPerScope})`,
    ...columnsOf(scope),
    ...columnsOf(scope),
  );
}
