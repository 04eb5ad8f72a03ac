import { ApiError, callPreview, type Problem, readFrames, type StreamFrame } from '@wfm/shared/core';
import type { InteractionAnswer, Plan, VirtualWorkflowResponse } from '@wfm/workflow-engine/models';

/** The preview server's routes (api.md, Virtual server), as the editor asks them. Everything throws `ApiError`. */

/** How single modules are answered, over `mock` (format.md 17.7). */
export type Modes = Readonly<Record<string, 'mock' | 'real' | { readonly pinned: Readonly<Record<string, unknown>> }>>;

/** A named course of events (format.md 17.8). */
export interface Scenario {
  readonly name: string;
  readonly modules: Readonly<
    Record<
      string,
      {
        readonly output?: Readonly<Record<string, unknown>>;
        readonly answer?: InteractionAnswer;
        readonly fail?: 'timeout' | 'rate_limited' | 'malformed' | 'slow' | 'worker_lost';
        readonly times?: number;
      }
    >
  >;
}

/** What every executing request says. */
export interface PreviewRequest {
  /** The resolved definition. */
  readonly workflow: unknown;
  readonly virtual_db: string | null;
  readonly target_step_id?: string | undefined;
  readonly target_module_name?: string | undefined;
  readonly mock: boolean;
  readonly modes?: Modes | undefined;
  readonly scenario?: Scenario | undefined;
  readonly answers?: 'ask' | 'sample' | undefined;
  readonly auto_reapply?: boolean | undefined;
  readonly capabilities?: readonly string[] | undefined;
  /** One per editor tab: a newer request ends the older. */
  readonly preview_key: string;
}

export interface ExecuteOptions {
  readonly signal: AbortSignal;
  /** Events of the log as they happen, and `progress`. */
  onFrame?(frame: StreamFrame): void;
}

type Execution = 'start' | 'respond' | 'retry' | 'jump' | 'resume' | 'resume/confirm';

export interface VirtualApi {
  execute(
    path: Execution,
    body: PreviewRequest & Readonly<Record<string, unknown>>,
    options: ExecuteOptions,
  ): Promise<VirtualWorkflowResponse>;
  plan(body: PreviewRequest & Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Plan>;
  /** Its last frame: the result, and the state after it. */
  subAction(
    body: PreviewRequest & Readonly<Record<string, unknown>>,
    options: ExecuteOptions,
  ): Promise<{ virtual_db: string }>;
  /** Any route that reads a snapshot: `state`, `interaction-history`, `branches`, `generations`, `media/preview`, `export`. */
  read<T>(path: string, body: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<T>;
  /** A run of production as a preview (format.md 22). */
  open(
    body: { workflow_run_id: string; up_to_seq?: number },
    signal?: AbortSignal,
  ): Promise<VirtualWorkflowResponse & { definition: unknown }>;
  /** The engine's version. */
  engine(signal?: AbortSignal): Promise<string>;
}

/** The preview server over HTTP; executions are read as streams, so that a long one shows how far it is. */
export function virtualApi(): VirtualApi {
  return {
    execute: (path, body, options) => streamed<VirtualWorkflowResponse>(`/workflow/${path}`, body, options),
    plan: (body, signal) => posted<Plan>('/workflow/plan', withoutKey(body), signal),
    subAction: (body, options) => streamed<{ virtual_db: string }>('/workflow/sub-action', body, options),
    read: (path, body, signal) => posted(`/workflow/${path}`, body, signal),
    open: (body, signal) => posted('/workflow/open', body, signal),
    async engine(signal) {
      const reply = await callPreview('/health', signal ? { signal } : {});
      return ((await reply.json()) as { engine: string }).engine;
    },
  };
}

/** A plan executes nothing, so it must not end what does. */
function withoutKey(body: PreviewRequest): Omit<PreviewRequest, 'preview_key'> {
  const { preview_key: _key, ...rest } = body;
  return rest;
}

async function posted<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const reply = await callPreview(path, { method: 'POST', body, ...(signal ? { signal } : {}) });
  return (await reply.json()) as T;
}

async function streamed<T>(path: string, body: unknown, options: ExecuteOptions): Promise<T> {
  const { signal } = options;
  const headers = { accept: 'text/event-stream' };
  const response = await callPreview(path, { method: 'POST', body, headers, signal });
  let whole: T | undefined;
  let refused: ApiError | undefined;
  await readFrames(response, (frame) => {
    if (frame.event === 'complete') whole = frame.data as T;
    else if (frame.event === 'error') refused = new ApiError(frame.data as Problem);
    else options.onFrame?.(frame);
  });
  if (refused) throw refused;
  if (whole === undefined) throw cutOff();
  return whole;
}

/** The stream ended before its last frame: the server went away in the middle. */
function cutOff(): ApiError {
  const detail = 'The preview server went away in the middle. It is asked again when it is back.';
  return new ApiError({ code: 'offline', params: {}, title: 'No connection', status: 0, detail, errors: [] });
}
