import type { CallStore } from './call-store.ts';
import type { ContentStore } from './content-store.ts';
import type { CredentialStore } from './credential-store.ts';
import type { DefinitionStore } from './definition-store.ts';
import type { DraftStore } from './draft-store.ts';
import type { FileStore } from './file-store.ts';
import type { KeywordStore } from './keyword-store.ts';
import type { MediaStore } from './media-store.ts';
import type { RunStore } from './run-store.ts';
import type { TableStore } from './table-store.ts';
import type { TaskQueue } from './task-queue.ts';
import type { UsageStore } from './usage-store.ts';
import type { UserStore } from './user-store.ts';

/** The stores that a program hands to the engine; one adapter makes them all. */
export interface Database {
  runs: RunStore;
  calls: CallStore;
  definitions: DefinitionStore;
  content: ContentStore;
  credentials: CredentialStore;
  drafts: DraftStore;
  files: FileStore;
  keywords: KeywordStore;
  media: MediaStore;
  tables: TableStore;
  tasks: TaskQueue;
  usage: UsageStore;
  users: UserStore;
  /** Throws `storage_unavailable` or `schema_outdated` when requests cannot be served now. */
  check(): Promise<void>;
  close(): Promise<void>;
}
