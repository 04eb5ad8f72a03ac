import { WfmError } from '@wfm/workflow-engine/errors';

/** How many previews may run and wait (security.md, Preview isolation). */
export interface SlotLimits {
  running: number;
  queued: number;
  runningPerAuthor: number;
  queuedPerAuthor: number;
}

export interface SlotRequest {
  userId: string;
  /** One per editor tab: a newer request with the same key ends the older (format.md 10.10.5). */
  previewKey?: string | undefined;
  /** Aborted when the client goes. */
  signal: AbortSignal;
}

interface Place {
  userId: string;
  previewKey: string | undefined;
  state: 'queued' | 'running';
  /** Has been told to leave and does not count any more. */
  leaving: boolean;
  controller: AbortController;
  begin: () => void;
}

/** Lets previews run a few at a time, each author one, in the order in which they came. */
export class PreviewSlots {
  readonly #limits: SlotLimits;
  #places: Place[] = [];

  constructor(limits: SlotLimits) {
    this.#limits = limits;
  }

  /** How many run and wait now, for the metrics. */
  get counts(): { running: number; queued: number } {
    const running = this.#places.filter((place) => place.state === 'running').length;
    return { running, queued: this.#places.length - running };
  }

  /**
   * Does the work when its turn comes. Its signal is aborted when the client goes and when a newer request takes over.
   * Throws `preview_busy` at once when there is no room to wait, `preview_superseded`, and what the work throws.
   */
  async run<T>(request: SlotRequest, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { userId, previewKey, signal } = request;
    signal.throwIfAborted();
    const supersedes = previewKey !== undefined && this.#endOlder(userId, previewKey);
    this.#assertRoom(userId);
    const turn = Promise.withResolvers<void>();
    const place: Place = {
      userId,
      previewKey,
      state: 'queued',
      leaving: false,
      controller: new AbortController(),
      begin: turn.resolve,
    };
    const leave = (): void => {
      place.leaving = true;
      const reason: unknown = signal.aborted ? signal.reason : place.controller.signal.reason;
      place.controller.abort(reason);
      turn.reject(reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    place.controller.signal.addEventListener('abort', leave, { once: true });
    // Whoever takes over takes the older one's place in the line, too.
    if (supersedes) this.#places.unshift(place);
    else this.#places.push(place);
    this.#advance();
    try {
      await turn.promise;
      return await work(place.controller.signal);
    } catch (error) {
      // Whatever the end of the work looked like, this is why it ended.
      if (place.controller.signal.aborted) throw place.controller.signal.reason;
      throw error;
    } finally {
      signal.removeEventListener('abort', leave);
      this.#places = this.#places.filter((other) => other !== place);
      this.#advance();
    }
  }

  /** Ends everything that runs or waits, with that reason. */
  endAll(reason: unknown): void {
    for (const place of this.#places) place.controller.abort(reason);
  }

  #endOlder(userId: string, previewKey: string): boolean {
    const older = this.#places.filter(
      (place) => !place.leaving && place.userId === userId && place.previewKey === previewKey,
    );
    for (const place of older) {
      place.controller.abort(
        new WfmError('preview_superseded', 'A newer preview of this editor tab has taken over.', {
          params: { preview_key: previewKey },
        }),
      );
    }
    return older.length > 0;
  }

  #assertRoom(userId: string): void {
    const { running, queued, runningPerAuthor, queuedPerAuthor } = this.#limits;
    const staying = this.#places.filter((place) => !place.leaving);
    const own = staying.filter((place) => place.userId === userId).length;
    if (own >= runningPerAuthor + queuedPerAuthor) {
      throw busy('You have too many previews at once. Wait until one has ended, or close one.', 'author');
    }
    if (staying.length >= running + queued) throw busy('Too many previews are waiting. Try again in a moment.', 'all');
  }

  #advance(): void {
    const running = this.#places.filter((place) => place.state === 'running');
    let free = this.#limits.running - running.length;
    const ofAuthor = new Map<string, number>();
    for (const { userId } of running) ofAuthor.set(userId, (ofAuthor.get(userId) ?? 0) + 1);
    for (const place of this.#places) {
      const own = ofAuthor.get(place.userId) ?? 0;
      if (free <= 0) return;
      if (place.state !== 'queued' || place.leaving || own >= this.#limits.runningPerAuthor) continue;
      place.state = 'running';
      ofAuthor.set(place.userId, own + 1);
      free -= 1;
      place.begin();
    }
  }
}

function busy(message: string, whose: 'author' | 'all'): WfmError {
  return new WfmError('preview_busy', message, { params: { whose }, retryAfterMs: 1000, transient: true });
}
