import type { AiConfig, InteractionRecord, StreamFrame } from '@wfm/workflow-engine';
import type { StoredError } from '@wfm/workflow-engine/errors';
import type { PreviewSettings, SavedPreview } from '@wfm/workflow-engine/mock';
import type {
  InteractionAnswer,
  JsonObject,
  LineComparison,
  Plan,
  PlanEntry,
  StateTree,
  WorkflowResponse,
} from '@wfm/workflow-engine/models';
import type { BranchRow, Page } from '@wfm/workflow-engine/ports';

/**
 * The line between the two halves of this server (architecture.md 6). The parent does HTTP, sign-in, signatures and
 * limits; a host inflates, imports, executes and exports what strangers sent. Everything that crosses is plain data, so
 * that a host may be another process.
 */
export interface PreviewHost {
  /**
   * Carries one command out, from the state before to the state after. Throws what is wrong with the definition, the
   * snapshot or the command, and the signal's reason when it is aborted.
   */
  execute(job: ExecuteJob, watch: PreviewWatch): Promise<ExecuteResult>;
  /** What a start would do, reuse and ask, and the likely cost; executes nothing. Throws as `execute`. */
  plan(job: ExecuteJob, watch: PreviewWatch): Promise<Plan>;
  /** Looks into a snapshot; executes nothing. Throws as `execute`. */
  read<Q extends ReadQuery>(job: ReadJob<Q>): Promise<ReadAnswers[Q['kind']]>;
  /** Makes a preview of a copied production run; executes nothing. Throws as `execute`. */
  open(job: OpenJob): Promise<OpenResult>;
  /** Names a branch of a snapshot, or takes its name away; executes nothing. Throws as `execute`, and `branch_not_found`. */
  nameBranch(job: NameBranchJob): Promise<NamedBranch>;
  /**
   * Puts a preview into a file that does it again without a network, by doing so once. Throws as `execute`, and
   * `request_invalid` for one in which nothing has run yet.
   */
  export(job: ExportJob, watch: PreviewWatch): Promise<ExportedPreview>;
}

export interface PreviewWatch {
  signal: AbortSignal;
  /** Told of every event that is appended, of changes of branch, and of progress. */
  onFrame?: (frame: StreamFrame) => void;
}

/** How a sub-action ended (format.md 13). */
export type SubActionEnd = { complete: JsonObject } | { error: StoredError };

/** A snapshot whose signature has been checked. */
export interface OpenedSnapshot {
  gzip: Uint8Array;
  runId: string;
}

export interface Target {
  stepId: string;
  moduleName: string;
}

/** A definition as it arrived (format.md 1.1). */
export type SentWorkflow = { json: JsonObject } | { zip: Uint8Array; entryPoint?: string };

export type PreviewCommand =
  /** Begins; with a snapshot, reconciles it with the workflow as it is now. `force`: all anew, or the modules of these paths. */
  | { kind: 'start'; force: boolean | string[] }
  | { kind: 'respond'; interactionId: string; answer: InteractionAnswer; expectedSeq?: number; idempotencyKey?: string }
  | {
      kind: 'retry' | 'jump';
      stepId: string;
      moduleName: string;
      feedback?: string;
      groups?: string[];
      inputsOverride?: JsonObject;
      idempotencyKey?: string;
    }
  | { kind: 'resume' }
  | {
      kind: 'sub_action';
      interactionId: string;
      subActionId: string;
      params: JsonObject;
      feedback?: string;
      idempotencyKey?: string;
    }
  /** Goes on to another target. */
  | { kind: 'continue' }
  /** Back to a question as it was asked, on a new branch. */
  | { kind: 'reopen'; interactionId: string; idempotencyKey?: string }
  /** Returns to a branch and goes on there by that branch's own definition. */
  | { kind: 'switch'; branchId: string };

export interface ExecuteJob {
  userId: string;
  sessionId: string;
  workflow: SentWorkflow;
  snapshot: OpenedSnapshot | null;
  command: PreviewCommand;
  /** The branch that the client takes for the current one. */
  currentBranchId?: string;
  /** Where to stop; null: where the snapshot says, or at the end. */
  target: Target | null;
  /** Null: as the snapshot says. */
  mock: boolean | null;
  /** `sample`: questions before the target are answered by their smallest valid answer (format.md 11.5). */
  answers: 'ask' | 'sample';
  /** What is answered otherwise than by `mock`; given anew with each job (format.md 17.7, 17.8). */
  settings: PreviewSettings;
  /** False asks every question again. */
  autoReapply: boolean;
  /** Absent: as the preview was started. */
  capabilities?: readonly string[];
  aiConfig?: AiConfig;
}

export interface ExecuteResult {
  runId: string;
  response: WorkflowResponse;
  state: StateTree;
  mock: boolean;
  plan: PlanEntry[];
  /** The state after, to be signed. */
  gzip: Uint8Array;
  /** Of a sub-action: the data of its last frame, or how it failed. */
  subAction?: SubActionEnd;
}

/** A production run as it was copied. */
export interface OpenJob {
  userId: string;
  snapshot: OpenedSnapshot;
}

export interface OpenResult extends ExecuteResult {
  /** What the run goes on with, resolved. */
  definition: JsonObject;
  branches: BranchRow[];
  /** Up to where the run was taken. */
  opened: { branch_id: string; seq: number };
}

export interface NameBranchJob {
  userId: string;
  snapshot: OpenedSnapshot;
  branchId: string;
  name: string | null;
}

export interface NamedBranch {
  branch: BranchRow;
  currentBranchId: string;
  /** The state after, to be signed. */
  gzip: Uint8Array;
}

export interface ExportJob {
  userId: string;
  snapshot: OpenedSnapshot;
  /** What the preview shows, in a few words. */
  description?: string | undefined;
}

/** A preview in a file (`wfm replay`). */
export interface ExportedPreview {
  preview: SavedPreview;
  /** Modules that come out otherwise when the preview is done again at one instant, `step/module`. */
  differs: string[];
}

export type ReadQuery =
  | { kind: 'state' }
  | { kind: 'history'; limit: number; cursor?: string }
  | { kind: 'branches' }
  | { kind: 'compare'; a: string; b: string }
  | { kind: 'generations'; interactionId: string }
  /** A file that a module wrote, or a mock by its content's id. */
  | { kind: 'file'; fileId: string };

export interface ReadJob<Q extends ReadQuery> {
  userId: string;
  snapshot: OpenedSnapshot;
  query: Q;
}

export interface ReadAnswers {
  state: StateTree;
  history: Page<InteractionRecord>;
  branches: { branches: BranchRow[]; currentBranchId: string };
  compare: LineComparison;
  /** The map of format.md 15.4. */
  generations: JsonObject;
  file: { filename: string; contentType: 'text' | 'json' | 'binary'; mime?: string; data: Uint8Array };
}
