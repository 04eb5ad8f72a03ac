import { type RefObject, useEffect, useRef, useState } from 'react';
import { useLiveRun } from '../model/use-run.ts';
import type { TimelineHandle } from './timeline.tsx';

/** A link to a question that lies further back than this is not followed page by page. */
const MOST_PAGES = 200;

/**
 * Shows the question that the address names when the page is opened; earlier ones are loaded until it is found. Answers
 * true where the current line does not have it.
 */
export function useDeepLink(
  id: string | undefined,
  timeline: RefObject<TimelineHandle | null>,
  onFound: (id: string) => void,
): boolean {
  const { model, feed } = useLiveRun();
  const first = useRef(id);
  const found = useRef(onFound);
  found.current = onFound;
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    const wanted = first.current;
    first.current = undefined;
    if (wanted === undefined || model.status?.interaction_request?.interaction_id === wanted) return;
    const has = (): boolean => model.cards.some((card) => card.interaction_id === wanted);
    const look = async (): Promise<void> => {
      for (let page = 0; page < MOST_PAGES && !has() && model.older !== null; page += 1) await feed.loadOlder();
      if (!has()) {
        setMissing(true);
        return;
      }
      found.current(wanted);
      requestAnimationFrame(() => timeline.current?.show(wanted));
    };
    look().catch(() => setMissing(true));
  }, [model, feed, timeline]);
  return missing && id !== undefined;
}
