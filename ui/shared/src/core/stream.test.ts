import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PagePresence } from './page-presence.ts';
import { errorOf } from './problem.ts';
import { type Connection, followStream, type StreamOptions } from './stream.ts';
import type { StreamFrame } from './frames.ts';

/** A page that a test hides, shows, and takes off the network. */
class TestPage implements PagePresence {
  isHidden = false;
  isOnline = true;
  readonly #listeners = new Set<() => void>();
  hidden = (): boolean => this.isHidden;
  online = (): boolean => this.isOnline;
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  set(change: Partial<Pick<TestPage, 'isHidden' | 'isOnline'>>): void {
    Object.assign(this, change);
    for (const listener of this.#listeners) listener();
  }
}

let server: ReturnType<typeof createServer>;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let stop: AbortController;
let page: TestPage;
let frames: StreamFrame[];
let states: Connection[];
let asked: (string | undefined)[];
let streams: ServerResponse[];

beforeEach(async () => {
  [stop, page, frames, states, asked, streams] = [new AbortController(), new TestPage(), [], [], [], []];
  server = createServer((request, response) => {
    const id = request.headers['last-event-id'];
    asked.push(typeof id === 'string' ? id : undefined);
    answer(request, response);
  });
  answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    streams.push(response);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(async () => {
  stop.abort();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function follow(more: Partial<StreamOptions> = {}): Promise<void> {
  return followStream({
    async open(headers, signal) {
      const response = await fetch(url, { headers, signal });
      if (!response.ok) throw await errorOf(response);
      return response;
    },
    onFrame: (frame) => void frames.push(frame),
    onConnection: (connection) => void states.push(connection),
    signal: stop.signal,
    presence: page,
    slot: () => Promise.resolve({ release: () => undefined }),
    ...more,
  });
}

const said = (): string[] => states.map(({ state }) => state);
const send = (seq: number): void => void streams.at(-1)?.write(`id: b:${seq}\nevent: step\ndata: {"seq":${seq}}\n\n`);

describe('2.7 one stream', () => {
  it('goes on behind the last event after a cut, and says meanwhile when it tries again', async () => {
    void follow();
    await vi.waitUntil(() => streams.length === 1);
    send(1);
    send(2);
    await vi.waitUntil(() => frames.length === 2);
    streams[0]?.destroy();
    await vi.waitUntil(() => streams.length === 2);
    send(3);
    await vi.waitUntil(() => frames.length === 3);
    expect(frames.map(({ data }) => data)).toEqual([{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
    expect(asked).toEqual([undefined, 'b:2']);
    expect(said()).toEqual(['connecting', 'live', 'reconnecting', 'live']);
  });

  it('is tried at once when a person asks for it, or when the network is back', async () => {
    void follow();
    await vi.waitUntil(() => streams.length === 1);
    page.set({ isOnline: false });
    streams[0]?.destroy();
    await vi.waitUntil(() => said().includes('offline'));
    page.set({ isOnline: true });
    await vi.waitUntil(() => streams.length === 2);
    streams[1]?.destroy();
    await vi.waitUntil(() => states.at(-1)?.state === 'reconnecting');
    const waiting = states.at(-1);
    if (waiting && 'retry' in waiting) waiting.retry();
    await vi.waitUntil(() => streams.length === 3);
    expect(said()).toEqual(['connecting', 'live', 'offline', 'live', 'reconnecting', 'live']);
  });

  it('is closed 10 s after the page was hidden, not before, and goes on when it is shown', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      void follow();
      await vi.waitUntil(() => streams.length === 1);
      send(1);
      await vi.waitUntil(() => frames.length === 1);
      page.set({ isHidden: true });
      vi.advanceTimersByTime(9_000);
      page.set({ isHidden: false });
      page.set({ isHidden: true });
      vi.advanceTimersByTime(9_000);
      expect(states.at(-1)?.state).toBe('live');
      vi.advanceTimersByTime(2_000);
      await vi.waitUntil(() => states.at(-1)?.state === 'asleep');
      expect(streams).toHaveLength(1);
      page.set({ isHidden: false });
      await vi.waitUntil(() => streams.length === 2);
      expect(asked).toEqual([undefined, 'b:1']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends with the refusal that a new try would not change', async () => {
    answer = (_request, response) => response.writeHead(404).end('{"code":"run_not_found"}');
    await expect(follow()).rejects.toMatchObject({ problem: { status: 404, code: 'run_not_found' } });
    expect(asked).toHaveLength(1);
  });

  it('without a connection of its own a page asks for what is new instead', async () => {
    const given = [{ id: 'b:1', event: 'step', data: 1 }];
    const cursors: (string | undefined)[] = [];
    void follow({
      slot: () => Promise.resolve(null),
      poll(id) {
        cursors.push(id);
        return Promise.resolve(given.splice(0));
      },
    });
    await vi.waitUntil(() => cursors.length === 2, { timeout: 5_000 });
    expect(cursors).toEqual([undefined, 'b:1']);
    expect(frames).toHaveLength(1);
    expect(states.at(-1)?.state).toBe('live');
    expect(streams).toHaveLength(0);
  });
});
