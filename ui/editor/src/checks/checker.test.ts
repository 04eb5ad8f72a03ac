import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { documentOf } from '../document/document.ts';
import { createChecker } from './checker.ts';
import type { CheckRequest } from './check-messages.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Workers that answer when the test says so. */
function rig() {
  const workers: { asked: CheckRequest[]; ended: boolean; answer(): void }[] = [];
  const start = (): Worker => {
    const listeners: ((event: { data: unknown }) => void)[] = [];
    const worker = {
      asked: [] as CheckRequest[],
      ended: false,
      answer() {
        const request = this.asked.at(-1);
        const data = { id: request?.id, diagnostics: [], state: { writes: [], reads: [] }, resolved: request?.files };
        for (const listener of listeners) listener({ data });
      },
    };
    workers.push(worker);
    return {
      addEventListener: (type: string, listener: never) => void (type === 'message' && listeners.push(listener)),
      postMessage: (request: CheckRequest) => void worker.asked.push(request),
      terminate: () => void (worker.ended = true),
    } as Partial<Worker> as Worker;
  };
  return { workers, checker: createChecker(start) };
}

const written = (text: string) => documentOf({ 'prompt.j2': text }, 'workflow.json');

test('E15 one document is checked once, and of those that wait the newest goes first', async () => {
  const { workers, checker } = rig();
  const first = written('one');
  const checks = [first, written('two'), written('three'), first].map((document) => checker.check(document));
  for (let count = 0; count < 3; count += 1) {
    workers[0]?.answer();
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(workers[0]?.asked.map(({ files }) => files['prompt.j2'])).toEqual(['one', 'three', 'two']);
  expect(await checks[3]).toBe(await checks[0]);
});

test('E15 a worker that is busy for two seconds is ended; the next check has a new one, and the same text another chance', async () => {
  const { workers, checker } = rig();
  const hard = written('hard');
  const checked = checker.check(hard);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await checked).toEqual({ failed: 'too_long' });
  expect(workers[0]?.ended).toBe(true);
  const again = checker.check(hard);
  workers[1]?.answer();
  expect(await again).toMatchObject({ resolved: { 'prompt.j2': 'hard' } });
});
