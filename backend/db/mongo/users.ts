import {
  type AccessKeyRow,
  emailTakenError,
  foldCase,
  type InvitationRow,
  type RefreshTokenRow,
  type UserRow,
  type UserStore,
} from '@wfm/workflow-engine/ports';
import type { MongoContext } from './context.ts';
import { isDuplicate } from './errors.ts';
import { parseJson } from './packing.ts';
import { contains } from './filters.ts';
import { changeRights } from './user-rights.ts';
import type { AccessKeyDoc, InvitationDoc, TokenDoc, UserDoc } from './store-documents.ts';

/** `UserStore` on MongoDB. */
export function mongoUsers(context: MongoContext): UserStore {
  const { connection, ids } = context;
  const users = () => connection.collection('users');
  const keys = () => connection.collection('access_keys');
  const tokens = () => connection.collection('refresh_tokens');
  const invitations = () => connection.collection('invitations');
  const oneTime = () => connection.collection('one_time_tokens');
  return {
    create: ({ user }) =>
      connection.write(async () => {
        try {
          await users().insertOne({ _id: foldCase(user.email), ...user });
        } catch (error) {
          throw isDuplicate(error) ? emailTakenError() : error;
        }
      }),
    find: ({ userId }) => connection.read(async () => toUser(await users().findOne({ user_id: userId }))),
    findByEmail: ({ email }) => connection.read(async () => toUser(await users().findOne({ _id: foldCase(email) }))),
    update: ({ userId, changes }) =>
      connection.write(async () => {
        const { name, role, password_hash, disabled, token_version } = changes;
        const given = Object.entries({ name, role, password_hash, disabled, token_version }).filter(
          ([, value]) => value !== undefined,
        );
        if (given.length > 0) await users().updateOne({ user_id: userId }, { $set: Object.fromEntries(given) });
      }),
    count: () => connection.read(() => users().countDocuments()),
    list: ({ limit, after = '', q = '' }) =>
      connection.read(async () => {
        const filter = { user_id: { $gt: after }, ...(q === '' ? {} : contains('_id', foldCase(q))) };
        const found = await users()
          .find(filter, { sort: { user_id: 1 }, limit })
          .toArray();
        return found.flatMap((doc) => toUser(doc) ?? []);
      }),
    changeRights: (params) => connection.write(() => changeRights(context, params)),

    addInvitation: ({ invitation }) =>
      connection.write(async () => {
        const { sha256, ...row } = invitation;
        await invitations().insertOne({ _id: sha256, ...row });
      }),
    findInvitation: ({ sha256 }) =>
      connection.read(async () => {
        const doc = await invitations().findOne({ _id: sha256 });
        return doc && toInvitation(doc);
      }),
    listInvitations: ({ limit, after = '' }) =>
      connection.read(async () =>
        (
          await invitations()
            .find({ invitation_id: { $gt: after } }, { sort: { invitation_id: 1 }, limit })
            .toArray()
        ).map(toInvitation),
      ),
    removeInvitation: ({ invitationId }) =>
      connection.write(async () => (await invitations().deleteOne({ invitation_id: invitationId })).deletedCount === 1),
    acceptInvitation: (params) => connection.write(() => accept(context, params)),

    addAccessKey: ({ key }) =>
      connection.write(async () => {
        const { sha256, ...row } = key;
        await keys().insertOne({ _id: sha256, ...row, order: ids.uuid() });
      }),
    findAccessKey: ({ sha256 }) =>
      connection.read(async () => {
        const doc = await keys().findOne({ _id: sha256 });
        return doc && toKey(doc);
      }),
    listAccessKeys: ({ userId }) =>
      connection.read(async () =>
        (
          await keys()
            .find({ user_id: userId }, { sort: { order: 1 } })
            .toArray()
        ).map(toKey),
      ),
    removeAccessKey: ({ userId, keyId }) =>
      connection.write(async () => {
        const { deletedCount } = await keys().deleteOne({ user_id: userId, key_id: keyId });
        return deletedCount === 1;
      }),
    touchAccessKeys: ({ keyIds, at }) =>
      connection.write(async () => {
        if (keyIds.length > 0) await keys().updateMany({ key_id: { $in: keyIds } }, { $set: { last_used_at: at } });
      }),

    addRefreshToken: ({ token }) =>
      connection.write(async () => {
        await tokens().deleteMany({ user_id: token.user_id, expires_at: { $lte: token.created_at } });
        await tokens().insertOne(toTokenDoc(token));
      }),
    findRefreshToken: ({ sha256 }) =>
      connection.read(async () => {
        const doc = await tokens().findOne({ _id: sha256 });
        return doc && toToken(doc);
      }),
    rotateRefreshToken: (params) => connection.write(() => rotate(context, params)),
    revokeFamily: ({ familyId }) =>
      connection.write(async () => {
        await tokens().deleteMany({ family_id: familyId });
      }),
    revokeFamiliesOf: ({ userId }) =>
      connection.write(async () => {
        await tokens().deleteMany({ user_id: userId });
      }),

    addOneTimeToken: ({ sha256, userId, expiresAt }) =>
      connection.write(async () => {
        const doc = { user_id: userId, expires_at: expiresAt };
        await oneTime().replaceOne({ _id: sha256 }, doc, { upsert: true });
      }),
    takeOneTimeToken: ({ sha256, now }) =>
      connection.write(async () => {
        const token = await oneTime().findOneAndDelete({ _id: sha256 });
        await oneTime().deleteMany({ expires_at: { $lte: now.toISOString() } });
        return token && token.expires_at > now.toISOString() ? token.user_id : null;
      }),

    getSettings: ({ userId }) =>
      connection.read(async () => {
        const doc = await connection.collection('user_settings').findOne({ _id: userId });
        return doc ? parseJson<Record<string, unknown>>(doc.settings) : {};
      }),
    putSettings: ({ userId, settings }) =>
      connection.write(async () => {
        const doc = { settings: JSON.stringify(settings) };
        await connection.collection('user_settings').replaceOne({ _id: userId }, doc, { upsert: true });
      }),
  };
}

/**
 * One who rotates wins. A family that is revoked in between takes its new token with it: whoever finds the parent gone
 * removes the successor. A crash between the two writes ends the session, and its user signs in again.
 */
async function rotate(
  { connection }: MongoContext,
  { sha256, at, successor }: Parameters<UserStore['rotateRefreshToken']>[0],
): Promise<boolean> {
  const tokens = connection.collection('refresh_tokens');
  const { modifiedCount } = await tokens.updateOne({ _id: sha256, rotated_at: null }, { $set: { rotated_at: at } });
  if (modifiedCount === 0) return false;
  await tokens.insertOne(toTokenDoc(successor));
  if (await tokens.findOne({ _id: sha256 }, { projection: { _id: 1 } })) return true;
  await tokens.deleteOne({ _id: successor.sha256 });
  return false;
}

/**
 * The invitation is taken first, so that of two who come by it one makes an account; it is given back where the address
 * turns out to be taken. A crash between the two leaves it used without an account, and another is asked for.
 */
async function accept(
  { connection }: MongoContext,
  { sha256, now, user }: Parameters<UserStore['acceptInvitation']>[0],
): Promise<boolean> {
  const invitations = connection.collection('invitations');
  const open = { _id: sha256, user_id: null, expires_at: { $gt: now.toISOString() } };
  const { modifiedCount } = await invitations.updateOne(open, { $set: { user_id: user.user_id } });
  if (modifiedCount === 0) return false;
  try {
    await connection.collection('users').insertOne({ _id: foldCase(user.email), ...user });
    return true;
  } catch (error) {
    await invitations.updateOne({ _id: sha256, user_id: user.user_id }, { $set: { user_id: null } });
    throw isDuplicate(error) ? emailTakenError() : error;
  }
}

function toInvitation({ _id: sha256, ...invitation }: InvitationDoc): InvitationRow {
  return { ...invitation, sha256 };
}

function toUser(doc: UserDoc | null): UserRow | null {
  if (!doc) return null;
  const { _id, ...user } = doc;
  return user;
}

function toKey({ _id: sha256, order: _, ...key }: AccessKeyDoc): AccessKeyRow {
  return { ...key, sha256 };
}

function toTokenDoc({ sha256, ...token }: RefreshTokenRow): TokenDoc {
  return { _id: sha256, ...token };
}

function toToken({ _id: sha256, ...token }: TokenDoc): RefreshTokenRow {
  return { ...token, sha256 };
}
