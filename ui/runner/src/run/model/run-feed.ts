import { type Connection, followStream, isApiError, type StreamFrame } from '@wfm/shared/core';
import { foldEvent, type LogEvent } from './fold-event.ts';
import { openStream, readEvents, readHistory, readOverview, readQuestion, readStatus } from './run-api.ts';
import { moduleKey, type RunModel, type Work } from './run-model.ts';

const PAGE = 50;
/** The server gives so many questions at once. */
const MOST = 200;
const TEXT_KEPT = 4_000;
const AGAIN_MS = 1_000;

export interface FeedListener {
  onConnection(connection: Connection): void;
  /** An event has come; what else the page has read may be old. */
  onEvent(type: string): void;
  /** The run is gone, or its owner signed out. */
  onRefused(error: unknown): void;
}

/**
 * Keeps a model right: reads the run once, then folds what its stream tells (ux.md 2.7). Frames that come while it reads
 * wait; those that the reading already counted in are passed over. It reads anew where the line itself has changed.
 */
export class RunFeed {
  readonly #runId: string;
  readonly #model: RunModel;
  readonly #listener: FeedListener;
  readonly #signal: AbortSignal;
  #branchId = '';
  #seq = -1;
  /** Frames that wait for a reading to end; null: none is under way. */
  #queue: StreamFrame[] | null = null;
  #asking: ReturnType<typeof setTimeout> | undefined;
  #isLive = false;
  #listening = new AbortController();

  constructor(options: { runId: string; model: RunModel; listener: FeedListener; signal: AbortSignal }) {
    this.#runId = options.runId;
    this.#model = options.model;
    this.#listener = options.listener;
    this.#signal = options.signal;
    options.signal.addEventListener('abort', () => clearTimeout(this.#asking), { once: true });
  }

  /** Reads the run for the first time. Throws what the server says. */
  async load(): Promise<void> {
    const runId = this.#runId;
    const status = await readStatus(runId);
    const limit = Math.min(MOST, Math.max(PAGE, this.#model.cards.length));
    const [overview, history] = await Promise.all([readOverview(runId), readHistory(runId, { limit })]);
    // Read a moment later, these may know more than the status: the events after it bring all of them to one point.
    this.#model.reset(status, overview, history);
    this.#branchId = status.branch_id ?? '';
    this.#seq = status.last_seq;
  }

  /** Follows the run from where it was read, until the signal is aborted. */
  async follow(): Promise<void> {
    try {
      await followStream({
        open: (headers, signal) => openStream(this.#runId, headers, signal),
        poll: (id) => this.#poll(id),
        onFrame: (frame) => this.#take(frame),
        onConnection: (connection) => {
          this.#isLive = connection.state === 'live';
          this.#listener.onConnection(connection);
        },
        lastEventId: `${this.#branchId}:${this.#seq}`,
        signal: AbortSignal.any([this.#signal, this.#listening.signal]),
      });
    } catch (error) {
      this.#listener.onRefused(error);
    }
  }

  /** Reads all anew, again and again until it succeeds: the page shows what it has meanwhile. */
  async refresh(): Promise<void> {
    if (this.#queue) return;
    this.#queue = [];
    while (!this.#signal.aborted) {
      try {
        await this.load();
        break;
      } catch (error) {
        if (isApiError(error) && [401, 403, 404].includes(error.problem.status)) {
          this.#listener.onRefused(error);
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
    const waiting: StreamFrame[] = this.#queue ?? [];
    this.#queue = null;
    for (const frame of waiting) this.#take(frame);
    this.#listener.onEvent('refreshed');
  }

  /** From here on nothing is taken in: the run is being deleted, and its stream would only be asked for in vain. */
  stopListening(): void {
    this.#listening.abort();
  }

  async listenAgain(): Promise<void> {
    this.#listening = new AbortController();
    await this.refresh();
    await this.follow();
  }

  /** A command went through: what it did comes by the stream, or is read where the stream is cut. */
  commanded(): void {
    if (!this.#isLive) void this.refresh();
  }

  /** Reads the next questions before those that are loaded. */
  async loadOlder(): Promise<void> {
    const { older } = this.#model;
    if (older === null) return;
    const page = await readHistory(this.#runId, { limit: PAGE, cursor: older });
    if (this.#model.older === older) this.#model.addOlder(page);
  }

  #take(frame: StreamFrame): void {
    if (this.#listening.signal.aborted) return;
    if (this.#queue) {
      this.#queue.push(frame);
      return;
    }
    const { event, id, data } = frame;
    if (event === 'progress') this.#progress(data as Progress);
    else if (event === 'branch') this.#turn(data as { branch_id: string });
    else if (event === 'error') this.#listener.onEvent('error');
    else if (id !== undefined) this.#event(id, data as LogEvent);
  }

  #turn({ branch_id: branchId }: { branch_id: string }): void {
    if (branchId !== this.#branchId) void this.refresh();
  }

  #event(id: string, event: LogEvent): void {
    const branchId = id.slice(0, id.lastIndexOf(':'));
    if (branchId === this.#branchId && event.seq <= this.#seq) return;
    if (branchId !== this.#branchId || event.seq > this.#seq + 1) {
      void this.refresh();
      return;
    }
    this.#seq = event.seq;
    foldEvent(this.#model, event);
    if (wantsQuestion(event)) this.#askAnew();
    this.#listener.onEvent(event.type);
  }

  #progress(said: Progress): void {
    const { execution_id: executionId, message = '', percent } = said;
    const model = this.#model;
    if (executionId === undefined) model.work = addProgress(model.work, said);
    else
      model.executions = model.executions.map((one) =>
        one.executionId === executionId ? { ...one, message, percent } : one,
      );
    model.touch('work');
  }

  /** A question that has been added to, or whose options are worked out when it is read, is read anew, once for many events. */
  #askAnew(): void {
    this.#asking ??= setTimeout(() => {
      this.#asking = undefined;
      const id = this.#model.status?.interaction_request?.interaction_id;
      if (id !== undefined)
        readQuestion(this.#runId, id).then(
          (record) => this.#model.setQuestion(record),
          () => void this.refresh(),
        );
    }, 30);
  }

  /** The same as the stream tells, asked for: where many pages are open, there is no connection left for one more. */
  async #poll(id = ''): Promise<StreamFrame[]> {
    const cut = id.lastIndexOf(':');
    const branchId = id.slice(0, cut);
    const page = await readEvents(this.#runId, { after: Number(id.slice(cut + 1)) });
    if (page.branch_id !== branchId) {
      const at = `${page.branch_id}:${page.last_seq}`;
      return [{ id: at, event: 'branch', data: { branch_id: page.branch_id } }];
    }
    return (page.items as LogEvent[]).map((event) => ({
      id: `${branchId}:${event.seq}`,
      event: event.type,
      data: event,
    }));
  }
}

type Progress = Partial<Work> & { delta?: string; execution_id?: string };

function addProgress(earlier: Work | null, said: Progress): Work {
  const { step_id = '', module_name = '', elapsed_ms = 0, delta = '', percent } = said;
  const same = earlier && moduleKey(earlier.step_id, earlier.module_name) === moduleKey(step_id, module_name);
  return {
    step_id,
    module_name,
    elapsed_ms,
    message: said.message ?? (same ? earlier.message : ''),
    ...(percent === undefined ? {} : { percent }),
    text: ((same ? earlier.text : '') + delta).slice(-TEXT_KEPT),
  };
}

function wantsQuestion({ type, data }: LogEvent): boolean {
  if (type === 'sub_action_completed' || type === 'sub_action_failed') return true;
  if (type !== 'interaction_requested') return false;
  const request = data.request as { interaction_type?: string } | undefined;
  return request === undefined || request.interaction_type === 'media_generation';
}
