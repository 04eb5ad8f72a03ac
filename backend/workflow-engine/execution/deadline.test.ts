import { describe, expect, it, vi } from 'vitest';
import { expectCode } from '../testing/expect-code.ts';
import { withDeadline } from './deadline.ts';

const forever = (): Promise<never> => new Promise(() => undefined);
const never = new AbortController().signal;

describe('23 wall time of a module', () => {
  it('work that ends in time is its result, and leaves no timer behind', async () => {
    vi.useFakeTimers();
    try {
      expect(await withDeadline(1000, never, () => 'at once')).toBe('at once');
      expect(await withDeadline(1000, never, async () => 'soon')).toBe('soon');
      await expect(withDeadline(1000, never, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
      const thrown = withDeadline(1000, never, () => {
        throw new Error('at once');
      });
      await expect(thrown).rejects.toThrow('at once');
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('work that does not heed its signal ends all the same, with its signal aborted', async () => {
    let seen: AbortSignal | undefined;
    const work = withDeadline(10, never, (signal) => {
      seen = signal;
      return forever();
    });
    await expectCode(work, 'module_timeout');
    expect(seen?.aborted).toBe(true);
    expect(seen?.reason).toMatchObject({ code: 'module_timeout', params: { limit_ms: 10 } });
  });

  it('an abort from outside is passed on with its reason, at once', async () => {
    const outer = new AbortController();
    let seen: AbortSignal | undefined;
    const work = withDeadline(60_000, outer.signal, (signal) => {
      seen = signal;
      return forever();
    });
    const reason = new Error('the line was left');
    outer.abort(reason);
    await expect(work).rejects.toBe(reason);
    expect(seen?.reason).toBe(reason);
  });

  it('nothing begins under a signal that is aborted already', async () => {
    const work = vi.fn(forever);
    await expect(withDeadline(1000, AbortSignal.abort(new Error('over')), work)).rejects.toThrow('over');
    expect(work).not.toHaveBeenCalled();
  });

  it('an abort after the end changes nothing, and nobody is told of it', async () => {
    const outer = new AbortController();
    expect(await withDeadline(1000, outer.signal, () => 1)).toBe(1);
    outer.abort(new Error('too late'));
    await new Promise((resolve) => setImmediate(resolve));
  });
});
