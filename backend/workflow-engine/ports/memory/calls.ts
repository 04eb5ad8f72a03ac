import type { Usage } from '../../events/run-event.ts';
import type { CallRecord, CallStore } from '../call-store.ts';
import { addUsage, callUsage, compareText, decodeCursor, toPage } from '../store-rules.ts';
import { joinKey, type MemoryState, requireRun } from './state.ts';

/** `CallStore` in memory. */
export function memoryCalls(state: MemoryState): CallStore {
  return {
    async list({ runId, limit, cursor }) {
      const { calls } = requireRun(state, runId);
      const start = cursor === undefined ? 0 : Number(decodeCursor(cursor, 1)[0]) + 1;
      const rows = calls.slice(start, start + limit + 1).map((call, index) => ({ call, at: start + index }));
      const page = toPage(rows, limit, (row) => [String(row.at)]);
      return { items: page.items.map((row) => row.call), next_cursor: page.next_cursor };
    },
    async usage({ runId }) {
      const { calls } = requireRun(state, runId);
      const by = new Map<string, { provider: string; target: string; usage: Usage }>();
      for (const call of calls) {
        const key = joinKey(call.provider, call.target);
        const before = by.get(key)?.usage ?? {};
        by.set(key, { provider: call.provider, target: call.target, usage: addUsage(before, callUsage(call)) });
      }
      const sums = [...by.values()].sort(
        (a, b) => compareText(a.provider, b.provider) || compareText(a.target, b.target),
      );
      return { total: sums.reduce<Usage>((sum, { usage }) => addUsage(sum, usage), {}), by: sums };
    },
    async usageOfUser({ userId, from, to, by }) {
      const sums = new Map<string, { key: string; name: string; usage: Usage }>();
      for (const { row, calls } of state.runs.values()) {
        if (row.user_id !== userId) continue;
        const key = by === 'run' ? row.workflow_run_id : (row.template_id ?? '');
        const name = by === 'run' ? row.project_name : row.template_name;
        for (const call of calls) {
          if (!isWithin(call, from, to)) continue;
          const before = sums.get(key) ?? { key, name, usage: {} };
          const newest = compareText(before.name, name) < 0 ? name : before.name;
          sums.set(key, { key, name: newest, usage: addUsage(before.usage, callUsage(call)) });
        }
      }
      return [...sums.values()].sort((a, b) => compareText(a.key, b.key));
    },
  };
}

function isWithin(call: CallRecord, from: string | undefined, to: string | undefined): boolean {
  return (from === undefined || call.created_at >= from) && (to === undefined || call.created_at < to);
}
