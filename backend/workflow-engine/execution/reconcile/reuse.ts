import type { CompiledVersion } from '../../definition/compile-version.ts';
import type { RunEvent } from '../../events/run-event.ts';
import { differingKeys, digestsOf } from '../hash.ts';
import type { StoreName } from '../../modules/module.ts';
import type { EffectRecords } from '../../ports/effect-records.ts';
import type { BranchRow, RunStore } from '../../ports/run-store.ts';
import type { Prepared } from '../prepare-module.ts';
import type { RunLoader } from '../run-loader.ts';
import type { ModuleKey, RunState } from '../run-state.ts';
import { type ModuleRecord, RecordPool } from './record-pool.ts';

/** What a reconciled line may take over from the lines it was forked from. */
export interface Reuse {
  pool: RecordPool;
  autoReapply: boolean;
  /** Paths that run again whatever holds. */
  force: ReadonlySet<string>;
  /** Stores that a module of this line has written by running, not by being reused (format.md 10.7.7). */
  written: Set<StoreName>;
}

/** Lines that still lend records beside the one just left; older ones have been edited over too often to matter. */
const LINES = 5;

/** Null on a line that was not reconciled. Reads the left lines, so it costs in proportion to the history. */
export async function reuseFor(
  stores: { runs: RunStore; loader: RunLoader; effects: EffectRecords | null },
  state: RunState,
  version: CompiledVersion,
): Promise<Reuse | null> {
  if (state.fork?.kind !== 'reconcile') return null;
  const { runs, effects } = stores;
  const branches = new Map((await runs.branches({ runId: state.runId })).map((row) => [row.branch_id, row]));
  const reuse: Reuse = {
    pool: new RecordPool(),
    autoReapply: state.fork.autoReapply,
    force: new Set(state.fork.force),
    written: new Set(),
  };
  await addLeftLines(stores, state.runId, reuse.pool, branches.get(state.branchId), branches, LINES + 1);
  reuse.pool.addKept((await effects?.list({ runId: state.runId })) ?? []);
  const forkSeq = branches.get(state.branchId)?.fork_seq ?? 0;
  for (const event of await readWhole(stores, state.runId, state.branchId, forkSeq)) noteOwn(reuse, event, version);
  return reuse;
}

/** Adds the records of the lines that a reconciled branch was forked from, newest first. */
export async function addLeftLines(
  stores: { runs: RunStore; loader: RunLoader },
  runId: string,
  pool: RecordPool,
  first: Pick<BranchRow, 'kind' | 'parent_branch_id' | 'fork_seq'> | undefined,
  branches: ReadonlyMap<string, BranchRow>,
  most = LINES,
): Promise<void> {
  let branch = first;
  for (let lines = 0; branch?.kind === 'reconcile' && branch.parent_branch_id !== null && lines < most; lines += 1) {
    pool.addLine(await readWhole(stores, runId, branch.parent_branch_id), branch.fork_seq);
    branch = branches.get(branch.parent_branch_id);
  }
}

function noteOwn(reuse: Reuse, event: RunEvent, version: CompiledVersion): void {
  if (event.type === 'interaction_response' && event.data.origin.from) {
    reuse.pool.markClaimed({ branchId: event.data.origin.from.branch_id, seq: event.data.origin.from.seq });
  }
  if (event.type !== 'module_completed') return;
  const { origin } = event.data;
  if (origin.from) reuse.pool.markClaimed({ branchId: origin.from.branch_id, seq: origin.from.seq });
  if (origin.kind === 'reused') return;
  const module = version.find(event.step_id ?? '', event.module_name ?? '')?.module;
  for (const store of module?.writesStores ?? []) reuse.written.add(store);
}

/** All events of a line after a `seq`, ready to be read. */
export async function readWhole(
  stores: { runs: RunStore; loader: RunLoader },
  runId: string,
  branchId: string,
  afterSeq = -1,
): Promise<RunEvent[]> {
  const events = await stores.runs.readLine({ runId, branchId, afterSeq });
  return Promise.all(
    events.map(async (event) => (event.type === 'branch_created' ? event : (await stores.loader.hydrate(event)).event)),
  );
}

/** Why a module runs although a record of it may exist, and which parts of the key differ (format.md 10.9). */
export function whyExecuted(
  reuse: Reuse,
  path: string,
  key: ModuleKey,
  prepared: Prepared,
): { reason: string; inputs?: string[] } {
  const { module } = prepared;
  if (reuse.force.has(path)) return { reason: 'forced' };
  if (reuse.pool.failed(key)) return { reason: 'previous_failed' };
  const record = reuse.pool.at(key);
  if (!record) return { reason: 'no_record' };
  if (record.moduleId !== module.id || record.revision !== module.revision) return { reason: 'module_changed' };
  if (prepared.heldHashes.includes(record.inputHash))
    return { reason: readsWritten(reuse, prepared) ? 'store_changed' : 'no_record' };
  const inputs = differing(record, prepared);
  if (inputs?.length === 0) return { reason: 'mode_changed' };
  return { reason: 'inputs_changed', ...(inputs ? { inputs } : {}) };
}

/** True when a store that the module reads was written on this line by something that ran. */
export function readsWritten({ written }: Reuse, { module }: Prepared): boolean {
  return (module.readsStores ?? []).some((store) => written.has(store));
}

/** Names of the inputs that differ from the record's, and of the state read besides them; null where nothing tells. */
function differing(record: ModuleRecord, { inputs, reads }: Prepared): string[] | null {
  const parts = record.parts();
  return parts && differingKeys(parts, { ...digestsOf(inputs), ...reads });
}
