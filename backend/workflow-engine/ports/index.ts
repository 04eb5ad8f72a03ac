export type { CallRecord, CallStore } from './call-store.ts';
export type { Clock, Ids } from './clock.ts';
export type { ContentStore, UploadRow } from './content-store.ts';
export { type CredentialStore, credentialHint } from './credential-store.ts';
export type { Database } from './database.ts';
export type { DefinitionStore, TemplateRow, VersionRow } from './definition-store.ts';
export {
  type CheckpointHead,
  type CheckpointRow,
  type DraftChanges,
  type DraftRow,
  type DraftStore,
  type SourceBuffer,
} from './draft-store.ts';
export type { WorkflowPackage } from '../definition/package-files.ts';
export type { EffectRecord, EffectRecords } from './effect-records.ts';
export type { FileStore, RunFileRow } from './file-store.ts';
export type { HttpClient, HttpReply, HttpRequest } from './http-client.ts';
export type { KeywordRow, KeywordScope, KeywordStore } from './keyword-store.ts';
export type {
  LlmCallOptions,
  LlmMessage,
  LlmPart,
  LlmProvider,
  LlmProviderInfo,
  LlmReply,
  LlmRequest,
} from './llm-provider.ts';
export type { MediaFiles, Sha256 } from './media-files.ts';
export type {
  MediaAction,
  MediaCatalogue,
  MediaContext,
  MediaEstimate,
  MediaInput,
  MediaInputRule,
  MediaModel,
  MediaOutput,
  MediaProvider,
  MediaProviderInfo,
  MediaRequest,
  MediaResult,
  Polled,
  Submitted,
  VendorProgress,
} from './media-provider.ts';
export type { ContentRow, Generation, GenerationRow, MediaStore, Money } from './media-store.ts';
export type {
  AppendEvents,
  BranchRow,
  Checkpoint,
  CreateRun,
  KeptValue,
  LeaseClaim,
  ListRuns,
  RunProjection,
  RunRow,
  RunStore,
  StatusField,
} from './run-store.ts';
export type { Page } from './page.ts';
export type { TableDescription, TableOperator, TableQuery, TableStore } from './table-store.ts';
export type {
  ClaimTask,
  NewTask,
  ProviderLimit,
  TaskHold,
  TaskPosition,
  TaskProgress,
  TaskQueue,
  TaskRow,
  TaskStatus,
} from './task-queue.ts';
export { type UsageScope, type UsageStore, usageKeysPerScope } from './usage-store.ts';
export type { AccessKeyRow, InvitationRow, RefreshTokenRow, Rights, UserRow, UserStore } from './user-store.ts';
export { type LineSegment, lineSegments } from './line-segments.ts';
export * from './media-file-rules.ts';
export * from './media-rules.ts';
export * from './store-rules.ts';
export * from './task-rules.ts';
export { uuidIds } from './uuid-ids.ts';
export { checkTableQuery, describeTables, type OwnTableName, ownTables } from './own-tables.ts';
