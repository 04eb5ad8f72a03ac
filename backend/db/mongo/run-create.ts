import {
  assertDense,
  assertRoom,
  conflictError,
  type CreateRun,
  type RunRow,
  type RunStore,
  searchText,
  takesActiveName,
  templateKey,
} from '@wfm/workflow-engine/ports';
import { storageUnavailable } from '../storage-errors.ts';
import type { MongoContext } from './context.ts';
import type { BranchDoc, Effect, NameDoc, RunDoc } from './documents.ts';
import { holderOf, nameKey, releaseKey, startKey, takeKey } from './names.ts';
import { branchDocId } from './run-branches.ts';
import { entryOf, putValues, taskEffects } from './run-entry.ts';
import { noLease, planClaim } from './run-lease.ts';
import { applyEntry, catchUpById, insertEntry, numbered } from './run-log.ts';
import { toRunRow } from './run-rows.ts';

type Created = Awaited<ReturnType<RunStore['create']>>;

/**
 * `RunStore.create`: names first, then the log's entry 0, which is the commit. A creator that dies between leaves names
 * of a run that never comes about; whoever wants one closes that start and takes it over.
 */
export async function createRun(context: MongoContext, params: CreateRun): Promise<Created> {
  const { run, branch_id: branchId, events } = params;
  const runId = run.workflow_run_id;
  const active = nameKey(run, run.project_name);
  const start = params.idempotencyKey === undefined ? null : startKey(run.user_id, params.idempotencyKey);
  const lookUp = (id: string) => catchUpById(context, id, [runId]);
  const taken: NameDoc[] = [];
  const giveBack = async () => {
    for (const name of taken.splice(0)) await releaseKey(context, name);
  };
  for (;;) {
    const holder = run.parent_run_id === null ? await holderOf(context, active, lookUp) : null;
    const started = start === null ? null : await holderOf(context, start, lookUp);
    const earlier = started ?? (params.forceNew ? null : holder);
    if (earlier) return { created: false, run: toRunRow(earlier.run), fence: null };
    const known = await context.connection.collection('runs').findOne({ _id: runId });
    if (known) throw conflictError(runId, -1, known.last_seq);
    assertDense(events, { runId, branchId, afterSeq: -1 });
    assertRoom({ events, storedEvents: 0, storedBranches: 0, newBranch: true });

    const doc = newRun(params);
    const outbox: Effect[] = [];
    for (const key of [start, doc.active_name === null ? null : active]) {
      if (key === null) continue;
      const wanted = { _id: key, run_id: runId, no: 0 };
      const result = await takeKey(context, wanted, { lookUp, force: params.forceNew && key === active });
      if (!result.taken) break;
      taken.push(wanted);
      if (result.from) outbox.push({ kind: 'drop_name', run_id: result.from.run_id, name_no: result.from.no });
    }
    if (taken.length < Number(start !== null) + Number(doc.active_name !== null)) {
      // Somebody was faster between the look and the taking; the next look finds whom.
      await giveBack();
      continue;
    }
    if (holder && doc.active_name === null) {
      await releaseKey(context, holder.name);
      outbox.push({ kind: 'drop_name', run_id: holder.run._id, name_no: holder.name.no });
    }
    const row = await commit(context, params, doc, outbox);
    if (row) return { created: true, run: row, fence: params.claim ? row.fence : null };
    await giveBack();
    const rival = await context.connection.collection('runs').findOne({ _id: runId });
    if (rival) throw conflictError(runId, -1, rival.last_seq);
    throw storageUnavailable('The run could not be started in time. Try again.');
  }
}

/** Writes entry 0; null when the id is taken, or the start was closed by somebody who took us for dead. */
async function commit(
  context: MongoContext,
  params: CreateRun,
  doc: Omit<RunDoc, 'no'>,
  outbox: Effect[],
): Promise<RunRow | null> {
  const { branch_id: branchId, events } = params;
  const claimed = params.claim ? planClaim({ ...doc, no: -1 }, context.leases, params.claim) : null;
  const run = { ...doc, ...claimed };
  const branch: BranchDoc = {
    _id: branchDocId(doc._id, branchId),
    run_id: doc._id,
    branch_id: branchId,
    parent_branch_id: null,
    fork_seq: -1,
    kind: 'first',
    name: null,
    no: 0,
    created_at: doc.created_at,
  };
  const effects: Effect[] = [...outbox, { kind: 'create', run }, { kind: 'branch', branch }];
  effects.push(...(await taskEffects(context, params.tasks)));
  await putValues(context, doc._id, params.values ?? []);
  const append = { branchId, events, calls: params.calls ?? [], outbox: effects };
  const { entry: planned, undo } = await entryOf(context, { ...run, no: -1 }, append);
  const entry = numbered(context, doc._id, 0, planned);
  if (!(await insertEntry(context, entry))) {
    await undo();
    return null;
  }
  await applyEntry(context, entry);
  context.watchers.appended(doc._id, 0);
  return toRunRow({ ...run, no: 0 });
}

function newRun({ run, branch_id, events, idempotencyKey }: CreateRun): Omit<RunDoc, 'no'> {
  const holdsName = takesActiveName(run);
  return {
    _id: run.workflow_run_id,
    user_id: run.user_id,
    template_id: run.template_id,
    template_key: templateKey(run),
    template_name: run.template_name,
    version_id: run.version_id,
    project_name: run.project_name,
    active_name: holdsName ? run.project_name : null,
    name_no: holdsName ? 0 : null,
    parent_run_id: run.parent_run_id,
    mode: run.mode,
    engine: run.engine,
    status: run.status,
    current_branch_id: branch_id,
    last_seq: events.length - 1,
    event_count: events.length,
    branch_count: 1,
    progress: JSON.stringify(run.progress),
    status_fields: JSON.stringify(run.status_fields),
    error: run.error === null ? null : JSON.stringify(run.error),
    interaction_id: run.interaction_id,
    fence: 0,
    ...noLease,
    search: searchText(run),
    idempotency_key: idempotencyKey ?? null,
    busy_ms: null,
    created_at: run.created_at,
    updated_at: run.updated_at,
  };
}
