import type { Usage } from '../../events/run-event.ts';
import type { CallRecord, CallStore } from '../call-store.ts';
import { addUsage, callUsage, compareText, decodeCursor, toPage } from '../store-rules.ts';
import { numbered } from './run-writes.ts';
import { familyOf, joinKey, type MemoryState, requireRun, type StoredCall } from './state.ts';

/** `CallStore` in memory. */
export function memoryCalls(state: MemoryState): CallStore {
  return {
    async add({ runId, calls }) {
      const run = requireRun(state, runId);
      for (const call of calls) run.calls.push(numbered(state, call));
    },
    async list({ runId, limit, cursor }) {
      requireRun(state, runId);
      const after = cursor === undefined ? 0 : Number(decodeCursor(cursor, 1)[0]);
      const rows = callsOf(state, runId).filter(({ no }) => no > after);
      const page = toPage(rows.slice(0, limit + 1), limit, (row) => [String(row.no)]);
      return { items: page.items.map((row) => row.call), next_cursor: page.next_cursor };
    },
    async usage({ runId }) {
      requireRun(state, runId);
      const by = new Map<string, { provider: string; target: string; usage: Usage }>();
      for (const { call } of callsOf(state, runId)) {
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
      for (const { row: own, calls } of state.runs.values()) {
        if (own.user_id !== userId) continue;
        const row = state.runs.get(own.parent_run_id ?? '')?.row ?? own;
        const key = by === 'run' ? row.workflow_run_id : (row.template_id ?? '');
        const name = by === 'run' ? row.project_name : row.template_name;
        for (const { call } of calls) {
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

function callsOf(state: MemoryState, runId: string): StoredCall[] {
  return familyOf(state, runId)
    .flatMap(({ calls }) => calls)
    .sort((a, b) => a.no - b.no);
}
