import { isInField, isInWindow, isShortcut } from '@wfm/shared/core';
import { useEffect, useRef } from 'react';

/** Single letters of the run page (ux.md 2.5). A key that a field or a card has taken is not ours. */
export function useRunKeys(acts: Readonly<Record<string, () => void>>): void {
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isInField(event.target) || isInWindow(event.target)) return;
      for (const [key, act] of Object.entries(latest.current)) {
        if (!isShortcut(event, key)) continue;
        event.preventDefault();
        act();
        return;
      }
    };
    globalThis.addEventListener('keydown', onKey);
    return () => globalThis.removeEventListener('keydown', onKey);
  }, []);
}
