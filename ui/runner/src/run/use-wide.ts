import { useSyncExternalStore } from 'react';

/** Panels stand beside the timeline from here on; the same width as the class `lg`. */
const query = '(min-width: 64rem)';

export function useWide(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const media = globalThis.matchMedia(query);
      media.addEventListener('change', onChange);
      return () => media.removeEventListener('change', onChange);
    },
    () => globalThis.matchMedia(query).matches,
  );
}
