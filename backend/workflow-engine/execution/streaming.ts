/** News of an execution that is not an event: tokens, percent, a message. It may be lost without harm (format.md 8). */
export interface ProgressUpdate {
  step_id: string;
  module_name: string;
  message?: string;
  percent?: number;
  /** A piece of text from a language model. */
  delta?: string;
  elapsed_ms: number;
  /** Of a sub-action: which execution it tells of. */
  execution_id?: string;
}

type Listener = (update: ProgressUpdate) => void;

/** Carries progress from the executing run to whoever watches it in this process. */
export class ProgressHub {
  readonly #listeners = new Map<string, Set<Listener>>();

  publish(runId: string, update: ProgressUpdate): void {
    const listeners = this.#listeners.get(runId);
    if (listeners) for (const listener of listeners) listener(update);
  }

  /** Returns how to stop listening. */
  subscribe(runId: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(runId) ?? new Set();
    this.#listeners.set(runId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(runId);
    };
  }
}
