import type { VirtualDatabase, VirtualStorage } from '@wfm/db';
import {
  type AiConfig,
  type LoadedRun,
  type ModuleRegistry,
  stateTree,
  type StreamFrame,
  WorkflowProcessor,
} from '@wfm/workflow-engine';
import type { RunEvent } from '@wfm/workflow-engine/events';
import type { StateTree } from '@wfm/workflow-engine/models';
import { createPreviewAnswerer, type PreviewSettings } from '@wfm/workflow-engine/mock';
import type { Clock, HttpClient, Ids, LlmProvider } from '@wfm/workflow-engine/ports';
import type { OpenedSnapshot, SubActionEnd, Target } from './preview-host.ts';
import { watchedRuns } from './watched-runs.ts';

/** What executing needs from outside; a program hands it in. */
export interface HostOptions {
  storage: VirtualStorage;
  registry: ModuleRegistry;
  llm: LlmProvider;
  http: HttpClient;
  clock: Clock;
  ids: Ids;
  /** The engine's version. */
  engine: string;
  /** Shorter limits, for tests; format.md 23 by default. */
  limits?: { wallMs: number; totalMs: number };
}

export interface SessionOptions extends Pick<HostOptions, 'registry' | 'llm' | 'http' | 'clock' | 'ids' | 'engine'> {
  userId: string;
  /** None where nothing is executed. */
  settings?: PreviewSettings;
  onFrame?: ((frame: StreamFrame) => void) | undefined;
}

/** The engine over one throw-away database, for one request. */
export class PreviewSession {
  readonly database: VirtualDatabase;
  readonly processor: WorkflowProcessor;
  readonly #userId: string;
  readonly #onFrame: ((frame: StreamFrame) => void) | undefined;
  /** How the sub-action of this request ended. */
  subAction: SubActionEnd | null = null;
  #runId: string | null = null;
  #stopProgress: () => void = () => undefined;

  constructor(database: VirtualDatabase, options: SessionOptions) {
    const { registry, llm, http, clock, ids, engine, userId, settings, onFrame } = options;
    this.database = database;
    this.#userId = userId;
    this.#onFrame = onFrame;
    this.processor = new WorkflowProcessor({
      database: { ...database, runs: watchedRuns(database.runs, (frame) => this.#pass(frame)) },
      registry,
      llm,
      http,
      clock,
      ids,
      engine,
      executor: 'preview',
      answerer: createPreviewAnswerer({ ...settings, clock }),
    });
  }

  /** Opens a database from a snapshot. Throws the refusals of `VirtualStorage.open`. */
  static async open(
    storage: VirtualStorage,
    snapshot: OpenedSnapshot,
    options: SessionOptions,
  ): Promise<{ session: PreviewSession; target: Target | null }> {
    const { database, head } = await storage.open(snapshot.gzip, { userId: options.userId, runId: snapshot.runId });
    const session = new PreviewSession(database, options);
    session.#follow(snapshot.runId);
    const target = head.target ? { stepId: head.target.step_id, moduleName: head.target.module_name } : null;
    return { session, target };
  }

  /** The run, once there is one. */
  get runId(): string | null {
    return this.#runId;
  }

  /** The run with its fold. */
  async load(aiConfig?: AiConfig): Promise<LoadedRun> {
    const own = { runId: this.#runId ?? '', userId: this.#userId };
    return this.processor.load(aiConfig ? { ...own, aiConfig } : own);
  }

  /** The events of the current line as they are stored. */
  async line(run: LoadedRun): Promise<RunEvent[]> {
    return this.database.runs.readLine({
      runId: run.row.workflow_run_id,
      branchId: run.state.branchId,
      afterSeq: -1,
    });
  }

  /** `/state` of the run; files have no address here, their bytes come from `/workflow/files`. */
  async stateTree(run: LoadedRun): Promise<StateTree> {
    return stateTree(this.processor, run, () => null);
  }

  /** Tells whoever watches this request of something that is not in the run's log. */
  tell(frame: StreamFrame): void {
    this.#onFrame?.(frame);
  }

  close(): void {
    this.#stopProgress();
  }

  #pass(frame: StreamFrame): void {
    // The first thing that a new run stores tells its id.
    if (this.#runId === null) this.#follow((frame.data as RunEvent).workflow_run_id);
    this.#onFrame?.(frame);
  }

  #follow(runId: string): void {
    this.#runId = runId;
    const onFrame = this.#onFrame;
    if (!onFrame) return;
    this.#stopProgress = this.processor.progress.subscribe(runId, (data) => onFrame({ event: 'progress', data }));
  }
}
