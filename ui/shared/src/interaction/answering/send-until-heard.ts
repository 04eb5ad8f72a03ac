import type { InteractionAnswer, WorkflowResponse } from '@wfm/workflow-engine/models';
import { isApiError, isPassing, offlineError } from '../../core/index.ts';
import type { InteractionHost } from '../host.ts';

const firstWaitMs = 1_000;
const longestWaitMs = 15_000;
/** A server that says nothing for so long is asked again, under the same key. */
const silenceMs = 15_000;

/**
 * Sends an answer, and goes on sending it under the same key for as long as nobody says what became of it (G10). Throws
 * what a server says, and the signal's reason: it ends the waiting, never a request that is on its way.
 */
export async function sendUntilHeard(
  host: Pick<InteractionHost, 'send'>,
  { answer, key }: { answer: InteractionAnswer; key: string },
  { signal, onWaiting }: { signal: AbortSignal; onWaiting: (error: unknown | null) => void },
): Promise<WorkflowResponse> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await sendOnce(host, { answer, key });
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error)) throw error;
      onWaiting(error);
      const asked = isApiError(error) ? error.retryAfterMs : undefined;
      await untilWorthATry(asked ?? Math.min(firstWaitMs * 2 ** tries, longestWaitMs), signal);
      onWaiting(null);
    }
  }
}

async function sendOnce(
  host: Pick<InteractionHost, 'send'>,
  { answer, key }: { answer: InteractionAnswer; key: string },
): Promise<WorkflowResponse> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    return await host.send(answer, key, silence.signal);
  } catch (error) {
    throw silence.signal.aborted ? offlineError(error) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Until some time has passed, or the browser says that there is a connection again. */
async function untilWorthATry(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      globalThis.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    globalThis.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
  signal.throwIfAborted();
}
