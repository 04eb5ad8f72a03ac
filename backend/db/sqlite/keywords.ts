import {
  assertKeywordRoom,
  type KeywordRow,
  type KeywordScope,
  type KeywordStore,
  mergeKeyword,
} from '@wfm/workflow-engine/ports';
import type { Connection } from './connection.ts';
import { read, type SqliteContext } from './context.ts';
import { parseJson } from './json.ts';
import { requireRunNo } from './run-rows.ts';

type SqlKeyword = Omit<KeywordRow, 'fields'> & { fields: string };

const selectSql = 'SELECT keyword, weight, last_used, fields FROM keywords WHERE user_id = ? AND template_id = ?';

/** `KeywordStore` on SQLite. */
export function sqliteKeywords({ connection, queue }: SqliteContext): KeywordStore {
  return {
    save: (params) => queue.submit(() => saveKeywords(connection, params)),
    load: ({ scope }) =>
      read(() =>
        connection.all<SqlKeyword>(`${selectSql} ORDER BY keyword`, scope.userId, scope.templateId).map(toKeyword),
      ),
  };
}

function saveKeywords(connection: Connection, params: Parameters<KeywordStore['save']>[0]): number {
  const { scope, key, runId, keywords, accumulate } = params;
  const runNo = requireRunNo(connection, runId);
  const before = connection.get<{ saved: number }>(
    'SELECT saved FROM keyword_saves WHERE run_no = ? AND write_key = ?',
    runNo,
    key,
  );
  if (before) return before.saved;

  const changed = new Map<string, KeywordRow>();
  let added = 0;
  for (const keyword of keywords) {
    const known = changed.get(keyword.keyword) ?? findKeyword(connection, scope, keyword.keyword);
    if (!known) added += 1;
    changed.set(keyword.keyword, mergeKeyword(known, keyword, accumulate));
  }
  if (added > 0) assertKeywordRoom(countKeywords(connection, scope) + added);
  for (const row of changed.values()) {
    connection.run(
      'INSERT OR REPLACE INTO keywords (user_id, template_id, keyword, weight, last_used, fields) VALUES (?, ?, ?, ?, ?, ?)',
      scope.userId,
      scope.templateId,
      row.keyword,
      row.weight,
      row.last_used,
      JSON.stringify(row.fields),
    );
  }
  connection.run('INSERT INTO keyword_saves (run_no, write_key, saved) VALUES (?, ?, ?)', runNo, key, keywords.length);
  return keywords.length;
}

function findKeyword(connection: Connection, scope: KeywordScope, keyword: string): KeywordRow | undefined {
  const row = connection.get<SqlKeyword>(`${selectSql} AND keyword = ?`, scope.userId, scope.templateId, keyword);
  return row && toKeyword(row);
}

function countKeywords(connection: Connection, scope: KeywordScope): number {
  const sql = 'SELECT count(*) AS n FROM keywords WHERE user_id = ? AND template_id = ?';
  return connection.get<{ n: number }>(sql, scope.userId, scope.templateId)?.n ?? 0;
}

function toKeyword(row: SqlKeyword): KeywordRow {
  return { ...row, fields: parseJson(row.fields) };
}
