import type { StreamFrame } from '@wfm/workflow-engine';
import type { RunEvent } from '@wfm/workflow-engine/events';
import type { RunStore } from '@wfm/workflow-engine/ports';

/**
 * A run store that tells of everything it has stored, in the frames of a run's stream (api.md, SSE): the request that
 * executes sees its own log grow, without waiting for news of it.
 */
export function watchedRuns(runs: RunStore, onFrame: (frame: StreamFrame) => void): RunStore {
  const tell = (events: readonly RunEvent[]): void => {
    for (const event of events) onFrame({ id: `${event.branch_id}:${event.seq}`, event: event.type, data: event });
  };
  return {
    ...runs,
    async create(params) {
      const created = await runs.create(params);
      if (created.created) tell(params.events);
      return created;
    },
    async append(params) {
      const appended = await runs.append(params);
      if (params.newBranch) {
        onFrame({ event: 'branch', data: { branch_id: params.branchId, fork_seq: params.newBranch.fork_seq } });
      }
      tell(params.events);
      return appended;
    },
  };
}
