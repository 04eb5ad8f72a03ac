import { type EditorDocument, storedFiles } from '../document/document.ts';
import type { CheckReply, CheckRequest } from './check-messages.ts';

/** What is known of a document by the checks; `failed` where they took too long. */
export type Checked = CheckReply | { readonly failed: 'too_long' };

export interface Checker {
  /** Checks a document, one at a time, the newest first; the same document twice is checked once. */
  check(document: EditorDocument): Promise<Checked>;
  stop(): void;
}

/** A worker that is busy for longer is ended and begun anew (ux.md E15). */
const longestMs = 2_000;

interface Wanted {
  readonly document: EditorDocument;
  readonly resolve: (checked: Checked) => void;
}

/** Runs the checks in a worker that `start` makes. */
export function createChecker(start: () => Worker): Checker {
  const known = new WeakMap<EditorDocument, Promise<Checked>>();
  let worker: Worker | null = null;
  let busy: (Wanted & { id: number; timer: ReturnType<typeof setTimeout> }) | null = null;
  let waiting: Wanted[] = [];
  let count = 0;

  const end = (checked: Checked): void => {
    if (!busy) return;
    clearTimeout(busy.timer);
    busy.resolve(checked);
    busy = null;
    next();
  };
  const abandon = (): void => {
    worker?.terminate();
    worker = null;
    end({ failed: 'too_long' });
  };
  const next = (): void => {
    // The newest first: it is what is on the screen. The older ones are asked for by nobody who still waits long.
    const wanted = waiting.pop();
    if (!wanted) return;
    if (!worker) {
      worker = start();
      worker.addEventListener('message', ({ data }: MessageEvent<CheckReply>) => {
        if (data.id === busy?.id) end(data);
      });
      worker.addEventListener('error', abandon);
    }
    const id = ++count;
    busy = { ...wanted, id, timer: setTimeout(abandon, longestMs) };
    const { document } = wanted;
    const request: CheckRequest = { id, files: storedFiles(document), entryPoint: document.entryPoint };
    worker.postMessage(request);
  };

  return {
    check(document) {
      const earlier = known.get(document);
      if (earlier) return earlier;
      const checked = new Promise<Checked>((resolve) => {
        waiting.push({ document, resolve });
        if (!busy) next();
      });
      known.set(document, checked);
      // What took too long once may be fast when the machine is less busy.
      void checked.then((result) => 'failed' in result && known.delete(document));
      return checked;
    },
    stop() {
      worker?.terminate();
      worker = null;
      waiting = [];
      if (busy) clearTimeout(busy.timer);
      busy = null;
    },
  };
}

export function startCheckWorker(): Worker {
  return new Worker(new URL('./check.worker.ts', import.meta.url), { type: 'module', name: 'wfm-checks' });
}
