import type { SnapshotHead, VirtualDatabase, VirtualStorage } from '@wfm/db';
import {
  type AiConfig,
  type LoadedRun,
  type MediaHost,
  type ModuleRegistry,
  mediaTree,
  stateTree,
  type StreamFrame,
  WorkflowProcessor,
} from '@wfm/workflow-engine';
import type { RunEvent } from '@wfm/workflow-engine/events';
import { contentUrl, type StateTree } from '@wfm/workflow-engine/models';
import { createMockWorker, createPreviewAnswerer, type PreviewSettings } from '@wfm/workflow-engine/mock';
import type { Clock, HttpClient, Ids, LlmProvider, MediaCatalogue } from '@wfm/workflow-engine/ports';
import type { OpenedSnapshot, SubActionEnd, Target } from './preview-host.ts';
import { watchedRuns } from './watched-runs.ts';

/** Records of media that the tree of files shows, the oldest; the questions themselves show theirs. */
const MEDIA_SHOWN = 500;

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
  /** What providers could make, and the address of a mock; without it media modules find no provider. */
  media?: { catalogue: MediaCatalogue; urlOf: MediaHost['urlOf'] };
  /** Shorter limits, for tests; format.md 23 by default. */
  limits?: { wallMs: number; totalMs: number };
}

export interface SessionOptions
  extends Pick<HostOptions, 'registry' | 'llm' | 'http' | 'clock' | 'ids' | 'engine' | 'media'> {
  userId: string;
  /** None where nothing is executed. */
  settings?: PreviewSettings;
  /** Whether an opened run goes on with mocks; null: it does. Any other run keeps the mode that it began with. */
  mock?: boolean | null;
  onFrame?: ((frame: StreamFrame) => void) | undefined;
}

/** The engine over one throw-away database, for one request. */
export class PreviewSession {
  readonly database: VirtualDatabase;
  readonly processor: WorkflowProcessor;
  /** Of an opened production run: up to where it was taken (format.md 22). */
  readonly opened: SnapshotHead['opened'];
  readonly #userId: string;
  readonly #mock: boolean | null;
  readonly #urlOf: MediaHost['urlOf'];
  readonly #onFrame: ((frame: StreamFrame) => void) | undefined;
  /** How the sub-action of this request ended. */
  subAction: SubActionEnd | null = null;
  #runId: string | null = null;
  #stopProgress: () => void = () => undefined;

  constructor(database: VirtualDatabase, options: SessionOptions, opened?: SnapshotHead['opened']) {
    const { registry, llm, http, clock, ids, engine, media, userId, settings, onFrame, mock = null } = options;
    this.database = database;
    this.opened = opened;
    this.#userId = userId;
    this.#mock = mock;
    this.#onFrame = onFrame;
    this.#urlOf = media?.urlOf ?? ((_generation, content) => contentUrl(content));
    this.processor = new WorkflowProcessor({
      database: { ...database, runs: watchedRuns(database.runs, (frame) => this.#pass(frame)) },
      registry,
      llm,
      http,
      clock,
      ids,
      engine,
      executor: 'preview',
      // Orders are checked as in production, and no bytes are kept (format.md 17.5).
      ...(media ? { media: { catalogue: media.catalogue, host: { urlOf: media.urlOf, mock: true } } } : {}),
      answerer: {
        ...createPreviewAnswerer({
          ...settings,
          clock,
          newMode: opened && (mock === false ? 'real' : 'mock'),
          ...(media ? { worker: createMockWorker({ media: database.media, clock, host: media }) } : {}),
        }),
        ...(opened ? { copy: opened.copy } : {}),
      },
    });
  }

  /** Opens a database from a snapshot. Throws the refusals of `VirtualStorage.open`. */
  static async open(
    storage: VirtualStorage,
    snapshot: OpenedSnapshot,
    options: SessionOptions,
  ): Promise<{ session: PreviewSession; target: Target | null }> {
    const { database, head } = await storage.open(snapshot.gzip, { userId: options.userId, runId: snapshot.runId });
    const session = new PreviewSession(database, options, head.opened);
    session.#follow(snapshot.runId);
    const target = head.target ? { stepId: head.target.step_id, moduleName: head.target.module_name } : null;
    return { session, target };
  }

  /** Where a client finds the bytes of a content. */
  get urlOf(): MediaHost['urlOf'] {
    return this.#urlOf;
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

  /** True where effects are answered by mocks, unless a module has a mode of its own. */
  isMock({ row }: LoadedRun): boolean {
    return this.opened ? this.#mock !== false : row.mode === 'mock';
  }

  /** The state to be carried on, not signed yet. Throws `snapshot_too_large`. */
  async export(runId: string, target: Target | null, engine: string): Promise<Buffer> {
    return this.database.export({
      engine,
      user_id: this.#userId,
      virtual_run_id: runId,
      target: target ? { step_id: target.stepId, module_name: target.moduleName } : null,
      ...(this.opened ? { opened: this.opened } : {}),
    });
  }

  /** The events of the current line as they are stored. */
  async line(run: LoadedRun): Promise<RunEvent[]> {
    return this.database.runs.readLine({
      runId: run.row.workflow_run_id,
      branchId: run.state.branchId,
      afterSeq: -1,
    });
  }

  /** `/state` of the run; files have no address here, their bytes come from `/workflow/files`; media have one. */
  async stateTree(run: LoadedRun): Promise<StateTree> {
    const tree = await stateTree(this.processor, run, () => null);
    const { media } = this.database;
    const { items } = await media.list({ runId: run.row.workflow_run_id, limit: MEDIA_SHOWN });
    const generations = new Map(items.map(({ generation }) => [generation.metadata_id, generation]));
    const shown = mediaTree(items, (content) => {
      const generation = generations.get(content.metadata_id);
      return generation ? this.#urlOf(generation, content) : null;
    });
    return { ...tree, files: { ...tree.files, ...shown } };
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
