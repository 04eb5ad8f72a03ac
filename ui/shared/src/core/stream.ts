import { readFrames, type StreamFrame } from './frames.ts';
import { browserPresence, type PagePresence, untilPresence, whenHiddenFor } from './page-presence.ts';
import { isApiError } from './problem.ts';
import { type StreamSlot, takeSlot } from './stream-slot.ts';

/**
 * How a stream is: apart from how the run is (ux.md 2.3). `asleep`: the page is hidden, and will go on when it is shown.
 * `until` says when it is tried next, in ms as `Date.now` has them; `retry` does so at once.
 */
export type Connection =
  | { state: 'connecting' | 'live' | 'asleep' }
  | { state: 'reconnecting' | 'offline'; until: number; retry: () => void };

export interface StreamOptions {
  /** Opens the connection; throws `ApiError` for a refusal, which ends the stream. */
  open: (headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;
  onFrame: (frame: StreamFrame) => void;
  onConnection: (connection: Connection) => void;
  /** The last frame of an earlier stream, to go on after it. */
  lastEventId?: string;
  /** Asks for the frames after that id, for a page that gets no connection of its own because many are open. */
  poll?: (lastEventId: string | undefined, signal: AbortSignal) => Promise<StreamFrame[]>;
  signal: AbortSignal;
  /** Tests hand in their own. */
  presence?: PagePresence;
  slot?: () => Promise<StreamSlot | null>;
}

const FIRST_WAIT_MS = 500;
/** G9: a page is right again 3 s after its network is; later the server is spared. */
const LONGEST_WAIT_MS = 1_800;
const LONGEST_WAIT_LATER_MS = 10_000;
const LATER_MS = 300_000;
/** From then on a page says that it is offline, and goes on trying. */
const OFFLINE_MS = 30_000;
/** The server sends a comment every 15 s; silence for longer is a line that is dead without saying so. */
const SILENCE_MS = 40_000;
const HIDDEN_MS = 10_000;
const POLL_MS = 1_500;

/**
 * Follows a stream until its signal is aborted: reads it, and after a cut connects again behind the last event, waiting
 * longer each time. A page that is hidden for 10 s closes it, and goes on when it is shown (ux.md 2.7). Throws the
 * refusal of a server (401, 403, 404) that no new try would change.
 */
export async function followStream(options: StreamOptions): Promise<void> {
  const { signal, onConnection, presence = browserPresence, slot = () => takeSlot() } = options;
  let lastEventId = options.lastEventId;
  let failures = 0;
  let failingSince = 0;
  const onFrame = (frame: StreamFrame): void => {
    failures = 0;
    if (frame.id !== undefined) lastEventId = frame.id;
    options.onFrame(frame);
  };
  onConnection({ state: 'connecting' });
  while (!signal.aborted) {
    if (presence.hidden()) {
      onConnection({ state: 'asleep' });
      await untilPresence(presence, () => !presence.hidden(), { signal });
      if (signal.aborted) return;
      failures = 0;
      onConnection({ state: 'connecting' });
    }
    const taken = await slot();
    try {
      if (taken || !options.poll) {
        const ended = await readOnce({ ...options, presence }, lastEventId, onFrame);
        if (ended === 'hidden') continue;
      } else {
        for (const frame of await options.poll(lastEventId, signal)) onFrame(frame);
        failures = 0;
        onConnection({ state: 'live' });
        await untilPresence(presence, () => presence.hidden(), { ms: POLL_MS, signal });
        continue;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isRefusal(error)) throw error;
    } finally {
      taken?.release();
    }
    if (signal.aborted) return;
    failures += 1;
    if (failures === 1) failingSince = Date.now();
    await pauseBefore(failures, Date.now() - failingSince, { signal, onConnection, presence });
  }
}

function isRefusal(error: unknown): boolean {
  return isApiError(error) && error.problem.status >= 400 && error.problem.status < 500 && error.problem.status !== 429;
}

/** Reads the stream until it ends, or until the page has been hidden long enough. */
async function readOnce(
  { open, onConnection, signal, presence }: StreamOptions & { presence: PagePresence },
  lastEventId: string | undefined,
  onFrame: (frame: StreamFrame) => void,
): Promise<'ended' | 'hidden'> {
  const own = new AbortController();
  let hidden = false;
  const stop = (): void => own.abort();
  signal.addEventListener('abort', stop, { once: true });
  const unwatch = whenHiddenFor(presence, HIDDEN_MS, () => {
    hidden = true;
    stop();
  });
  let silence = setTimeout(stop, SILENCE_MS);
  try {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (lastEventId !== undefined) headers['last-event-id'] = lastEventId;
    const response = await open(headers, own.signal);
    onConnection({ state: 'live' });
    await readFrames(response, onFrame, () => {
      clearTimeout(silence);
      silence = setTimeout(stop, SILENCE_MS);
    });
    return 'ended';
  } catch (error) {
    if (hidden) return 'hidden';
    throw error;
  } finally {
    clearTimeout(silence);
    unwatch();
    signal.removeEventListener('abort', stop);
    own.abort();
  }
}

/** Waits before the next try, but no longer once the browser says that it is online again, or a person asks for it. */
async function pauseBefore(
  failures: number,
  failingMs: number,
  { signal, onConnection, presence }: Required<Pick<StreamOptions, 'signal' | 'onConnection' | 'presence'>>,
): Promise<void> {
  const longest = failingMs > LATER_MS ? LONGEST_WAIT_LATER_MS : LONGEST_WAIT_MS;
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), longest) * (0.8 + Math.random() * 0.4);
  const asked = new AbortController();
  const offline = !presence.online();
  const state = offline || failingMs > OFFLINE_MS ? 'offline' : 'reconnecting';
  onConnection({ state, until: Date.now() + wait, retry: () => asked.abort() });
  const either = AbortSignal.any([signal, asked.signal]);
  await untilPresence(presence, () => offline && presence.online(), { ms: wait, signal: either });
}
