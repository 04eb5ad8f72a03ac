import { isApiError } from '@wfm/shared/core';
import type { InteractionAnswer, Plan, VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import type { Modes, PreviewRequest, Scenario, VirtualApi } from './virtual-api.ts';

/** What a preview shows besides the definition. */
export interface PreviewSettings {
  readonly mock: boolean;
  readonly modes: Modes;
  readonly scenario: Scenario | null;
  /** Questions on the way: asked, or answered by the smallest valid answer. */
  readonly answers: 'ask' | 'sample';
}

/** The module up to which the preview goes; null for the end. */
export interface PreviewTarget {
  readonly stepId: string;
  readonly moduleName: string;
}

/** What is to be previewed. `definition` resolves the document when it is its turn; null where it cannot be resolved. */
export interface PreviewWish {
  definition(): Promise<unknown>;
  readonly target: PreviewTarget | null;
  readonly settings: PreviewSettings;
}

export interface PreviewState {
  /**
   * `waiting`: for typing to stop. `unreachable`: the server is away, and asked again by itself. `unresolved`: what is
   * written cannot be resolved, the problems say why.
   */
  readonly phase: 'idle' | 'waiting' | 'running' | 'settled' | 'failed' | 'unreachable' | 'unresolved';
  /** The newest result; kept while a newer one is made. */
  readonly response: VirtualWorkflowResponse | null;
  /** True while `response` is of an older text than what is written. */
  readonly stale: boolean;
  /** What a running execution tells. */
  readonly progress: string | null;
  readonly error: unknown;
  /** Counts results, so that what changed with one can be shown. */
  readonly round: number;
}

const first: PreviewState = { phase: 'idle', response: null, stale: false, progress: null, error: null, round: 0 };
/** From the last keystroke to the request (ux.md E12). */
const settleMs = 150;
const askAgainMs = 2_000;

/**
 * One editor tab's preview: an edit runs again what it touched once typing stops, a newer edit ends the older run, and
 * the result before stays in sight, marked stale. Answers are kept in the server's snapshot, which goes along.
 */
export class PreviewSession {
  private state = first;
  private readonly listeners = new Set<() => void>();
  private wish: PreviewWish | null = null;
  private snapshot: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private current: AbortController | null = null;
  /** An answer on its way is not ended by an edit: the edit waits. */
  private answering: Promise<void> | null = null;
  private readonly api: VirtualApi;
  private readonly key: string;

  constructor(api: VirtualApi, key: string) {
    this.api = api;
    this.key = key;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getState = (): PreviewState => this.state;

  /** The document, the target or the settings have changed. */
  edited(wish: PreviewWish): void {
    this.wish = wish;
    this.set({ phase: this.state.phase === 'running' ? 'running' : 'waiting', stale: this.state.response !== null });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), settleMs);
  }

  /** Runs at once; `force` names modules that run again whatever holds, `true` begins from nothing. */
  async run(force: boolean | readonly string[] = false): Promise<void> {
    clearTimeout(this.timer);
    await this.answering;
    const { wish } = this;
    if (!wish) return;
    if (force === true) this.snapshot = null;
    await this.execute(wish, (request, options) => this.api.execute('start', { ...request, force }, options));
  }

  /** Begins from a snapshot that came from elsewhere: a run of production, a saved preview. */
  begin(snapshot: string, response: VirtualWorkflowResponse): void {
    this.snapshot = snapshot;
    this.set({ phase: 'settled', response, stale: false, error: null, round: this.state.round + 1 });
  }

  /** Answers the open question. Throws the refusal; the preview then stands as it was. */
  async respond(
    interactionId: string,
    response: InteractionAnswer,
    idempotencyKey: string,
  ): Promise<VirtualWorkflowResponse> {
    const command = { interaction_id: interactionId, response, idempotency_key: idempotencyKey };
    return this.command('respond', command);
  }

  /** Retry, jump, resume: as production's routes, on the preview's own line. */
  async command(
    path: 'respond' | 'retry' | 'jump' | 'resume',
    command: Readonly<Record<string, unknown>>,
  ): Promise<VirtualWorkflowResponse> {
    const { wish } = this;
    const runId = this.state.response?.virtual_run_id;
    if (!wish || runId === undefined) throw new Error('nothing is previewed yet');
    let answer: VirtualWorkflowResponse | null = null;
    const work = this.execute(wish, async (request, options) => {
      answer = await this.api.execute(path, { ...request, virtual_run_id: runId, ...command }, options);
      return answer;
    });
    this.answering = work.finally(() => (this.answering = null));
    await this.answering;
    if (answer) return answer;
    throw this.state.error;
  }

  /** Work of the open question that does not close it; the question is read anew after it. */
  async subAction(
    command: Readonly<Record<string, unknown>>,
    onFrame?: (frame: { event: string; data: unknown }) => void,
  ) {
    const { wish } = this;
    if (!wish) throw new Error('nothing is previewed yet');
    await this.execute(wish, async (request, { signal }) => {
      const done = await this.api.subAction({ ...request, ...command }, { signal, ...(onFrame ? { onFrame } : {}) });
      return this.api.execute('start', { ...request, virtual_db: done.virtual_db }, { signal });
    });
    if (this.state.phase !== 'settled') throw this.state.error;
  }

  /** What running would do and cost, and nothing more (E13). */
  async plan(settings: PreviewSettings, signal: AbortSignal): Promise<Plan> {
    const { wish } = this;
    if (!wish) throw new Error('nothing is previewed yet');
    return this.api.plan(this.request({ ...wish, settings }, await wish.definition()), signal);
  }

  /** Ends what runs. Closing the request is what ends it (api.md). */
  cancel(): void {
    clearTimeout(this.timer);
    this.current?.abort();
    this.current = null;
    this.set({ phase: this.state.response ? 'settled' : 'idle', progress: null });
  }

  private async execute(
    wish: PreviewWish,
    work: (
      request: PreviewRequest,
      options: { signal: AbortSignal; onFrame: (frame: { event: string; data: unknown }) => void },
    ) => Promise<VirtualWorkflowResponse>,
  ): Promise<void> {
    this.current?.abort();
    const current = new AbortController();
    this.current = current;
    this.set({ phase: 'running', progress: null });
    const onFrame = ({ event, data }: { event: string; data: unknown }): void => {
      if (this.current === current) this.set({ progress: tellingOf(event, data) });
    };
    try {
      const definition = await wish.definition();
      if (this.current !== current) return;
      if (definition === null) return this.set({ phase: 'unresolved', progress: null });
      const options = { signal: current.signal, onFrame };
      const response = await work(this.request(wish, definition), options).catch((error: unknown) => {
        // A snapshot that the server no longer takes (another engine, run out) is worth nothing: begin again without.
        if (this.snapshot === null || !isUnusable(error)) throw error;
        this.snapshot = null;
        return this.api.execute('start', this.request(wish, definition) as never, options);
      });
      if (this.current !== current) return;
      this.snapshot = response.virtual_db;
      const stale = this.wish !== wish && this.wish !== null;
      this.set({ phase: 'settled', response, stale, progress: null, error: null, round: this.state.round + 1 });
    } catch (error) {
      if (this.current !== current || isApiError(error, 'preview_superseded')) return;
      this.failed(error);
    }
  }

  private failed(error: unknown): void {
    if (!isApiError(error, 'offline')) return this.set({ phase: 'failed', progress: null, error });
    this.set({ phase: 'unreachable', progress: null, error });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), askAgainMs);
  }

  private request({ target, settings }: PreviewWish, workflow: unknown): PreviewRequest {
    return {
      workflow,
      virtual_db: this.snapshot,
      ...(target ? { target_step_id: target.stepId, target_module_name: target.moduleName } : {}),
      mock: settings.mock,
      modes: settings.modes,
      ...(settings.scenario ? { scenario: settings.scenario } : {}),
      answers: settings.answers,
      preview_key: this.key,
    };
  }

  private set(change: Partial<PreviewState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

function isUnusable(error: unknown): boolean {
  if (!isApiError(error)) return false;
  const { code } = error.problem;
  return code.startsWith('snapshot_') && code !== 'snapshot_too_large';
}

function tellingOf(event: string, data: unknown): string | null {
  const { message, module_name: name } = (data ?? {}) as { message?: unknown; module_name?: unknown };
  if (event === 'progress' && typeof message === 'string') return message;
  return typeof name === 'string' ? name : null;
}
