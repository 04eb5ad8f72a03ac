import type { Draft } from './draft.ts';

/** The draft of one card. Whoever draws a part of it subscribes; the frame around it is not drawn again for a letter. */
export class DraftStore {
  #draft: Draft;
  readonly #listeners = new Set<() => void>();

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  readonly get = (): Draft => this.#draft;

  readonly set = (next: Draft): void => {
    if (next === this.#draft) return;
    this.#draft = next;
    for (const listener of this.#listeners) listener();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
