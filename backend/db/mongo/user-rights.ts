import { assertAdminLeft, type Rights, type UserRow, withRights } from '@wfm/workflow-engine/ports';
import { storageUnavailable } from '../storage-errors.ts';
import type { MongoContext } from './context.ts';
import { isDuplicate } from './errors.ts';
import type { RightsDoc } from './store-documents.ts';

/**
 * `UserStore.changeRights` without a transaction: the change is decided by a compare-and-set of the one document that
 * all such changes go through, and then carried out; whoever comes next carries out what a crash has left.
 */
export async function changeRights(
  context: MongoContext,
  { userId, rights }: { userId: string; rights: Rights },
): Promise<{ before: UserRow; after: UserRow } | null> {
  const users = context.connection.collection('users');
  for (let tries = 0; tries < 100; tries += 1) {
    const doc = await settle(context, await rightsDoc(context));
    if (!doc) continue;
    const found = await users.findOne({ user_id: userId });
    if (!found) return null;
    const { _id, ...before } = found;
    const after = withRights(before, rights);
    assertAdminLeft(before, after, await users.countDocuments({ role: 'admin', disabled: false }));
    const { role, disabled, token_version } = after;
    const decided: RightsDoc = {
      _id: 'rights',
      rev: doc.rev + 1,
      pending: { user_id: userId, role, disabled, token_version },
    };
    if (!(await replace(context, doc, decided))) continue;
    await settle(context, decided);
    return { before, after };
  }
  throw storageUnavailable('Rights are being changed all the time. Try again.');
}

async function rightsDoc({ connection }: MongoContext): Promise<RightsDoc> {
  const rights = connection.collection('rights');
  const found = await rights.findOne({ _id: 'rights' });
  if (found) return found;
  const first: RightsDoc = { _id: 'rights', rev: 0, pending: null };
  try {
    await rights.insertOne(first);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  return first;
}

async function replace({ connection }: MongoContext, before: RightsDoc, after: RightsDoc): Promise<boolean> {
  const { matchedCount } = await connection.collection('rights').replaceOne({ _id: 'rights', rev: before.rev }, after);
  return matchedCount === 1;
}

/** Carries out what is pending; the document then, or null when somebody else has gone on meanwhile. */
async function settle(context: MongoContext, doc: RightsDoc): Promise<RightsDoc | null> {
  if (!doc.pending) return doc;
  const { user_id, role, disabled, token_version } = doc.pending;
  // Sessions may have been ended meanwhile, which must not be taken back.
  const changes = { $set: { role, disabled }, $max: { token_version } };
  await context.connection.collection('users').updateOne({ user_id }, changes);
  const settled: RightsDoc = { _id: 'rights', rev: doc.rev + 1, pending: null };
  return (await replace(context, doc, settled)) ? settled : null;
}
