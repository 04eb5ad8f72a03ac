export type { CallRecord, CallStore } from './call-store.ts';
export type { Clock, Ids } from './clock.ts';
export type { ContentStore, UploadRow } from './content-store.ts';
export type { Database } from './database.ts';
export type { DefinitionStore, TemplateRow, VersionRow } from './definition-store.ts';
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
export { type UsageScope, type UsageStore, usageKeysPerScope } from './usage-store.ts';
export type { AccessKeyRow, RefreshTokenRow, UserRow, UserStore } from './user-store.ts';
export { type LineSegment, lineSegments } from './line-segments.ts';
export * from './store-rules.ts';
export { uuidIds } from './uuid-ids.ts';
export { checkTableQuery, describeTables, type OwnTableName, ownTables } from './own-tables.ts';
