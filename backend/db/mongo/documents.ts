import type { Usage } from '@wfm/workflow-engine/events';
import type { BranchRow, RunRow } from '@wfm/workflow-engine/ports';
import type { Binary } from 'mongodb';
import type { Packed, TaskDoc } from './store-documents.ts';

/**
 * What the collections hold. Ids are ours and texts; JSON of any shape is kept as text, so that numbers, key order and
 * keys with `$` or `.` come back as they went in. All of one run carries `run_id`, by which these collections can be sharded.
 */

/** Collection `runs`: what the run's log says up to its entry `no`, and the lease. */
export interface RunDoc extends Omit<RunRow, 'workflow_run_id' | 'progress' | 'status_fields' | 'error'> {
  _id: string;
  /** The newest entry of the run's log that is applied here. */
  no: number;
  template_key: string;
  /** The entry by which the run took `active_name`; `names` says the same while the run holds it. */
  name_no: number | null;
  event_count: number;
  branch_count: number;
  progress: string;
  status_fields: string;
  error: string | null;
  lease_until_ms: number | null;
  lease_boot: string | null;
  search: string;
  idempotency_key: string | null;
  /** When somebody last set out to append, until that is applied; what is left standing was interrupted. */
  busy_ms: number | null;
}

/** Columns of a run that an entry sets. */
export type RunChanges = Partial<Omit<RunDoc, '_id' | 'no'>>;

/** What follows from an entry. Applied in this order, then the run's `no` is raised; applying twice changes nothing. */
export type Effect =
  | { kind: 'create'; run: Omit<RunDoc, 'no'> }
  | { kind: 'branch'; branch: BranchDoc }
  | { kind: 'calls'; calls: CallDoc[] }
  /** A task, enqueued with the events that name it. */
  | { kind: 'task'; task: TaskDoc }
  | { kind: 'take_name'; key: string; name: string }
  | { kind: 'release_name'; key: string }
  /** The name was taken over from another run (format.md 1.10). */
  | { kind: 'drop_name'; run_id: string; name_no: number }
  | { kind: 'set'; changes: RunChanges }
  /** With the `_id`s in `names` that the run had. */
  | { kind: 'delete'; keys: string[] };

/**
 * Collection `batches`, the run's log: one document for each append (format.md 8.5). Unique are (run_id, branch_id, seq),
 * and (run_id, no), which counts all entries of a run and so makes fence, current branch and limits part of the same race.
 * What changes the run and appends no event (a lease, a name) is an entry as well: branch_id '', seq = no, count 0.
 */
export interface BatchDoc {
  _id: string;
  run_id: string;
  no: number;
  branch_id: string;
  seq: number;
  count: number;
  /** Each the JSON text of one event; empty when they are in `parts`. */
  events: string[];
  /** Where events (and calls) of an append are that is too large for one document. */
  blob: string | null;
  outbox: Effect[];
  /** Names the attempt, so that a repeated insert knows its own. */
  by: string;
}

/** Collection `branches`. */
export interface BranchDoc extends Omit<BranchRow, 'workflow_run_id' | 'last_seq'> {
  _id: string;
  run_id: string;
  /** The entry that made it, for the order of the list. */
  no: number;
}

/** Collection `names`, not sharded: an active name or the key of a start, and the entry of the run that has it. */
export interface NameDoc {
  _id: string;
  run_id: string;
  no: number;
}

/** Collection `checkpoints`. */
export interface CheckpointDoc {
  _id: string;
  run_id: string;
  branch_id: string;
  seq: number;
  state: Packed;
}

/** Collection `calls`, by `family_id`: the run, or for a child run its parent. */
export interface CallDoc {
  _id: string;
  run_id: string;
  family_id: string;
  user_id: string;
  template_id: string | null;
  template_name: string;
  /** Grows with time, over all runs of a family. */
  order: string;
  provider: string;
  target: string;
  created_at: string;
  usage: Usage;
  record: Packed;
}

/** Collection `values`. */
export interface ValueDoc {
  _id: string;
  run_id: string;
  json: Packed;
}

/** Collection `parts`: bytes too large for their own document, of a run or (uploads) of nobody else. */
export interface PartDoc {
  _id: string;
  run_id: string;
  blob: string;
  part: number;
  data: Binary;
}
