import type { z } from 'zod';
import type { Usage, Warning } from '../events/run-event.ts';
import type { ErrorCode } from '../errors/index.ts';
import type { ExecutionMode, RuleFailure } from '../models/execution.ts';
import type { InteractionAnswer, InteractionDraft, InteractionRequest } from '../models/interaction.ts';
import type { JsonObject } from '../models/json.ts';
import type { CallRecord } from '../ports/call-store.ts';
import type { ContentStore } from '../ports/content-store.ts';
import type { FileStore } from '../ports/file-store.ts';
import type { HttpClient } from '../ports/http-client.ts';
import type { KeywordStore } from '../ports/keyword-store.ts';
import type { LlmProvider } from '../ports/llm-provider.ts';
import type { MediaFiles } from '../ports/media-files.ts';
import type { MediaCatalogue } from '../ports/media-provider.ts';
import type { ContentRow, GenerationRow, MediaStore } from '../ports/media-store.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { AddonItem } from './addons/addon.ts';

/**
 * A module describes itself (architecture.md 3.6): one file each, from which validation, the editor's forms, the docs,
 * completion and mock data all come. Adding one is adding a file and a line to registry.ts.
 */

/** What a program does with media. */
export interface MediaHost {
  /** Where a client finds the bytes of a content. */
  urlOf(generation: GenerationRow, content: ContentRow): string;
  /** True in a preview, which keeps no bytes: its media are mocks, whatever the mode (format.md 17.6). */
  mock: boolean;
}

/** Everything outside that a module may ask for. It gets only what it declares in `ports`. */
export interface ModulePorts {
  llm: LlmProvider;
  http: HttpClient;
  files: FileStore;
  keywords: KeywordStore;
  tables: TableStore;
  content: ContentStore;
  /** What providers can make; asking for it is cheap and paid for by nobody. */
  catalogue: MediaCatalogue;
  /** Records of what was made. */
  media: MediaStore;
  mediaFiles: MediaFiles;
  mediaHost: MediaHost;
}
export type PortName = keyof ModulePorts;

/** One turn of the conversation of a retry (format.md 12.4). */
export interface ConversationTurn {
  role: 'assistant' | 'user';
  text: string;
}

/** Model settings, from the request, a module or the workflow's `config.ai_config`. `api_key` is only ever the request's. */
export interface AiConfig {
  provider?: string;
  model?: string;
  temperature?: number;
  max_tokens?: number;
  reasoning_effort?: string;
  api_key?: string;
}

export interface ModuleContext<P extends PortName = never> {
  /** Flat state (format.md 7) as it was when the module started. Never write to it. */
  readonly state: Readonly<JsonObject>;
  readonly stepId: string;
  readonly stepName: string;
  readonly moduleName: string;
  readonly moduleIndex: number;
  readonly workflowRunId: string;
  /** The run that media belong to (format.md 9.10): of a sub-action's child run, its parent. */
  readonly rootRunId: string;
  readonly branchId: string;
  /** The branches of the line, this one first. */
  readonly branchIds: readonly string[];
  readonly templateId: string | null;
  readonly userId: string;
  readonly config: Readonly<JsonObject>;
  readonly mode: ExecutionMode;
  /** The input hash: the seed of everything that would else be random. */
  readonly seed: string;
  /** Start of the module; the only time a module may show or store. */
  readonly now: Date;
  readonly timezone: string;
  readonly attempt: number;
  /** The same after a crash, another for a deliberate retry (format.md 10.3.7). */
  readonly idempotencyKey: string;
  readonly conversation: readonly ConversationTurn[];
  /** Sub-actions of the module's question, as written. */
  readonly subActions: readonly JsonObject[];
  readonly aiConfig: AiConfig;
  readonly signal: AbortSignal;
  readonly ports: Pick<ModulePorts, P>;
  /** Adds a warning to the module's events; the 21st and later are dropped. */
  warn(code: ErrorCode, message: string, params?: JsonObject, place?: string): void;
  /** Tells a watching person how far the work is; may be lost. */
  progress(update: { message?: string; percent?: number; delta?: string }): void;
  /** Keeps a call to the outside with the run; stored in the commit of the module's outcome. */
  recordCall(
    call: Pick<CallRecord, 'kind' | 'provider' | 'target' | 'request' | 'reply' | 'error' | 'usage' | 'duration_ms'>,
  ): void;
  /** Adds to the usage that the module's event reports. */
  addUsage(usage: Usage): void;
}

interface ModuleBase<I extends z.ZodObject, O extends z.ZodObject, P extends PortName> {
  /** Registry key: `transform.query`. */
  id: string;
  /** Raised when the same inputs would give other outputs. */
  revision: number;
  title: string;
  /** One line. */
  description: string;
  /** Titles and descriptions in it become the inspector's form. */
  inputs: I;
  outputs: O;
  ports?: readonly P[];
  /** Inputs that are the client's to render: never rendered here (format 2). */
  clientInputs?: readonly string[];
  /** Inputs that are display schemas (format.md 5.7). */
  displaySchemaInputs?: readonly string[];
  /** Required inputs for which null counts as a value (format.md 5.9). */
  nullableInputs?: readonly string[];
  /** What it reads besides its inputs, for the input hash (format.md 10.6): values by name. */
  reads?(inputs: z.output<I>, state: Readonly<JsonObject>): JsonObject;
  readsStores?: readonly StoreName[];
  writesStores?: readonly StoreName[];
  /** Checks of a definition that its schema cannot say, on inputs as written (templates and all); findings have their place within `inputs`. */
  check?(inputs: JsonObject, format?: 1 | 2): DefinitionFinding[];
  /** State keys it reads besides templates, where the definition shows them. */
  readsState?(inputs: JsonObject): string[];
}
export type StoreName = 'keywords' | 'files' | 'usage';

export interface DefinitionFinding {
  code: ErrorCode;
  /** Below `inputs`: `pipeline[2].$match`. */
  path: string;
  message: string;
  params?: JsonObject;
  severity?: 'error' | 'warning' | 'info';
}

/** `compute`: same inputs, same outputs, no effects. `effect`: asks the outside, or (`ownStore`) only our own store. */
export interface CallableModule<
  I extends z.ZodObject = z.ZodObject,
  O extends z.ZodObject = z.ZodObject,
  P extends PortName = PortName,
> extends ModuleBase<I, O, P> {
  kind: 'compute' | 'effect';
  /** Touches only our own store, so that mock mode runs it for real (format.md 14). */
  ownStore?: boolean;
  /** The module appends the conversation of a retry to what it asks; it is then part of the input hash. */
  usesConversation?: boolean;
  /** Longest run in ms before `module_timeout`; default by kind (format.md 23). */
  timeoutMs?: number;
  /** Fills in settings that the environment decides (the effective model), before the input hash is taken. Pure. */
  settle?(
    inputs: z.output<I>,
    environment: { aiConfig: AiConfig; config: Readonly<JsonObject>; llm: LlmProvider },
  ): z.output<I>;
  /** Mock data rules: fixed outputs, and JSON Schemas from which the others are drawn (format.md 17.2). Pure. */
  mock?(inputs: z.output<I>): { outputs?: JsonObject; schemas?: Record<string, unknown> };
  run(inputs: z.output<I>, context: ModuleContext<P>): Promise<z.input<O>> | z.input<O>;
}

/** What a worker is to do for a module; the engine adds ids and whose it is (format.md 21). */
export interface TaskDraft {
  /** Which actor of the worker does it. */
  actor: string;
  /** Whose limits it counts against. */
  provider: string;
  /** Stored with the task, so it holds no credential. */
  payload: JsonObject;
}

/** Long work for a worker: the run waits for the task, not a process. */
export interface JobModule<
  I extends z.ZodObject = z.ZodObject,
  O extends z.ZodObject = z.ZodObject,
  P extends PortName = PortName,
> extends ModuleBase<I, O, P> {
  kind: 'job';
  /** Checks what was asked and says what to do. May be called again under the same idempotency key, after a crash. */
  enqueue(inputs: z.output<I>, context: ModuleContext<P>): Promise<TaskDraft> | TaskDraft;
  /** Turns the task's result into outputs. */
  complete(result: JsonObject, inputs: z.output<I>, context: ModuleContext<P>): Promise<z.input<O>> | z.input<O>;
}

/** What becomes of an answer on intake: the canonical form that is stored, and what is wrong with it. */
export interface Intake {
  response: JsonObject;
  failures: RuleFailure[];
  warnings: Warning[];
  /** The answer asks to leave the line instead of answering (a trigger keyword, a legacy menu entry). */
  departure?: { mode: 'retry' | 'jump'; optionId?: string };
}

export interface Question {
  request: InteractionRequest;
  prepared: unknown;
}

/** Asks a person. The engine adds ids, options and rules to the draft; the module knows its own kind of answer. */
export interface InteractiveModule<
  I extends z.ZodObject = z.ZodObject,
  O extends z.ZodObject = z.ZodObject,
  P extends PortName = PortName,
> extends ModuleBase<I, O, P> {
  kind: 'interactive';
  /**
   * An effect that the question needs before it can be asked. Its result is stored with the question and never made
   * again while what it was made of is unchanged (format.md 10.6, 10.7.5).
   */
  prepare?: {
    /** The part of the inputs that decides it. Pure. */
    madeOf(inputs: z.output<I>): JsonObject;
    /** JSON Schema of the result, from which a preview draws one. */
    schema(inputs: z.output<I>, context: Pick<ModuleContext<P>, 'ports'>): JsonObject;
    run(inputs: z.output<I>, context: ModuleContext<P>): Promise<JsonObject>;
    timeoutMs?: number;
  };
  /** The module appends the conversation of a retry to what it prepares. */
  usesConversation?: boolean;
  /** The question, or outputs at once when there is nothing to ask. `prepared` is there where `prepare` is. */
  request(
    inputs: z.output<I>,
    context: ModuleContext<P>,
    prepared?: JsonObject,
  ):
    | Promise<{ draft: InteractionDraft } | { outputs: z.input<O> }>
    | { draft: InteractionDraft }
    | { outputs: z.input<O> };
  /**
   * Canonicalises and checks an answer; pure but for ports that it declares (uploads). Throws `response_invalid` for an
   * answer that is not of this type at all.
   */
  intake(answer: InteractionAnswer, question: Question, context: ModuleContext<P>): Promise<Intake> | Intake;
  /** Turns the stored answer into outputs. */
  complete(
    response: JsonObject,
    inputs: z.output<I>,
    question: Question,
    context: ModuleContext<P>,
  ): Promise<z.input<O>> | z.input<O>;
  /**
   * The items of its question that addons mark (format.md 16), with a stored answer those that it chose. A module
   * without it takes no addons.
   */
  addonItems?(draft: InteractionDraft, response?: JsonObject): AddonItem[];
  /**
   * Work that a `self_sub_action` of its open question starts (format.md 13): what it gives is mapped into state. A
   * module without it has none.
   */
  subAction?(
    context: ModuleContext<P>,
    params: JsonObject,
    asked: { inputs: z.output<I>; question: Question },
  ): Promise<JsonObject> | JsonObject;
  /** The same for work that takes long: it is done by a worker, and the task's result is mapped into state. */
  subActionTask?(
    context: ModuleContext<P>,
    params: JsonObject,
    asked: { inputs: z.output<I>; question: Question },
  ): Promise<TaskDraft>;
  /** What of its open question changes by its sub-actions, read anew; never computes what was prepared. */
  refresh?(question: Question, context: ModuleContext<P>): Promise<InteractionRequest>;
  /** How many items such work will make, told before it begins; 1 by default. */
  expectedItems?(params: JsonObject): number;
  /** The smallest valid answer, always the same (format.md 11.5). */
  sample(question: Question): InteractionAnswer;
}

export type Module = CallableModule | InteractiveModule | JobModule;

/**
 * Keeps the types of one module's own schemas while it is written, and gives the registry a uniform type: the engine
 * parses inputs by `module.inputs` before every call, so the narrower signature is met.
 */
export function defineModule<I extends z.ZodObject, O extends z.ZodObject, P extends PortName = never>(
  module: CallableModule<I, O, P> | InteractiveModule<I, O, P> | JobModule<I, O, P>,
): Module {
  return module;
}
