import type { InteractionAnswer, InteractionRequest, WorkflowResponse } from '@wfm/workflow-engine/models';

/** Work of an open question that is under way or has just ended (format.md 13). */
export interface Execution {
  readonly executionId: string;
  readonly subActionId: string;
  /** What was asked for; of media as format.md 13.6 has it. */
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  /** How many items it makes. */
  readonly expected?: number | undefined;
  readonly percent?: number | undefined;
  readonly message: string;
  /** In ms, as `Date.now` has them. */
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  readonly status: 'running' | 'completed' | 'failed' | 'cancelled';
  /** Why it failed. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** What a question needs from where it stands: the runner's run page and the editor's preview each have one. */
export interface InteractionHost {
  /** Where unsent answers belong: the run, or the preview. */
  readonly place: string;
  readonly userId: string;
  /** Sends an answer; the same key again gets the same outcome. Throws `ApiError`, and the signal's reason. */
  send(answer: InteractionAnswer, key: string, signal?: AbortSignal): Promise<WorkflowResponse>;
  startSubAction(wanted: {
    interaction_id: string;
    sub_action_id: string;
    params: Record<string, unknown>;
    feedback?: string;
  }): Promise<{ execution_id: string; expected?: number }>;
  cancelSubAction(executionId: string): Promise<void>;
  /** Keeps a file for an answer; gives what the answer says instead of it: `upload:<id>`. */
  upload(
    file: Blob,
    name: string,
    options?: { onProgress?: (share: number) => void; signal?: AbortSignal },
  ): Promise<string>;
  /** Resolution and cost before generating. */
  estimate?(wanted: unknown): Promise<unknown>;
  readonly executions: readonly Execution[];
}

/** An earlier try at the same question (ux.md U6). */
export interface Attempt {
  readonly request: InteractionRequest;
  /** What was asked for after it. */
  readonly feedback?: string | null | undefined;
}
