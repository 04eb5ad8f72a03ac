import { isWfmError, type StoredError, toStoredError } from '@wfm/workflow-engine/errors';
import type { Usage } from '@wfm/workflow-engine/events';
import {
  type CallRecord,
  costInUsd,
  type MediaContext,
  type MediaResult,
  roundUsd,
  type TaskRow,
} from '@wfm/workflow-engine/ports';
import type { MediaActorParts } from './media-parts.ts';

type Call = Parameters<MediaContext['recordCall']>[0];

/** Calls to a vendor that one turn has made, kept with the run when the turn ends. */
export class CallLog {
  readonly #parts: Pick<MediaActorParts, 'calls' | 'ids' | 'clock' | 'log'>;
  readonly #task: TaskRow;
  readonly #secret: string | null;
  #calls: CallRecord[] = [];

  /** `secret`: the key in use. Providers leave it out; what slips through is cut out here. */
  constructor(parts: Pick<MediaActorParts, 'calls' | 'ids' | 'clock' | 'log'>, task: TaskRow, secret: string | null) {
    this.#parts = parts;
    this.#task = task;
    this.#secret = secret;
  }

  add({ target, request, reply, error, duration_ms }: Call): void {
    const { workflow_run_id, branch_id, step_id, module_name, provider } = this.#task;
    const record: CallRecord = {
      call_id: this.#parts.ids.uuid(),
      workflow_run_id,
      branch_id,
      step_id,
      module_name,
      kind: 'http',
      provider,
      target,
      request,
      reply,
      error: error === null || error === undefined ? null : storedError(error),
      usage: null,
      mock: false,
      duration_ms,
      created_at: this.#parts.clock.now().toISOString(),
    };
    this.#calls.push(withoutSecret(record, this.#secret));
  }

  /** Keeps the fetching of a file, however it ends: its size, or the fault. */
  async during<T extends { bytes: number }>(target: string, fetching: Promise<T>): Promise<T> {
    const since = this.#parts.clock.monotonicMs();
    const told = (reply: unknown, error: unknown) => {
      const duration_ms = Math.round(this.#parts.clock.monotonicMs() - since);
      this.add({ target, request: {}, reply, error, duration_ms });
    };
    try {
      const file = await fetching;
      told({ bytes: file.bytes }, null);
      return file;
    } catch (error) {
      told(null, error);
      throw error;
    }
  }

  /** The newest call has brought `result`: what that cost stands with it. */
  charge({ cost, tokens }: Pick<MediaResult, 'cost' | 'tokens'>): void {
    const call = this.#calls.at(-1);
    if (!call || (cost === undefined && tokens === undefined)) return;
    const usd = costInUsd(cost ?? null);
    const usage: Usage = {
      ...(tokens === undefined ? {} : { input_tokens: tokens.input, output_tokens: tokens.output }),
      ...(usd === null ? {} : { cost_usd: roundUsd(usd) }),
    };
    if (Object.keys(usage).length > 0) call.usage = usage;
    if (cost !== undefined) call.cost = cost;
  }

  /** Keeps them. A record is worth less than the work: a failure is logged, not thrown. */
  async flush(): Promise<void> {
    const calls = this.#calls;
    this.#calls = [];
    if (calls.length === 0) return;
    const { task_id, workflow_run_id: runId } = this.#task;
    await this.#parts.calls.add({ runId, calls }).catch((err: unknown) => {
      this.#parts.log.error('calls could not be kept', { err, task_id, workflow_run_id: runId });
    });
  }
}

function storedError(error: unknown): StoredError {
  if (isWfmError(error) || !isStored(error)) return toStoredError(error);
  return error;
}

function isStored(error: unknown): error is StoredError {
  return typeof error === 'object' && error !== null && 'code' in error && 'message' in error && 'title' in error;
}

/** A copy in which the secret stands nowhere, in no encoding of JSON. */
export function withoutSecret<T>(value: T, secret: string | null): T {
  if (secret === null || secret.length < 4) return value;
  const text = JSON.stringify(value);
  const spelt = JSON.stringify(secret).slice(1, -1);
  return text.includes(spelt) ? (JSON.parse(text.replaceAll(spelt, '(removed)')) as T) : value;
}
