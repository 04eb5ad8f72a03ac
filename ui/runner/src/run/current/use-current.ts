import { isInField } from '@wfm/shared/core';
import type { InteractionRequest, WorkflowResponse } from '@wfm/workflow-engine/models';
import { type RefObject, useEffect, useRef, useState } from 'react';

export interface Current {
  /** The question that is shown: the open one, or one that was closed elsewhere while it was being answered here. */
  request: InteractionRequest | undefined;
  /** True for the latter. */
  isHeld: boolean;
  /** The question before was answered elsewhere while nothing had been begun in it here. */
  passedId: string | null;
  /** A new card has come that the person was not taken to. */
  isNew: boolean;
  /** Takes the person to what the run is at now. */
  visit: () => void;
}

/**
 * Which card is the current one. It never goes away under somebody who has begun to answer it, and a new one takes neither
 * focus nor scroll from somebody who is busy elsewhere: a chip tells of it (ux.md 2.3).
 */
export function useCurrent(
  status: WorkflowResponse,
  box: RefObject<HTMLElement | null>,
  /** What this page has to do with a question. */
  own: { answeredHere: ReadonlySet<string>; begunHere: ReadonlySet<string> },
  /** False: the address leads elsewhere when the page is opened. */
  leads: boolean,
): Current {
  const open = status.interaction_request;
  const openId = open?.interaction_id;
  const [shown, setShown] = useState(open);
  const [isHeld, setHeld] = useState(false);
  const [passedId, setPassedId] = useState<string | null>(null);
  const isOurs = shown !== undefined && own.answeredHere.has(shown.interaction_id);
  if (shown?.interaction_id === openId) {
    if (isHeld) setHeld(false);
    if (shown !== open) setShown(open);
  } else if (!isHeld || isOurs) {
    // Decided while drawing: afterwards the card would be gone already.
    if (shown && !isOurs && own.begunHere.has(shown.interaction_id)) setHeld(true);
    else {
      if (isHeld) setHeld(false);
      if (shown) setPassedId(isOurs ? null : shown.interaction_id);
      setShown(open);
    }
  }
  const place = openId ?? (/^(?:completed|error|cancelled)$/.test(status.status) ? status.status : null);
  const known = useRef(place);
  useEffect(() => (leads ? leadTo(box) : undefined), [leads, box]);
  const [newPlace, setNewPlace] = useState<string | null>(null);
  useEffect(() => {
    if (place === null || place === known.current) return;
    known.current = place;
    const { activeElement } = document;
    // Whoever sent the last answer has lost the focus with its card, and is led on.
    if (activeElement === null || activeElement === document.body) showCard(box.current);
    else if (isInField(activeElement) || !isInView(box.current)) setNewPlace(place);
  }, [place, box]);
  return {
    request: shown,
    isHeld,
    passedId,
    isNew: newPlace !== null && newPlace === place,
    visit() {
      setHeld(false);
      setPassedId(null);
      setShown(open);
      setNewPlace(null);
      requestAnimationFrame(() => {
        showCard(box.current);
        (box.current?.querySelector<HTMLElement>('[data-autofocus]') ?? box.current)?.focus({ preventScroll: true });
      });
    },
  };
}

function isInView(box: HTMLElement | null): boolean {
  if (!box) return true;
  const { top } = box.getBoundingClientRect();
  return top >= 0 && top < globalThis.innerHeight * 0.8;
}

/** Puts the card in view; one that is there already stays where it is. */
export function showCard(box: HTMLElement | null): void {
  if (!isInView(box)) box?.scrollIntoView({ block: 'start' });
}

const inputs = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;
const SETTLE_MS = 1_500;

/** Keeps the card in view while what stands above it is measured, until the person takes over. Answers how to stop that. */
function leadTo(box: RefObject<HTMLElement | null>): () => void {
  const observer = new ResizeObserver(() => showCard(box.current));
  const stop = (): void => {
    observer.disconnect();
    clearTimeout(timer);
    for (const name of inputs) globalThis.removeEventListener(name, stop);
  };
  const timer = setTimeout(stop, SETTLE_MS);
  for (const name of inputs) globalThis.addEventListener(name, stop, { passive: true });
  observer.observe(document.body);
  return stop;
}
