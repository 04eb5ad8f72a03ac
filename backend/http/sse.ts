import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { problemOf } from './problem.ts';

export interface SseFrame {
  id?: string;
  event: string;
  data: unknown;
}

export interface SseOptions {
  /** A comment keeps the line open; 15 s by default. */
  heartbeatMs?: number;
  /** Ends the stream; give `frames` the same signal, so that they end too. */
  signal: AbortSignal;
}

/**
 * Answers with an event stream of `frames` until they end, the client goes, or the server closes (`event: shutdown`).
 * A slow client slows the frames down. An error in the middle becomes `event: error` with a problem in it.
 */
export function sse(reply: FastifyReply, frames: AsyncIterable<SseFrame>, options: SseOptions): FastifyReply {
  void reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-cache, no-transform')
    // A proxy that collects the answer would deliver it when it is over.
    .header('x-accel-buffering', 'no')
    // Kept alive, the connection would outlive the stream, and a closing server would wait for it.
    .header('connection', 'close');
  return reply.send(Readable.from(textOf(reply, frames, options), { objectMode: false, highWaterMark: 16_384 }));
}

async function* textOf(
  reply: FastifyReply,
  frames: AsyncIterable<SseFrame>,
  options: SseOptions,
): AsyncGenerator<string> {
  const { draining } = reply.server;
  const bell = new Bell([options.signal, draining]);
  const source = frames[Symbol.asyncIterator]();
  // Sends the headers at once, so that a client knows that it is connected before anything happens.
  yield ': connected\n\n';
  try {
    let pending = source.next();
    for (;;) {
      const got = await bell.next(pending, options.heartbeatMs ?? 15_000);
      if (options.signal.aborted) return;
      if (draining.aborted) {
        yield frameText({ event: 'shutdown', data: {} });
        return;
      }
      if (got === 'silence') {
        yield ': still here\n\n';
        continue;
      }
      if (got === 'rung' || got.done === true) return;
      yield frameText(got.value);
      pending = source.next();
    }
  } catch (error) {
    const { status, body } = problemOf(error, reply.request.id);
    if (status >= 500) reply.log.error({ err: error }, 'stream failed');
    yield frameText({ event: 'error', data: body });
  } finally {
    bell.close();
    // Not awaited: a source that waits for news ends by its signal, not by this.
    source.return?.(undefined).catch(() => undefined);
  }
}

/** One frame as text. JSON has no raw line breaks, so one `data:` line holds it. */
export function frameText({ id, event, data }: SseFrame): string {
  const head = id === undefined ? '' : `id: ${oneLine(id)}\n`;
  return `${head}event: ${oneLine(event)}\ndata: ${JSON.stringify(data)}\n\n`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\0]/g, ' ');
}

/** Waits for a frame, an abort or a silence, whichever is first, without leaving listeners behind. */
class Bell {
  readonly #signals: AbortSignal[];
  readonly #rung = Promise.withResolvers<'rung'>();
  readonly #ring = (): void => this.#rung.resolve('rung');

  constructor(signals: AbortSignal[]) {
    this.#signals = signals;
    for (const signal of signals) {
      if (signal.aborted) this.#ring();
      signal.addEventListener('abort', this.#ring, { once: true });
    }
  }

  async next<T>(pending: Promise<T>, silenceMs: number): Promise<T | 'rung' | 'silence'> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<'silence'>((resolve) => {
      timer = setTimeout(() => resolve('silence'), silenceMs);
    });
    try {
      return await Promise.race([pending, this.#rung.promise, silence]);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    for (const signal of this.#signals) signal.removeEventListener('abort', this.#ring);
  }
}
