import { templateKey } from '@wfm/workflow-engine/ports';
import type { MongoContext } from './context.ts';
import type { NameDoc, RunDoc } from './documents.ts';
import { isDuplicate } from './errors.ts';

/**
 * Names that belong to one run among all of a user's (format.md 1.10, 8.6). The document is unique by its `_id`; it
 * counts while the run's own row says that it took the name by that entry. One that does not is what a crash left
 * behind, and whoever meets it may take it over.
 */

/** `_id` of an active name. */
export function nameKey(run: Pick<RunDoc, 'user_id' | 'template_id' | 'template_name'>, projectName: string): string {
  return JSON.stringify(['active', run.user_id, templateKey(run), projectName]);
}

/** `_id` of a start's idempotency key. */
export function startKey(userId: string, idempotencyKey: string): string {
  return JSON.stringify(['start', userId, idempotencyKey]);
}

/** Finds a run by id as its log has it now; `busy` for one that cannot be looked at from here, and keeps its names. */
export type LookUp = (runId: string) => Promise<RunDoc | 'busy' | null>;

/** The run that really holds a key, or null. */
export async function holderOf(
  { connection }: MongoContext,
  key: string,
  lookUp: LookUp,
): Promise<{ name: NameDoc; run: RunDoc } | null> {
  const name = await connection.collection('names').findOne({ _id: key });
  if (!name) return null;
  const run = await lookUp(name.run_id);
  return run && run !== 'busy' && holds(run, name) ? { name, run } : null;
}

/**
 * Takes a key for an entry of a run, from a run that only seems to hold it too. `from` is the document of the run that
 * holds it: with `force` the key was taken from it, else it keeps it.
 */
export async function takeKey(
  { connection }: MongoContext,
  wanted: NameDoc,
  { lookUp, force = false }: { lookUp: LookUp; force?: boolean },
): Promise<{ taken: boolean; from: NameDoc | null }> {
  const names = connection.collection('names');
  for (;;) {
    try {
      await names.insertOne(wanted);
      return { taken: true, from: null };
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
    const known = await names.findOne({ _id: wanted._id });
    if (!known) continue;
    if (known.run_id === wanted.run_id && known.no === wanted.no) return { taken: true, from: null };
    const holder = known.run_id === wanted.run_id ? null : await lookUp(known.run_id);
    const live = holder === 'busy' || (holder !== null && holds(holder, known));
    if (live && !force) return { taken: false, from: known };
    if (live) {
      // First the holder's row: a crash in between leaves a run without its name, never a name with two runs.
      await connection
        .collection('runs')
        .updateOne({ _id: known.run_id, name_no: known.no }, { $set: { active_name: null, name_no: null } });
    }
    const { modifiedCount } = await names.updateOne(
      { _id: known._id, run_id: known.run_id, no: known.no },
      { $set: { run_id: wanted.run_id, no: wanted.no } },
    );
    if (modifiedCount === 1) return { taken: true, from: live ? known : null };
  }
}

/** Gives a key back that an entry up to this one has taken; a later one's stays. */
export async function releaseKey({ connection }: MongoContext, { _id, run_id, no }: NameDoc): Promise<void> {
  await connection.collection('names').deleteOne({ _id, run_id, no: { $lte: no } });
}

function holds(run: RunDoc, name: NameDoc): boolean {
  if (run.name_no === name.no && run.active_name !== null && nameKey(run, run.active_name) === name._id) return true;
  return run.idempotency_key !== null && startKey(run.user_id, run.idempotency_key) === name._id;
}
