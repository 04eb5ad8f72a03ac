import type { InteractionRequest } from '@wfm/workflow-engine/models';
import { useEffect, useMemo, useRef, useState } from 'react';
import { firstDraft } from '../answers/draft.ts';
import { DraftStore } from '../answers/draft-store.ts';
import { dropUnsent, keepUnsent, type Pending, readUnsent } from './unsent-answers.ts';

/** Between two writes of what is being typed. */
const restMs = 100;
/** What waits for a write goes on without it: a browser that hangs there must not keep an answer back. */
const mostWaitMs = 500;

export interface KeptDraft {
  /** Null for the moment until it is known what was begun before. */
  readonly store: DraftStore | null;
  /** The browser keeps nothing: the answer lives in this tab alone. */
  readonly onlyHere: boolean;
  /** The answer was begun before this page was opened. */
  readonly isRestored: boolean;
  /** It had been sent by then, and nobody has said what became of it. */
  readonly pending: Pending | null;
  /** Notes that the answer is on its way; null: it is not any more. */
  setPending(pending: Pending | null): Promise<void>;
  /** Its question is over. */
  forget(): void;
}

/** The answer that is being given to a question, kept at once over reloads and back buttons (U3). */
export function useKeptDraft(userId: string, place: string, request: InteractionRequest): KeptDraft {
  const { interaction_id: id } = request;
  const first = useRef(request);
  first.current = request;
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [onlyHere, setOnlyHere] = useState(false);
  useEffect(() => {
    let keeper: Keeper | null = null;
    let gone = false;
    void readUnsent(userId, place, id).then((kept) => {
      if (gone) return;
      const store = new DraftStore(kept?.draft ?? firstDraft(first.current));
      const title = first.current.title;
      keeper = new Keeper({ userId, place, interactionId: id, title }, store, kept?.pending ?? null, setOnlyHere);
      setLoaded({ keeper, isRestored: kept !== undefined, pending: kept?.pending ?? null });
    });
    return () => {
      gone = true;
      keeper?.end();
    };
  }, [userId, place, id]);
  return useMemo(
    () => ({
      store: loaded?.keeper.store ?? null,
      isRestored: loaded?.isRestored ?? false,
      pending: loaded?.pending ?? null,
      onlyHere,
      setPending: async (pending) => loaded?.keeper.setPending(pending),
      forget: () => loaded?.keeper.forget(),
    }),
    [loaded, onlyHere],
  );
}

interface Loaded {
  keeper: Keeper;
  isRestored: boolean;
  /** As it was then: what this page itself has on its way is no news to it, whatever is drawn anew meanwhile. */
  pending: Pending | null;
}

interface Place {
  userId: string;
  place: string;
  interactionId: string;
  title: string;
}

/** Writes a draft down as it changes: at once, then as often as writing allows; the last word when the page goes. */
class Keeper {
  readonly store: DraftStore;
  pending: Pending | null;
  readonly #where: Place;
  readonly #tell: (onlyHere: boolean) => void;
  readonly #stops: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isTouched = false;
  #isOver = false;

  constructor(where: Place, store: DraftStore, pending: Pending | null, tell: (onlyHere: boolean) => void) {
    this.#where = where;
    this.store = store;
    this.pending = pending;
    this.#tell = tell;
    const flush = (): void => void this.#flush();
    globalThis.addEventListener('pagehide', flush);
    this.#stops.push(
      store.subscribe(() => this.#touch()),
      () => globalThis.removeEventListener('pagehide', flush),
    );
  }

  async setPending(pending: Pending | null): Promise<void> {
    if (this.pending === pending) return;
    this.pending = pending;
    this.#isTouched = true;
    await Promise.race([this.#flush(), new Promise((resolve) => setTimeout(resolve, mostWaitMs))]);
  }

  forget(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    const { userId, place, interactionId } = this.#where;
    void dropUnsent(userId, place, interactionId);
  }

  end(): void {
    for (const stop of this.#stops) stop();
    void this.#flush();
  }

  #touch(): void {
    this.#isTouched = true;
    if (this.#timer !== undefined) return;
    void this.#flush();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#flush();
    }, restMs);
  }

  async #flush(): Promise<void> {
    if (!this.#isTouched || this.#isOver) return;
    this.#isTouched = false;
    const isKept = await keepUnsent({
      ...this.#where,
      draft: this.store.get(),
      ...(this.pending ? { pending: this.pending } : {}),
      savedAt: new Date().toISOString(),
    });
    this.#tell(!isKept);
  }
}
