import type { ViewNode } from '@wfm/workflow-engine/display';
import { useEffect, useRef } from 'react';
import { useChoices } from './choice-context.ts';

/** Calls `show` when a key is about to move the focus to a card in a part that may be folded or out of sight. */
export function useRevealed({ path }: ViewNode, show: () => void): void {
  const store = useChoices()?.store;
  const latest = useRef(show);
  latest.current = show;
  const prefix = JSON.stringify(path);
  useEffect(
    () =>
      store?.onReveal((_, wanted) => {
        if (JSON.stringify(wanted.slice(0, path.length)) === prefix) latest.current();
      }),
    [store, prefix, path.length],
  );
}
