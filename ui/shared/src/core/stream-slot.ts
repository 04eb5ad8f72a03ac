/**
 * A browser opens six connections to a host over all of its pages. Hidden pages give theirs back; these slots see to it
 * that shown ones, windows side by side, leave some for requests.
 */
const SLOTS = 4;

export interface StreamSlot {
  release(): void;
}

/** A slot, or null where all are taken. Where the browser counts none (no locks outside https), there is always one. */
export async function takeSlot(
  locks: LockManager | undefined = globalThis.navigator.locks,
): Promise<StreamSlot | null> {
  if (!locks) return { release: () => undefined };
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const taken = await new Promise<StreamSlot | null>((resolve) => {
      void locks.request(`wfm-stream-${slot}`, { ifAvailable: true }, async (lock) => {
        if (!lock) {
          resolve(null);
          return;
        }
        await new Promise<void>((release) => resolve({ release }));
      });
    });
    if (taken) return taken;
  }
  return null;
}
