import { useEffect, useRef } from 'react';
import { isInField, isInWindow, isShortcut } from '../../core/shortcut.ts';
import type { Option } from './options.ts';

/**
 * Ctrl+Enter sends the standard option, R tries again, an author's own key does what it was given to; an author's key
 * wins in its card (ux.md 2.5). A key without Ctrl or Alt belongs to the field that has the focus.
 */
export function useOptionKeys(
  options: readonly Option[],
  standard: Option,
  choose: (option: Option) => void,
  active: boolean,
): void {
  const latest = useRef({ options, standard, choose });
  latest.current = { options, standard, choose };
  useEffect(() => {
    if (!active) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      // A key that is held down since the question before does nothing to this one.
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      if (isInWindow(event.target)) return;
      const { options: all, standard: main, choose: act } = latest.current;
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (plain && isInField(event.target)) return;
      const named = all.find(
        ({ shortcut }) => shortcut !== undefined && shortcut !== '' && isShortcut(event, shortcut),
      );
      const again = isShortcut(event, 'r') ? all.find(({ mode, hidden }) => mode === 'retry' && !hidden) : undefined;
      const found = named ?? (isShortcut(event, 'Ctrl+Enter') ? main : undefined) ?? again;
      if (!found) return;
      event.preventDefault();
      act(found);
    };
    globalThis.addEventListener('keydown', onKey);
    return () => globalThis.removeEventListener('keydown', onKey);
  }, [active]);
}
