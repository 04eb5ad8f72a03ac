import type {
  AccessKeyRow,
  CheckpointHead,
  GenerationRow,
  Instant,
  KeywordRow,
  InvitationRow,
  RefreshTokenRow,
  RunFileRow,
  TaskRow,
  TemplateRow,
  UploadRow,
  UserRow,
  VersionRow,
} from '@wfm/workflow-engine/ports';
import type { Binary } from 'mongodb';

/** What the collections hold that are no part of a run's log (documents.ts). */

/** A text, compressed when it is long. */
export type Packed = string | Binary;

/** Collection `uploads`; the bytes lie in `parts`, under the upload's own id. */
export interface UploadDoc extends Omit<UploadRow, 'upload_id'> {
  _id: string;
  blob: string;
}

/** Collection `files`, by the run and by its family (calls.ts); the bytes lie in `parts`. */
export interface FileDoc extends Omit<RunFileRow, 'workflow_run_id'> {
  _id: string;
  run_id: string;
  family_id: string;
  user_id: string;
  /** Grows with time. */
  order: string;
  blob: string;
}

/** Collection `credentials`. */
export interface CredentialDoc {
  _id: string;
  user_id: string;
  provider: string;
  sealed: Binary;
  updated_at: string;
}

/** Collection `generations`: a record with its contents, so that ending it changes one document. */
export interface GenerationDoc {
  _id: string;
  run_id: string;
  /** Grows with time. */
  order: string;
  interaction_id: string | null;
  status: GenerationRow['status'];
  usd: number | null;
  record: Packed;
  contents: { content_id: string; bytes: number; record: string }[];
}

/** Collection `keywords`. */
export interface KeywordDoc extends Omit<KeywordRow, 'fields'> {
  _id: string;
  scope: string;
  user_id: string;
  template_id: string;
  fields: string;
  /** The save that wrote it last. */
  no: number;
}

/** Collection `keyword_scopes`: how far a scope's saves are applied. */
export interface KeywordScopeDoc {
  _id: string;
  no: number;
  count: number;
}

/**
 * Collection `keyword_saves`: the log of a scope. Inserting is the commit; unique are (scope, no) and (run_id, key). It
 * holds the keywords as they are after it, until they are in their collection.
 */
export interface KeywordSaveDoc {
  _id: string;
  scope: string;
  no: number;
  run_id: string;
  saved: number;
  count: number;
  rows: Packed | null;
}

/** Collection `usage_times`. */
export interface UsageDoc {
  _id: string;
  scope: string;
  user_id: string;
  template_id: string;
  step_id: string;
  module_name: string;
  key: string;
  used_at: string;
}

/** Collection `users`, by the e-mail address in the form that is compared: the name that belongs to one. */
export interface UserDoc extends UserRow {
  _id: string;
}

/**
 * Collection `rights`: one document, which every change of somebody's rights goes through, so that of two the second
 * sees the first. `pending` is decided, and perhaps not yet carried out.
 */
export interface RightsDoc {
  _id: 'rights';
  rev: number;
  pending: Pick<UserRow, 'user_id' | 'role' | 'disabled' | 'token_version'> | null;
}

/** Collection `access_keys`, by the key's hash. */
export interface AccessKeyDoc extends Omit<AccessKeyRow, 'sha256'> {
  _id: string;
  /** Grows with time. */
  order: string;
}

/** Collection `refresh_tokens`, by the token's hash. */
export interface TokenDoc extends Omit<RefreshTokenRow, 'sha256'> {
  _id: string;
}

/** Collection `invitations`, by the hash of the code. */
export interface InvitationDoc extends Omit<InvitationRow, 'sha256'> {
  _id: string;
}

/** Collection `one_time_tokens`, by the token's hash. */
export interface OneTimeDoc {
  _id: string;
  user_id: string;
  expires_at: string;
}

/** Collection `user_settings`, by the user; JSON text. */
export interface SettingsDoc {
  _id: string;
  settings: string;
}

/**
 * Collection `tasks`, by idempotency key. `row` is the whole task as JSON; beside it stands what a look goes by. Every
 * change names the `rev` that it has read, so of two one wins.
 */
export interface TaskDoc {
  _id: string;
  task_id: string;
  run_id: string;
  rev: number;
  row: Packed;
  actor: string;
  provider: string;
  priority: number;
  created_at: string;
  /** Grows with time; decides between equal ages. */
  order: string;
  status: TaskRow['status'];
  fence: number;
  /** Takes up one of its provider's places. */
  holds: boolean;
  /** Its vendor works on it. */
  begun: boolean;
  ready: Instant;
  lease_until_ms: number | null;
  lease_boot: string | null;
  ended_at: string | null;
  reported: boolean;
  settled: boolean;
  /** Grows whenever somebody who waits for tasks should look. */
  bell: string;
}

/**
 * Collection `task_places`, by provider: who takes up one of its places, and what was begun within the last minute. A
 * claim takes its place here before it takes the task, so limits hold exactly over all workers. A place that a crash left
 * without a task is freed by the sweep; a claim that was so slow that its place was swept gives the task back.
 */
export interface PlacesDoc {
  _id: string;
  rev: number;
  places: Place[];
  starts: Place[];
}

export interface Place {
  task_id: string;
  run_id: string;
  fence: number;
  time: Instant;
}

export type StoredVersion = Omit<VersionRow, 'template_id'>;

/** Collection `templates`: a template with its line of versions, so that publishing changes one document. */
export interface TemplateDoc extends Omit<TemplateRow, 'template_id'> {
  _id: string;
  search: string;
  versions: StoredVersion[];
}

/** A file of a package: its bytes, or where they lie in `parts`. */
export type StoredFile = { path: string; content: Binary } | { path: string; blob: string; bytes: number };

/** Collection `packages`: how a version was written. */
export interface PackageDoc {
  _id: string;
  template_id: string;
  entry_point: string;
  files: StoredFile[];
}

/** Collection `drafts`, by template. */
export interface DraftDoc {
  _id: string;
  revision: number;
  base_version_id: string;
  edited: boolean;
  entry_point: string;
  files: StoredFile[];
  /** JSON text, as `preview`. */
  source_buffer: Packed;
  preview: Packed;
  updated_at: string;
}

/** Collection `draft_checkpoints`. */
export interface DraftCheckpointDoc extends Omit<CheckpointHead, 'checkpoint_id'> {
  _id: string;
  /** Grows with time. */
  order: string;
  entry_point: string;
  files: StoredFile[];
  preview: Packed;
}

/** Collection `definitions`, by content. */
export interface DefinitionDoc {
  _id: string;
  definition: Packed;
}
