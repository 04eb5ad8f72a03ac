import { describe, expect, it } from 'vitest';
import { createTestClock, scriptedLlm } from '@wfm/workflow-engine/testing';
import { measureBusyTime } from './busy-time.ts';

const request = { provider: '', model: undefined, messages: [] };

describe('23 the time that a preview is busy by itself', () => {
  it('runs while nothing is open, and stands while calls are, however many', async () => {
    const clock = createTestClock();
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const llm = scriptedLlm((_request, call) => answers[call - 1]?.promise ?? '');
    const busy = measureBusyTime({ llm, http: { fetch: () => Promise.reject(new Error('refused')) }, clock });
    const options = { signal: new AbortController().signal, idempotencyKey: 'k' };
    clock.advance(100);
    const first = busy.llm.generate(request, options);
    clock.advance(1000);
    const second = busy.llm.generate(request, options);
    clock.advance(1000);
    expect(busy.busyMs()).toBe(100);
    answers[0]?.resolve('a');
    await first;
    clock.advance(1000);
    expect(busy.busyMs()).toBe(100);
    answers[1]?.resolve('b');
    await second;
    clock.advance(50);
    expect(busy.busyMs()).toBe(150);
  });

  it('stands while a failed call waits to be tried again, and goes on after a refusal', async () => {
    const clock = createTestClock();
    const busy = measureBusyTime({
      llm: scriptedLlm(),
      http: { fetch: () => Promise.reject(new Error('refused')) },
      clock,
    });
    const waiting = busy.clock.sleep(4000);
    clock.advance(4000);
    await waiting;
    const fetched = busy.http.fetch({
      url: 'https://example.org',
      method: 'GET',
      headers: {},
      timeoutMs: 1,
      maxBytes: 1,
      signal: new AbortController().signal,
    });
    await expect(fetched).rejects.toThrow('refused');
    clock.advance(20);
    expect(busy.busyMs()).toBe(20);
  });
});
