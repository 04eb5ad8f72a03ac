import type { CompiledVersion } from '../definition/compile-version.ts';
import type { EventDraft, Origin } from '../events/run-event.ts';
import type { ExecutionMode, WorkflowResponse } from '../models/execution.ts';
import type { InteractionAnswer } from '../models/interaction.ts';
import type { JsonObject } from '../models/json.ts';
import type { AiConfig } from '../modules/module.ts';
import type { RunRow } from '../ports/run-store.ts';
import type { Target } from './next.ts';
import type { Switch } from './reconcile/switch.ts';
import type { RunState } from './run-state.ts';
import type { RunIdentity } from './workflow-context.ts';

/** Who asks, and how long the answer may take. */
export interface Caller {
  userId: string;
  /** Tells two sessions of one person apart in "answered in another tab". */
  sessionId: string;
  /** How long to wait until the run needs someone, in ms; Infinity where the request is the execution. */
  waitMs: number;
  /** Where the execution shall stop; previews only. */
  target?: Target;
  /** Ends the execution itself; only where the request is the execution. */
  signal?: AbortSignal;
  /** Monotonic instant after which the execution stops between two modules; previews only. */
  until?: number;
  /** The request's model settings; a key in them lives as long as the execution. */
  aiConfig?: AiConfig;
}

export interface StartRun extends Caller {
  projectName: string;
  versionId: string;
  templateId: string | null;
  templateName: string;
  mode: ExecutionMode;
  /** As the start named them, kept with the run (format.md 20). */
  capabilities?: readonly string[];
  forceNew?: boolean;
  idempotencyKey?: string;
}

export interface Respond extends Caller {
  runId: string;
  interactionId: string;
  answer: InteractionAnswer;
  expectedSeq?: number;
  /** The branch that the caller takes for the current one (format.md 9.3). */
  currentBranchId?: string;
  idempotencyKey?: string;
  /** Of an answer that no person gave; previews only. */
  origin?: Origin;
}

export interface Depart extends Caller {
  runId: string;
  stepId: string;
  moduleName: string;
  mode: 'retry' | 'jump';
  feedback?: string;
  groups?: string[];
  inputsOverride?: JsonObject;
  currentBranchId?: string;
  idempotencyKey?: string;
}

/** A run with everything needed to act on it. */
export interface LoadedRun {
  row: RunRow;
  state: RunState;
  version: CompiledVersion;
  identity: RunIdentity;
}

/** Moves a run to a version, reusing what still holds (format.md 10.7). */
export interface Reconcile extends Caller {
  runId: string;
  versionId: string;
  /** The plan that was shown; another head, version or target is `plan_stale`. */
  planId?: string;
  /** False asks every question again. */
  autoReapply?: boolean;
  /** Paths of modules that run again whatever holds. */
  force?: readonly string[];
}

export interface Reopen extends Caller {
  runId: string;
  interactionId: string;
  currentBranchId?: string;
  idempotencyKey?: string;
}

export interface SwitchBranch extends Caller {
  runId: string;
  branchId: string;
}

/** What a command wants of a run: an event to append, an answer at once, or only that somebody executes it. */
export interface Decision {
  event?: EventDraft;
  answer?: WorkflowResponse;
  replayed?: boolean;
  /** Moves the run to another version, on a new line where the old one does not hold. */
  switchTo?: { switched: Switch; version: CompiledVersion; identity: RunIdentity };
  /** Ends live work of this process, whose result nobody wants any more. */
  interrupt?: boolean;
  /** The run as it stands on another of its branches, which the event makes current (format.md 9.9). */
  returnTo?: LoadedRun;
}
