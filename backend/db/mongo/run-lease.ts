import { isLeaseLive, type LeaseClaim } from '@wfm/workflow-engine/ports';
import type { LeaseClock, MongoContext } from './context.ts';
import type { RunChanges, RunDoc } from './documents.ts';
import { catchUp, changeRun, withoutEvents } from './run-log.ts';
import { leaseOf } from './run-rows.ts';

/**
 * Leases (format.md 10.10.1). Taking one is an entry of the run's log, so an append of the holder before, however late
 * it arrives, loses its race against it and finds its fence stale. Renewing changes the row alone.
 */

/** How long an append may be under way before its row is looked after. */
const interruptedMs = 10_000;

/** What taking the lease changes, or null while somebody may be executing. */
export function planClaim(run: RunDoc, leases: LeaseClock, claim: LeaseClaim): (RunChanges & { fence: number }) | null {
  if (isLeaseLive(leaseOf(run), leases)) return null;
  return {
    fence: run.fence + 1,
    executor: claim.executor,
    lease_until_ms: leases.monotonicMs() + claim.ttlMs,
    lease_boot: leases.bootId,
  };
}

export const noLease = { executor: null, lease_until_ms: null, lease_boot: null } as const;

export function claimLease(
  context: MongoContext,
  { runId, claim }: { runId: string; claim: LeaseClaim },
): Promise<{ fence: number } | null> {
  return changeRun<{ fence: number } | null>(context, runId, async (run) => {
    const changes = planClaim(run, context.leases, claim);
    if (!changes) return { entry: null, answer: null };
    return {
      entry: withoutEvents(run.no + 1, [{ kind: 'set', changes }]),
      answer: { fence: changes.fence },
    };
  });
}

/** False when somebody else executes, or nobody. */
export async function renewLease(
  { connection, leases }: MongoContext,
  { runId, fence, ttlMs }: { runId: string; fence: number; ttlMs: number },
): Promise<boolean> {
  const { matchedCount } = await connection
    .collection('runs')
    .updateOne(
      { _id: runId, fence, executor: { $ne: null } },
      { $set: { lease_until_ms: leases.monotonicMs() + ttlMs, lease_boot: leases.bootId } },
    );
  return matchedCount === 1;
}

/** Gives the lease back, as an entry, so that whoever waits for the run hears of it. */
export async function releaseLease(
  context: MongoContext,
  { runId, fence }: { runId: string; fence: number },
): Promise<void> {
  const run = await context.connection.collection('runs').findOne({ _id: runId, fence, executor: { $ne: null } });
  if (!run) return;
  await changeRun(context, runId, async (current) => {
    if (current.fence !== fence || current.executor === null) return { entry: null, answer: null };
    return { entry: withoutEvents(current.no + 1, [{ kind: 'set', changes: noLease }]), answer: null };
  });
}

/** Ids of runs that should be executing and are not, oldest first. */
export async function abandonedRuns(context: MongoContext, limit: number): Promise<string[]> {
  const { connection, leases } = context;
  if (!connection.readOnly) await mendInterrupted(context);
  const rows = await connection
    .collection('runs')
    .find(
      {
        status: 'processing',
        $or: [
          { executor: null },
          { lease_boot: { $ne: leases.bootId } },
          { lease_until_ms: { $lte: leases.monotonicMs() } },
        ],
      },
      { sort: { created_at: 1, _id: 1 }, limit, projection: { _id: 1 } },
    )
    .toArray();
  return rows.map((row) => row._id);
}

/** Applies what was committed by a process that died before it could, so that the row says what the log says. */
async function mendInterrupted(context: MongoContext): Promise<void> {
  const runs = context.connection.collection('runs');
  const before = context.leases.monotonicMs() - interruptedMs;
  const found = await runs.find({ busy_ms: { $lte: before } }, { limit: 100 }).toArray();
  for (const run of found) {
    await catchUp(context, run);
    await runs.updateOne({ _id: run._id, busy_ms: run.busy_ms }, { $set: { busy_ms: null } });
  }
}
