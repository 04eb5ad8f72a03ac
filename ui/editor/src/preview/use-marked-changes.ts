import { type RefObject, useEffect, useRef } from 'react';

/** How long what has changed stays marked (E12). */
const markedMs = 2_000;
/** Parts of a new result may be drawn a moment after it has come: kept drafts, lazy parts. */
const drawnMs = 1_000;

/**
 * Marks the texts and pictures in `box` that the result before did not have, for two seconds. By what is on the screen,
 * so that it holds for whatever draws it. `round` counts results; one about another `subject` is new as a whole, and not
 * marked.
 */
export function useMarkedChanges(box: RefObject<HTMLElement | null>, round: number, subject: string): void {
  const before = useRef<ReadonlySet<string> | null>(null);
  const shown = useRef({ round, subject });
  useEffect(() => {
    const root = box.current;
    if (!root) return undefined;
    const isNew = shown.current.round !== round && shown.current.subject === subject;
    shown.current = { round, subject };
    const earlier = before.current;
    const look = (): void => {
      const parts = partsOf(root);
      if (isNew && earlier && earlier.size > 0) {
        for (const [part, text] of parts) if (!earlier.has(text)) mark(part);
      }
      before.current = new Set(parts.map(([, text]) => text));
    };
    look();
    const observer = new MutationObserver(look);
    observer.observe(root, { subtree: true, childList: true, characterData: true });
    const timer = setTimeout(() => observer.disconnect(), drawnMs);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [box, round, subject]);
}

/** The innermost parts that an author's content stands in, each with what it says. */
function partsOf(root: HTMLElement): [HTMLElement, string][] {
  const parts: [HTMLElement, string][] = [];
  for (const part of root.querySelectorAll<HTMLElement>('[data-content], img, video, audio, textarea, input')) {
    if (part.querySelector('[data-content]')) continue;
    const text = part.getAttribute('src') ?? (part instanceof HTMLTextAreaElement ? part.value : part.textContent);
    if (text !== '') parts.push([part, text]);
  }
  return parts;
}

function mark(part: HTMLElement): void {
  if (part.dataset['changed'] !== undefined) return;
  part.dataset['changed'] = '';
  setTimeout(() => delete part.dataset['changed'], markedMs);
}
