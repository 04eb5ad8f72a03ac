import type { Collection, Db } from 'mongodb';
import type { BatchDoc, BranchDoc, CallDoc, CheckpointDoc, NameDoc, PartDoc, RunDoc, ValueDoc } from './documents.ts';
import type {
  AccessKeyDoc,
  CredentialDoc,
  DefinitionDoc,
  DraftCheckpointDoc,
  DraftDoc,
  FileDoc,
  GenerationDoc,
  InvitationDoc,
  KeywordDoc,
  KeywordSaveDoc,
  KeywordScopeDoc,
  OneTimeDoc,
  PackageDoc,
  PlacesDoc,
  RightsDoc,
  SettingsDoc,
  TaskDoc,
  TemplateDoc,
  TokenDoc,
  UploadDoc,
  UsageDoc,
  UserDoc,
} from './store-documents.ts';

/** Every collection by its name. */
export interface Collections {
  schema_migrations: { _id: number; name: string; applied_at: string };
  runs: RunDoc;
  batches: BatchDoc;
  branches: BranchDoc;
  names: NameDoc;
  checkpoints: CheckpointDoc;
  calls: CallDoc;
  values: ValueDoc;
  parts: PartDoc;
  files: FileDoc;
  uploads: UploadDoc;
  tasks: TaskDoc;
  task_places: PlacesDoc;
  generations: GenerationDoc;
  credentials: CredentialDoc;
  templates: TemplateDoc;
  definitions: DefinitionDoc;
  offered_examples: { _id: string; offered_at: string };
  packages: PackageDoc;
  drafts: DraftDoc;
  draft_checkpoints: DraftCheckpointDoc;
  keyword_scopes: KeywordScopeDoc;
  keyword_saves: KeywordSaveDoc;
  keywords: KeywordDoc;
  usage_times: UsageDoc;
  users: UserDoc;
  rights: RightsDoc;
  access_keys: AccessKeyDoc;
  refresh_tokens: TokenDoc;
  one_time_tokens: OneTimeDoc;
  invitations: InvitationDoc;
  user_settings: SettingsDoc;
}

export type CollectionOf = <N extends keyof Collections>(name: N) => Collection<Collections[N]>;

/** Typed access to the collections of a database. */
export function collectionsOf(db: Db): CollectionOf {
  return (name) => db.collection(name);
}
