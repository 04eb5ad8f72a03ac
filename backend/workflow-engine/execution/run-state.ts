import type { StoredError } from '../errors/index.ts';
import type { EventOf, Origin, RunEvent, Warning } from '../events/run-event.ts';
import type { InteractionRequest } from '../models/interaction.ts';
import type { JsonObject } from '../models/json.ts';

/** Names a module of a run: its step and its name, joined by a character that neither may hold in JSON keys we build. */
export type ModuleKey = string;
export const moduleKey = (stepId: string, moduleName: string): ModuleKey => `${stepId}\u0000${moduleName}`;

/** Where an event stands, so that its data need not be carried in the fold. */
export interface EventPointer {
  branchId: string;
  seq: number;
}

export interface ModuleRecord {
  stepId: string;
  name: string;
  attempt: number;
  /** First event of this module on the line: what a fork cuts before. */
  firstSeq: number;
  startedSeq: number;
  inputHash: string;
  phase: 'started' | 'asked' | 'answered' | 'waiting' | 'task_finished' | 'completed' | 'failed';
  interactionId: string | null;
  completedSeq: number | null;
}

/** A question of the line, open or answered. */
export interface QuestionRecord {
  interactionId: string;
  key: ModuleKey;
  moduleId: string;
  requestedSeq: number;
  answer: {
    seq: number;
    time: string;
    by: string;
    idempotencyKey: string | null;
    event: 'answer' | 'retry' | 'jump';
  } | null;
}

/** One execution of a sub-action on the line (format.md 13). */
export interface SubActionRecord {
  executionId: string;
  subActionId: string;
  interactionId: string;
  idempotencyKey: string | null;
  expected: number;
  startedAt: string;
  /** `late`: it ended when its question was closed, and has changed nothing. */
  status: 'running' | 'completed' | 'late' | 'failed';
  endedSeq: number | null;
}

/** What the module that waits for an answer needs to go on: kept only while it waits. */
export interface OpenQuestion {
  interactionId: string;
  key: ModuleKey;
  request: InteractionRequest;
  prepared: unknown;
  response: JsonObject | null;
  /** Where the answer came from, once there is one. */
  origin: Origin | null;
  /** What the intake of the answer noticed; it is reported with the module's completion. */
  warnings: Warning[];
}

/** A task that the run waits for. `key` is empty for that of a sub-action's child run. */
export interface WaitingTask {
  taskId: string;
  key: ModuleKey;
  /** ISO instant at which it was enqueued. */
  since: string;
  /** What the module noticed before it waited; reported with its completion. */
  warnings: Warning[];
}

/** How a task has ended. */
export interface FinishedTask extends WaitingTask {
  status: EventOf<'task_finished'>['data']['status'];
  result: unknown;
  error: StoredError | null;
}

/** The retry or jump that made the current branch. */
export interface Fork {
  kind: EventOf<'branch_created'>['data']['kind'];
  target: ModuleKey | null;
  feedback: string | null;
  groups: string[] | null;
  inputsOverride: JsonObject | null;
  /** Of a reconciled line: whether answers are applied again, and which modules run whatever holds. */
  autoReapply: boolean;
  force: string[];
}

/** One earlier completion of a retried module, and what the person said about it (format.md 12.4). */
export interface RetryTurn {
  completed: EventPointer | null;
  feedback: string | null;
}

/** The fold of a branch's line: all that a run knows about itself. Values live in `flat`; the rest is small. */
export interface RunState {
  runId: string;
  branchId: string;
  lastSeq: number;
  versionId: string;
  created: EventOf<'workflow_created'>['data'];
  createdAt: string;
  /** Flat state (format.md 7), without a prototype. */
  flat: JsonObject;
  /** Branches of the line, the current one first. */
  branchIds: string[];
  stepsStarted: Set<string>;
  stepsCompleted: Set<string>;
  modules: Map<ModuleKey, ModuleRecord>;
  questions: Map<string, QuestionRecord>;
  /** In the order in which they were started. Replaced, never written into. */
  subActions: readonly SubActionRecord[];
  open: OpenQuestion | null;
  task: WaitingTask | null;
  /** The task that has ended and whose module has not: what its completion phase works on. */
  finished: FinishedTask | null;
  /** `inputs` of the module that has started and not ended, as recorded. */
  inputs: { key: ModuleKey; inputs: JsonObject } | null;
  ended: 'completed' | 'cancelled' | null;
  result: JsonObject | null;
  error: StoredError | null;
  failed: ModuleKey | null;
  /** Set once the line was left by a retry or a jump, until the new branch is current. */
  departure: EventOf<'retry_requested' | 'jump_requested'> | null;
  fork: Fork | null;
  retryTurns: Map<ModuleKey, RetryTurn[]>;
  /** Answers given on the lines that this one was forked from: offered again, never applied. */
  earlierAnswers: Map<ModuleKey, EventPointer>;
}

/** An event ready to be folded: large values read back, and for a retry the fold of the line that was left. */
export interface HydratedEvent {
  event: RunEvent;
  left?: RunState;
}

/**
 * A copy that can be folded further without touching the original. It costs time in proportion to the run's values.
 * Values and records are shared: a fold replaces them and never writes into them.
 */
export function copyState(state: RunState): RunState {
  return { ...successorOf(state), flat: Object.assign(Object.create(null) as JsonObject, state.flat) };
}

/**
 * The same with the very `flat` of the original, for whoever goes on with the line: copying its keys is most of what a
 * copy costs. Nobody may fold from the original after that; whoever still reads it may see later values.
 */
export function successorOf(state: RunState): RunState {
  return {
    ...state,
    stepsStarted: new Set(state.stepsStarted),
    stepsCompleted: new Set(state.stepsCompleted),
    modules: new Map(state.modules),
    questions: new Map(state.questions),
    retryTurns: new Map(state.retryTurns),
    earlierAnswers: new Map(state.earlierAnswers),
  };
}

const FORMAT = 4;

/** The text of a checkpoint. */
export function serialiseState(state: RunState): string {
  return JSON.stringify({
    format: FORMAT,
    ...state,
    stepsStarted: [...state.stepsStarted],
    stepsCompleted: [...state.stepsCompleted],
    modules: [...state.modules],
    questions: [...state.questions],
    retryTurns: [...state.retryTurns],
    earlierAnswers: [...state.earlierAnswers],
  });
}

type Listed<K extends keyof RunState> =
  RunState[K] extends Map<infer Key, infer Value>
    ? [Key, Value][]
    : RunState[K] extends Set<infer Item>
      ? Item[]
      : never;
type Serialised = Omit<
  RunState,
  'stepsStarted' | 'stepsCompleted' | 'modules' | 'questions' | 'retryTurns' | 'earlierAnswers'
> & {
  format: number;
} & { [K in 'stepsStarted' | 'stepsCompleted' | 'modules' | 'questions' | 'retryTurns' | 'earlierAnswers']: Listed<K> };

/** Reads a checkpoint; null when another engine wrote it in another form, which only costs a longer fold. */
export function parseState(text: string): RunState | null {
  const { format, ...raw } = JSON.parse(text) as Serialised;
  if (format !== FORMAT) return null;
  return {
    ...raw,
    flat: Object.assign(Object.create(null) as JsonObject, raw.flat),
    stepsStarted: new Set(raw.stepsStarted),
    stepsCompleted: new Set(raw.stepsCompleted),
    modules: new Map(raw.modules),
    questions: new Map(raw.questions),
    retryTurns: new Map(raw.retryTurns),
    earlierAnswers: new Map(raw.earlierAnswers),
  };
}
