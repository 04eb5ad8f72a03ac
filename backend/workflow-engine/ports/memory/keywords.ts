import type { KeywordRow, KeywordScope, KeywordStore } from '../keyword-store.ts';
import { assertKeywordRoom, compareText, mergeKeyword } from '../store-rules.ts';
import { joinKey, type MemoryState, requireRun } from './state.ts';

/** `KeywordStore` in memory. */
export function memoryKeywords(state: MemoryState): KeywordStore {
  return {
    async save({ scope, key, runId, keywords, accumulate }) {
      const run = requireRun(state, runId);
      const saved = run.keywordSaves.get(key);
      if (saved !== undefined) return saved;
      const rows = new Map(state.keywords.get(scopeKey(scope))?.rows);
      for (const keyword of keywords) {
        rows.set(keyword.keyword, mergeKeyword(rows.get(keyword.keyword), keyword, accumulate));
      }
      assertKeywordRoom(rows.size);
      state.keywords.set(scopeKey(scope), { scope: { ...scope }, rows });
      run.keywordSaves.set(key, keywords.length);
      return keywords.length;
    },
    async load({ scope }) {
      const rows = state.keywords.get(scopeKey(scope))?.rows ?? new Map<string, KeywordRow>();
      return Array.from(rows.values(), (row) => ({ ...row, fields: { ...row.fields } })).sort((a, b) =>
        compareText(a.keyword, b.keyword),
      );
    },
  };
}

function scopeKey(scope: KeywordScope): string {
  return joinKey(scope.userId, scope.templateId);
}
