import { randomBytes } from 'node:crypto';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { Clock } from '@wfm/workflow-engine/ports';
import { Binary } from 'mongodb';
import type { SnapshotCarrier } from '../virtual/snapshot-carrier.ts';
import type { SnapshotSeal } from '../virtual/snapshot-seal.ts';
import { MongoConnection } from './connection.ts';

/** How long a state is kept after it was made; whoever comes later begins anew. */
const keptMs = 24 * 60 * 60_000;
const sweepMs = 10 * 60_000;
/** No base64 text of ours begins so: a colon is not in its alphabet. */
const prefix = 'kept:';
/** For addresses that name no database. */
const defaultDatabase = 'wfm_virtual';

interface KeptSnapshot {
  _id: string;
  sealed: Binary;
  expires_at: Date;
}

/**
 * States of previews in a MongoDB of their own (`MONGODB_VIRTUAL_URI`), under an expiry, while the client carries a short
 * handle. They are stored signed, so that user and run are checked as of any other, and what a client still carries
 * itself is taken too. Nothing relies on the database's own expiry: it is checked here, and swept by every process.
 */
export async function keepSnapshots(options: {
  uri: string;
  seal: SnapshotSeal;
  clock: Pick<Clock, 'now'>;
}): Promise<SnapshotCarrier & { sweep(): Promise<void> }> {
  const { uri, seal, clock } = options;
  const database = new URL(uri.replace(/^mongodb(\+srv)?:/, 'http:')).pathname.slice(1) || defaultDatabase;
  const connection = new MongoConnection({ uri, database, readOnly: false });
  const snapshots = connection.client.db(database).collection<KeptSnapshot>('snapshots');
  await connection.write(() => snapshots.createIndex({ expires_at: 1 }, { name: 'expiry' }));
  const sweep = async (): Promise<void> => {
    await connection.write(() => snapshots.deleteMany({ expires_at: { $lte: clock.now() } }));
  };
  // A sweep that fails is made up for by the next one, or by another process.
  const timer = setInterval(() => void sweep().catch(() => undefined), sweepMs);
  timer.unref();
  return {
    async give(gzip, owner) {
      const sealed = new Binary(Buffer.from(seal.seal(gzip, owner), 'base64'));
      const handle = prefix + randomBytes(24).toString('base64url');
      const expires_at = new Date(clock.now().getTime() + keptMs);
      await connection.write(() => snapshots.insertOne({ _id: handle, sealed, expires_at }));
      return handle;
    },
    async take(text, owner) {
      if (!text.startsWith(prefix)) return seal.unseal(text, owner);
      const kept = await connection.read(() => snapshots.findOne({ _id: text }));
      if (!kept || kept.expires_at <= clock.now()) {
        const message = 'The state of this preview is not kept any more. Start the preview anew.';
        throw new WfmError('snapshot_expired', message, { place: 'virtual_db' });
      }
      return seal.unseal(Buffer.from(kept.sealed.buffer).toString('base64'), owner);
    },
    async check() {
      await connection.read(() => snapshots.findOne({ _id: '' }));
    },
    sweep,
    async close() {
      clearInterval(timer);
      await connection.close();
    },
  };
}
