/** Values and bytes kept beside the log. */

export interface UploadRow {
  upload_id: string;
  user_id: string;
  purpose: 'package' | 'answer';
  bytes: number;
  mime: string;
  created_at: string;
  expires_at: string;
}

export interface ContentStore {
  /**
   * Keeps the JSON text of a value over 256 KiB for a run, named by its hash; keeping it twice is harmless. Throws
   * `run_not_found`, so that nothing outlives its run: what a run has before it is stored rides on its `create`.
   */
  putValue(params: { runId: string; sha256: string; json: string }): Promise<void>;
  /** The JSON text, or null. */
  getValue(params: { runId: string; sha256: string }): Promise<string | null>;

  putUpload(params: { upload: UploadRow; data: Uint8Array }): Promise<void>;
  /** Null for another user's upload, and after it expired. */
  getUpload(params: {
    uploadId: string;
    userId: string;
    now: Date;
  }): Promise<{ upload: UploadRow; data: Uint8Array } | null>;
  /** Removes expired uploads; how many. */
  sweepUploads(params: { now: Date }): Promise<number>;
}
