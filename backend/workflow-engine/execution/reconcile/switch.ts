import type { RunEvent } from '../../events/run-event.ts';
import type { RunState } from '../run-state.ts';

/** What carrying out a switch appends, and the fold after it. */
export interface Switch {
  branchId: string;
  /** Last `seq` before the events. */
  expectedSeq: number;
  events: RunEvent[];
  newBranch: { parent_branch_id: string; fork_seq: number; kind: 'reconcile' } | null;
  state: RunState;
}
