import { describe, expect, it } from 'vitest';
import { type ErrorCode, isWfmError } from '@wfm/workflow-engine/errors';
import { PreviewSlots } from './preview-slots.ts';

const limits = { running: 4, queued: 6, runningPerAuthor: 1, queuedPerAuthor: 2 };

/** A preview that lasts until the test ends it, or until its signal does. */
function preview(slots: PreviewSlots, userId: string, previewKey?: string) {
  const client = new AbortController();
  const end = Promise.withResolvers<string>();
  let begun = false;
  const done = slots.run({ userId, previewKey, signal: client.signal }, async (signal) => {
    begun = true;
    signal.addEventListener('abort', () => end.reject(signal.reason as Error), { once: true });
    return end.promise;
  });
  const outcome = done.catch((error: unknown): ErrorCode | string => (isWfmError(error) ? error.code : String(error)));
  return {
    outcome,
    begun: () => begun,
    finish: () => end.resolve('done'),
    leave: () => client.abort(new Error('gone')),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('preview slots', () => {
  it('run one of an author at a time, in the order in which they came', async () => {
    const slots = new PreviewSlots(limits);
    const [first, second, third] = [preview(slots, 'a'), preview(slots, 'a'), preview(slots, 'a')];
    await turn();
    expect([first.begun(), second.begun(), third.begun()]).toEqual([true, false, false]);
    first.finish();
    expect(await first.outcome).toBe('done');
    await turn();
    expect([second.begun(), third.begun()]).toEqual([true, false]);
    second.finish();
    third.finish();
    expect(await Promise.all([second.outcome, third.outcome])).toEqual(['done', 'done']);
    expect(slots.counts).toEqual({ running: 0, queued: 0 });
  });

  it('refuse the fourth of an author at once, and let another author in', async () => {
    const slots = new PreviewSlots(limits);
    const three = [preview(slots, 'a'), preview(slots, 'a'), preview(slots, 'a')];
    expect(await preview(slots, 'a').outcome).toBe('preview_busy');
    const other = preview(slots, 'b');
    await turn();
    expect(other.begun()).toBe(true);
    for (const one of [...three, other]) one.finish();
    await Promise.all(three.map((one) => one.outcome));
  });

  it('refuse when too many wait in all', async () => {
    const slots = new PreviewSlots(limits);
    const all = Array.from({ length: 10 }, (_, index) => preview(slots, `user-${index}`));
    await turn();
    expect(slots.counts).toEqual({ running: 4, queued: 6 });
    expect(await preview(slots, 'late').outcome).toBe('preview_busy');
    for (const one of all) one.finish();
    expect(new Set(await Promise.all(all.map((one) => one.outcome)))).toEqual(new Set(['done']));
  });

  it('10.10.5 a newer request with the same key ends the older and takes its place', async () => {
    const slots = new PreviewSlots(limits);
    const [older, waiting] = [preview(slots, 'a', 'tab-1'), preview(slots, 'a', 'tab-2')];
    await turn();
    const newer = preview(slots, 'a', 'tab-1');
    expect(await older.outcome).toBe('preview_superseded');
    await turn();
    expect([newer.begun(), waiting.begun()]).toEqual([true, false]);
    const newest = preview(slots, 'a', 'tab-1');
    expect(await newer.outcome).toBe('preview_superseded');
    newest.finish();
    waiting.finish();
    expect(await Promise.all([newest.outcome, waiting.outcome])).toEqual(['done', 'done']);
  });

  it('10.10.5 a key of another author ends nothing', async () => {
    const slots = new PreviewSlots(limits);
    const [mine, theirs] = [preview(slots, 'a', 'tab'), preview(slots, 'b', 'tab')];
    await turn();
    expect([mine.begun(), theirs.begun()]).toEqual([true, true]);
    mine.finish();
    theirs.finish();
    expect(await Promise.all([mine.outcome, theirs.outcome])).toEqual(['done', 'done']);
  });

  it('whoever superseding fills the last place is not refused', async () => {
    const slots = new PreviewSlots(limits);
    const three = ['x', 'y', 'z'].map((key) => preview(slots, 'a', key));
    const newer = preview(slots, 'a', 'y');
    expect(await three[1]?.outcome).toBe('preview_superseded');
    for (const one of [...three, newer]) one.finish();
    expect(await newer.outcome).toBe('done');
  });

  it('a client that goes while it waits leaves no trace', async () => {
    const slots = new PreviewSlots(limits);
    const [first, second] = [preview(slots, 'a'), preview(slots, 'a')];
    await turn();
    second.leave();
    expect(await second.outcome).toBe('Error: gone');
    expect(second.begun()).toBe(false);
    first.leave();
    expect(await first.outcome).toBe('Error: gone');
    expect(slots.counts).toEqual({ running: 0, queued: 0 });
  });
});
