/** What a stream has to know of the page that it serves. */
export interface PagePresence {
  hidden(): boolean;
  online(): boolean;
  /** Calls back whenever either may have changed; answers how to stop that. */
  watch(onChange: () => void): () => void;
}

export const browserPresence: PagePresence = {
  hidden: () => globalThis.document.visibilityState === 'hidden',
  online: () => globalThis.navigator.onLine,
  watch(onChange) {
    globalThis.document.addEventListener('visibilitychange', onChange);
    globalThis.addEventListener('online', onChange);
    globalThis.addEventListener('offline', onChange);
    return () => {
      globalThis.document.removeEventListener('visibilitychange', onChange);
      globalThis.removeEventListener('online', onChange);
      globalThis.removeEventListener('offline', onChange);
    };
  },
};

/** Waits until the condition holds, at most `ms`, or until the signal is aborted. */
export async function untilPresence(
  presence: PagePresence,
  holds: () => boolean,
  { ms, signal }: { ms?: number; signal: AbortSignal },
): Promise<void> {
  if (signal.aborted || holds()) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      unwatch();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = ms === undefined ? undefined : setTimeout(done, ms);
    const unwatch = presence.watch(() => {
      if (holds()) done();
    });
    signal.addEventListener('abort', done);
  });
}

/** Calls back once the page has been hidden for `ms` without a break; answers how to stop that. */
export function whenHiddenFor(presence: PagePresence, ms: number, onHidden: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    if (!presence.hidden()) {
      clearTimeout(timer);
      timer = undefined;
    } else timer ??= setTimeout(onHidden, ms);
  };
  const unwatch = presence.watch(look);
  look();
  return () => {
    clearTimeout(timer);
    unwatch();
  };
}
