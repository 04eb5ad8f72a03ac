/** Bytes of generated media, by run and hash. Twins: a directory, an S3-compatible store, memory. */

/** A pure name: 64 hex digits. */
export type Sha256 = string;

export interface MediaFiles {
  /**
   * Streams bytes in under their hash; the same bytes twice are one file. Nothing is left behind when the stream fails,
   * grows over `maxBytes` (`content_too_large`) or is aborted. Throws `storage_unavailable`.
   */
  put(params: {
    runId: string;
    data: AsyncIterable<Uint8Array>;
    maxBytes: number;
    signal?: AbortSignal;
  }): Promise<{ sha256: Sha256; bytes: number }>;
  /** The bytes from `start` to before `end`, and how many there are in all; null where there is no such file. */
  read(params: {
    runId: string;
    sha256: Sha256;
    start?: number;
    end?: number;
  }): Promise<{ data: AsyncIterable<Uint8Array>; size: number } | null>;
  /** A value derived from a file (a thumbnail, the peaks of a sound), made once and kept beside it. `name` is `[a-z0-9-]+`. */
  derived(params: {
    runId: string;
    sha256: Sha256;
    name: string;
    make: () => Promise<Uint8Array>;
  }): Promise<Uint8Array>;
  /** Removes everything of a run. */
  deleteRun(params: { runId: string }): Promise<void>;
  /** Runs that have files, for the sweep of what a deleted run left. */
  runs(): AsyncIterable<string>;
}
