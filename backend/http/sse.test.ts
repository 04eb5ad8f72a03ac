import { setTimeout as sleep } from 'node:timers/promises';
import { WfmError } from '@wfm/workflow-engine/errors';
import { afterEach, describe, expect, test } from 'vitest';
import { clientSignal, defineRoute, type HttpApp, sse, type SseFrame } from './index.ts';
import { frameText } from './sse.ts';
import { createTestApp } from './testing/http-rig.ts';

type Source = (signal: AbortSignal) => AsyncIterable<SseFrame>;

const apps: HttpApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function serve(source: Source, heartbeatMs?: number): Promise<{ app: HttpApp; url: string }> {
  const route = defineRoute({
    method: 'GET',
    path: '/stream',
    access: 'user',
    schema: { summary: 'Streams', tags: ['test'] },
    handler: ({ request, reply }) => {
      const signal = clientSignal(request);
      return sse(reply, source(signal), heartbeatMs === undefined ? { signal } : { signal, heartbeatMs });
    },
  });
  const app = await createTestApp([route]);
  apps.push(app);
  return { app, url: `${await app.listen({ host: '127.0.0.1', port: 0 })}/stream` };
}

/** Frames, then silence until the signal is aborted; counts how often it ended. */
function waiting(frames: SseFrame[], ended: { count: number }): Source {
  return async function* (signal) {
    try {
      yield* frames;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    } finally {
      ended.count += 1;
    }
  };
}

async function readUntil(reply: Response, text: string): Promise<string> {
  let read = '';
  const decoder = new TextDecoder();
  for await (const chunk of reply.body ?? []) {
    read += decoder.decode(chunk, { stream: true });
    if (read.includes(text)) break;
  }
  return read;
}

describe('event streams', () => {
  test('a frame is one line of each kind, whatever is in it', () => {
    expect(frameText({ id: 'b:1', event: 'x', data: { text: 'two\nlines' } })).toBe(
      'id: b:1\nevent: x\ndata: {"text":"two\\nlines"}\n\n',
    );
    expect(frameText({ id: 'a\nevent: y', event: 'x\r\ndata: 1', data: null })).toBe(
      'id: a event: y\nevent: x  data: 1\ndata: null\n\n',
    );
  });

  test('frames arrive with the headers of a stream', async () => {
    const { url } = await serve(
      waiting(
        [
          { id: 'b:0', event: 'first', data: { a: 1 } },
          { event: 'progress', data: {} },
        ],
        { count: 0 },
      ),
    );
    const reply = await fetch(url);
    expect(reply.headers.get('content-type')).toContain('text/event-stream');
    expect(reply.headers.get('cache-control')).toContain('no-cache');
    expect(reply.headers.get('vary')).toContain('Origin');
    const text = await readUntil(reply, 'progress');
    expect(text).toContain('id: b:0\nevent: first\ndata: {"a":1}\n\nevent: progress\n');
  });

  test('silence is filled with comments', async () => {
    const { url } = await serve(waiting([], { count: 0 }), 20);
    expect(await readUntil(await fetch(url), ': still here\n\n: still here')).toContain(': connected');
  });

  test('a client that goes away ends the source', async () => {
    const ended = { count: 0 };
    const { url } = await serve(waiting([{ event: 'first', data: 1 }], ended));
    const gone = new AbortController();
    const reply = await fetch(url, { signal: gone.signal });
    await readUntil(reply, 'first');
    gone.abort();
    await expect.poll(() => ended.count).toBe(1);
  });

  test('R15 a closing server says good-bye, and closes in time', async () => {
    const ended = { count: 0 };
    const { app, url } = await serve(waiting([{ event: 'first', data: 1 }], ended));
    const reply = await fetch(url);
    const text = readUntil(reply, 'event: shutdown');
    await sleep(20);
    await app.close();
    expect(await text).toMatch(/event: first\n.*event: shutdown\ndata: \{\}/s);
    await expect.poll(() => ended.count).toBe(1);
  });

  test('an error in the middle is a frame with a problem, without its cause', async () => {
    const { url } = await serve(async function* () {
      yield { event: 'first', data: 1 };
      throw new WfmError('run_not_found', 'There is no such run.');
    });
    expect(await (await fetch(url)).text()).toMatch(/event: error\ndata: .*"code":"run_not_found"/);
    const other = await serve(async function* () {
      yield { event: 'first', data: 1 };
      throw new Error('/etc/secret');
    });
    const text = await (await fetch(other.url)).text();
    expect(text).toContain('internal_error');
    expect(text).not.toContain('secret');
  });

  test('a client that does not read holds the source back', async () => {
    let made = 0;
    const { url } = await serve(async function* (signal) {
      while (!signal.aborted && made < 5_000) {
        made += 1;
        yield { event: 'big', data: 'x'.repeat(10_000) };
      }
    });
    const gone = new AbortController();
    const reply = await fetch(url, { signal: gone.signal });
    await reply.body?.getReader().read();
    await sleep(300);
    expect(made).toBeLessThan(2_000);
    gone.abort();
  });
});
