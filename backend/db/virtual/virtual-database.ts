import { hasCode } from '@wfm/workflow-engine/errors';
import type { Clock, Database, EffectRecords, Ids } from '@wfm/workflow-engine/ports';
import { createMemoryDatabase, type StoreRows } from '@wfm/workflow-engine/ports/memory';
import { checkOwnership } from './check-ownership.ts';
import { pruneRows } from './prune-rows.ts';
import { packSnapshot, type SnapshotHead, unpackSnapshot } from './snapshot-body.ts';

/** A database in memory that lives as long as one request, and is carried from one to the next as a gzip file. */
export interface VirtualDatabase extends Database {
  effects: EffectRecords;
  /**
   * The gzip file of everything in it, not signed yet; equal states give equal content. Throws `snapshot_too_large`,
   * naming the largest value.
   */
  export(head: SnapshotHead): Promise<Buffer>;
}

/** Opens throw-away databases (architecture.md 4). */
export interface VirtualStorage {
  /** An empty one. */
  create(): VirtualDatabase;
  /**
   * One filled from a gzip file whose signature was checked, and what the file says beside its rows. Throws
   * `snapshot_malformed`, `snapshot_too_large`, `snapshot_version`, `snapshot_foreign`.
   */
  open(
    gzip: Uint8Array,
    owner: { userId: string; runId: string },
  ): Promise<{ database: VirtualDatabase; head: SnapshotHead }>;
}

/** Storage of previews in memory (architecture.md 4); `ids` makes ids that can be done again. */
export function createVirtualStorage(options: { clock: Clock; ids?: Ids }): VirtualStorage {
  const empty = () => {
    const memory = createMemoryDatabase(options);
    const database: VirtualDatabase = { ...memory, export: (head) => pack(head, pruneRows(memory.export())) };
    return { database, memory };
  };
  return {
    create: () => empty().database,
    async open(gzip, owner) {
      const file = Buffer.from(gzip.buffer, gzip.byteOffset, gzip.byteLength);
      const { head, stores } = await unpackSnapshot(file, owner);
      const { database, memory } = empty();
      memory.import(stores);
      checkOwnership(stores as Partial<StoreRows>, owner);
      return { database, head };
    },
  };
}

/** What effects gave on lines that were cut is a saving, and goes before a preview is refused for its size. */
async function pack(head: SnapshotHead, rows: StoreRows): Promise<Buffer> {
  try {
    return await packSnapshot(head, rows);
  } catch (error) {
    if (!hasCode(error, 'snapshot_too_large') || rows.effects.length === 0) throw error;
    return packSnapshot(head, { ...rows, effects: [] });
  }
}
