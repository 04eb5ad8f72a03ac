import { isApiError } from '@wfm/shared/core';
import type { InteractionAnswer, Plan, VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import type { ExecuteOptions, Modes, PreviewRequest, Scenario, VirtualApi } from './virtual-api.ts';

/** What a preview shows besides the definition. */
export interface PreviewSettings {
  /** Modules that are not named are mocked. */
  readonly modes: Modes;
  readonly scenario: Scenario | null;
  /** Questions on the way: asked, or answered by the smallest valid answer. */
  readonly answers: 'ask' | 'sample';
  /** False: a changed workflow asks every question anew. */
  readonly autoReapply: boolean;
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
   * `waiting`: for typing to stop. `held`: it would call providers for real, and waits for a person to say so.
   * `unreachable`: the server is away, and asked again by itself. `unresolved`: what is written cannot be resolved, the
   * problems say why.
   */
  readonly phase: 'idle' | 'waiting' | 'running' | 'held' | 'settled' | 'failed' | 'unreachable' | 'unresolved';
  /** True from the first time that the server did not answer until it does again. */
  readonly away: boolean;
  /** While `held`: what running for real would do. */
  readonly plan: Plan | null;
  /** The newest result; kept while a newer one is made. */
  readonly response: VirtualWorkflowResponse | null;
  /** True while `response` is of an older text than what is written. */
  readonly stale: boolean;
  /** What a running execution tells. */
  readonly progress: string | null;
  readonly error: unknown;
  /** The run of production that it goes on from. */
  readonly runId: string | null;
  /** Why that could not be opened. */
  readonly runFault: unknown;
  /** Counts results, so that what changed with one can be shown. */
  readonly round: number;
}

const first: PreviewState = {
  phase: 'idle',
  away: false,
  plan: null,
  response: null,
  stale: false,
  progress: null,
  error: null,
  runId: null,
  runFault: null,
  round: 0,
};
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
  private answering: Promise<unknown> | null = null;
  /** Of those that wait for the same answer, the last one runs. */
  private turn = 0;
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
    const { phase, response } = this.state;
    const goesOn = phase === 'running' || phase === 'unreachable';
    this.set({ phase: goesOn ? phase : 'waiting', stale: response !== null });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), settleMs);
  }

  /**
   * Runs at once. `force` names modules that run again whatever holds, `true` begins from nothing. What would call
   * providers for real is held with its plan, unless `spend` says that it may (E13).
   */
  async run(force: boolean | readonly string[] = false, spend = false): Promise<void> {
    clearTimeout(this.timer);
    const turn = ++this.turn;
    await this.answering;
    const { wish } = this;
    if (!wish || turn !== this.turn) return;
    if (force === true) this.snapshot = null;
    await this.execute(wish, async (request, options) => {
      if (!spend && isReal(wish.settings)) {
        const plan = await this.api.plan({ ...request, force }, options.signal);
        if (spends(plan, wish.settings)) return { held: plan };
      }
      return this.api.execute('start', { ...request, force }, options);
    });
  }

  /**
   * Goes on from a run of production that is being opened: what is asked for meanwhile waits for it. Where it cannot be
   * opened, the preview begins anew, and `runFault` says why.
   */
  beginFrom(runId: string, opening: Promise<VirtualWorkflowResponse>): void {
    this.set({ runId, phase: 'running', runFault: null });
    const begun = opening
      .then(
        (response) => this.settle(response, false),
        (error: unknown) => this.set({ runId: null, runFault: error }),
      )
      .finally(() => {
        if (this.answering === begun) this.answering = null;
      });
    this.answering = begun;
  }

  /** Begins anew without the run that it went on from. */
  async leaveRun(): Promise<void> {
    this.set({ runId: null, runFault: null });
    await this.run(true);
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

  /** Retry, jump, resume: as production's routes, on the preview's own line. Throws as `respond`. */
  async command(
    path: 'respond' | 'retry' | 'jump' | 'resume',
    command: Readonly<Record<string, unknown>>,
  ): Promise<VirtualWorkflowResponse> {
    const runId = this.state.response?.virtual_run_id;
    return this.asCommand((request, options) =>
      this.api.execute(path, { ...request, virtual_run_id: runId, ...command }, options),
    );
  }

  /** Work of the open question that does not close it; the question is read anew after it. Throws as `respond`. */
  async subAction(
    command: Readonly<Record<string, unknown>>,
    onFrame?: (frame: { event: string; data: unknown }) => void,
  ): Promise<void> {
    await this.asCommand(async (request, { signal }) => {
      // Of several that were ordered at once each goes to the question as the one before has left it.
      const interaction_id = this.state.response?.interaction_request?.interaction_id;
      const done = await this.api.subAction(
        { ...request, ...command, interaction_id },
        { signal, ...(onFrame ? { onFrame } : {}) },
      );
      this.snapshot = done.virtual_db;
      return this.api.execute('start', { ...request, virtual_db: done.virtual_db }, { signal });
    });
  }

  /** One after the other, since each goes on from what the one before has left. */
  private async asCommand(
    work: (request: PreviewRequest, options: ExecuteOptions) => Promise<VirtualWorkflowResponse>,
  ): Promise<VirtualWorkflowResponse> {
    await this.answering?.catch(() => undefined);
    const { wish } = this;
    if (!wish || !this.state.response) throw new Error('nothing is previewed yet');
    let answer: VirtualWorkflowResponse | null = null;
    let refusal: unknown;
    const working = this.execute(
      wish,
      async (request, options) => (answer = await work(request, options)),
      (error) => {
        refusal = error;
        // The refusal is shown by whoever asked; the preview stands as it was.
        if (!isApiError(error, 'offline')) this.set({ phase: 'settled', progress: null });
        return !isApiError(error, 'offline');
      },
    );
    const current = working.finally(() => {
      if (this.answering === current) this.answering = null;
    });
    this.answering = current;
    await current;
    if (answer) return answer;
    throw refusal instanceof Error ? refusal : new DOMException('It was ended.', 'AbortError');
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
      options: ExecuteOptions,
    ) => Promise<VirtualWorkflowResponse | { readonly held: Plan }>,
    /** Takes a failure upon itself by answering true. */
    refused: (error: unknown) => boolean = () => false,
  ): Promise<void> {
    this.current?.abort();
    const current = new AbortController();
    this.current = current;
    this.set({ phase: this.state.away ? 'unreachable' : 'running', progress: null });
    const onFrame = ({ event, data }: { event: string; data: unknown }): void => {
      if (this.current === current) this.set({ progress: tellingOf(event, data) ?? this.state.progress });
    };
    try {
      const definition = await wish.definition();
      if (this.current !== current) return;
      if (definition === null) return this.set({ phase: 'unresolved', progress: null });
      const options = { signal: current.signal, onFrame };
      const done = await work(this.request(wish, definition), options).catch((error: unknown) => {
        // A snapshot that the server no longer takes (another engine, run out) is worth nothing: begin again without.
        if (this.snapshot === null || !isUnusable(error)) throw error;
        this.snapshot = null;
        return work(this.request(wish, definition), options);
      });
      if (this.current !== current) return;
      if ('held' in done) return this.set({ phase: 'held', away: false, plan: done.held, progress: null, error: null });
      this.settle(done, this.wish !== wish);
    } catch (error) {
      if (this.current !== current || isApiError(error, 'preview_superseded')) return;
      if (!refused(error)) this.failed(error);
    }
  }

  private settle(response: VirtualWorkflowResponse, stale: boolean): void {
    this.snapshot = response.virtual_db;
    const round = this.state.round + 1;
    this.set({ phase: 'settled', away: false, plan: null, response, stale, progress: null, error: null, round });
  }

  private failed(error: unknown): void {
    if (!isApiError(error, 'offline')) return this.set({ phase: 'failed', away: false, progress: null, error });
    this.set({ phase: 'unreachable', away: true, progress: null, error });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), askAgainMs);
  }

  private request({ target, settings }: PreviewWish, workflow: unknown): PreviewRequest {
    return {
      workflow,
      virtual_db: this.snapshot,
      ...(target ? { target_step_id: target.stepId, target_module_name: target.moduleName } : {}),
      mock: true,
      modes: settings.modes,
      ...(settings.scenario ? { scenario: settings.scenario } : {}),
      answers: settings.answers,
      auto_reapply: settings.autoReapply,
      preview_key: this.key,
    };
  }

  private set(change: Partial<PreviewState>): void {
    const before = this.state;
    if (Object.entries(change).every(([key, value]) => Object.is(before[key as keyof PreviewState], value))) return;
    this.state = { ...before, ...change };
    for (const listener of this.listeners) listener();
  }
}

const isReal = ({ modes }: PreviewSettings): boolean => Object.values(modes).includes('real');

/** True where carrying a plan out may call a provider: what depends on such a module is not known yet, and may too. */
function spends({ modules, likely_cost_usd: cost, cost_unknown: unknown }: Plan, { modes }: PreviewSettings): boolean {
  if (cost > 0 || unknown > 0) return true;
  return modules.some(
    ({ step_id, module_name, reason }) =>
      reason === 'depends_on_unknown' && modes[`${step_id}/${module_name}`] === 'real',
  );
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
