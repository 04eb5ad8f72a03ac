/** Files of a run (format.md 15.4): what `io` modules write and `client_write` hands out. */

export interface RunFileRow {
  file_id: string;
  workflow_run_id: string;
  branch_id: string;
  category: 'root' | 'outputs' | 'api_calls';
  group: string | null;
  filename: string;
  content_type: 'text' | 'json' | 'binary';
  step_id: string;
  module_name: string;
  bytes: number;
  created_at: string;
}

export interface FileStore {
  /** Keeps a file. `key` makes it idempotent: a second write under it answers the first row. Throws `run_not_found`. */
  put(params: { key: string; file: RunFileRow; data: Uint8Array }): Promise<RunFileRow>;
  /** Newest file of that name that one of the branches made, or null. */
  newest(params: {
    runId: string;
    branchIds: string[];
    filename: string;
  }): Promise<{ file: RunFileRow; data: Uint8Array } | null>;
  /** A file of the run or of one of its child runs, or null. */
  read(params: { runId: string; fileId: string }): Promise<{ file: RunFileRow; data: Uint8Array } | null>;
  /** Of the run and its child runs, oldest first; a row names the run that wrote it. */
  list(params: { runId: string }): Promise<RunFileRow[]>;
}
