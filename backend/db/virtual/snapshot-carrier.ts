import type { SnapshotOwner, SnapshotSeal } from './snapshot-seal.ts';

/** How a preview's state goes to its client and comes back. What the client holds says nothing to it (architecture.md 4). */
export interface SnapshotCarrier {
  /** The text for the client, from the gzip file of a state. Throws `snapshot_too_large`, `storage_unavailable`. */
  give(gzip: Uint8Array, owner: SnapshotOwner): Promise<string>;
  /** The gzip file and its run. Throws what `SnapshotSeal.unseal` does, `snapshot_expired`, `storage_unavailable`. */
  take(text: string, owner: { userId: string; runId?: string | undefined }): Promise<{ gzip: Buffer; runId: string }>;
  /** Throws `storage_unavailable` when states cannot be kept now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** The client carries the signed state itself, and the server remembers nothing. */
export function carriedByClient(seal: SnapshotSeal): SnapshotCarrier {
  return {
    give: async (gzip, owner) => seal.seal(gzip, owner),
    take: async (text, owner) => seal.unseal(text, owner),
    check: async () => undefined,
    close: async () => undefined,
  };
}
