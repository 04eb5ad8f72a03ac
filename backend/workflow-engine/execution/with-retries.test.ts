import { describe, expect, it } from 'vitest';
import { WfmError } from '../errors/index.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { withRetries } from './with-retries.ts';

const transient = (retryAfterMs?: number): WfmError =>
  new WfmError('llm_unavailable', 'Later.', {
    transient: true,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs work that fails with the given faults one after the other; `after(ms)` says how often it was tried by then. */
function retried(faults: (Error | undefined)[], signal = new AbortController().signal) {
  const clock = createTestClock();
  let tries = 0;
  const done = withRetries(clock, signal, async () => {
    const fault = faults[tries];
    tries += 1;
    if (fault !== undefined) throw fault;
    return `try ${tries}`;
  });
  done.catch(() => undefined);
  const after = async (ms: number): Promise<number> => {
    await settled();
    clock.advance(ms);
    await settled();
    return tries;
  };
  return { done, after };
}

describe('10.3.6 transient faults', () => {
  it('are tried again after 1 s and after 4 s, and then given up', async () => {
    const { done, after } = retried([transient(), transient(), transient(), undefined]);
    expect(await after(0)).toBe(1);
    expect(await after(999)).toBe(1);
    expect(await after(1)).toBe(2);
    expect(await after(3999)).toBe(2);
    expect(await after(1)).toBe(3);
    await expect(done).rejects.toMatchObject({ code: 'llm_unavailable' });
  });

  it('end as soon as a try succeeds', async () => {
    const { done, after } = retried([transient()]);
    await after(1000);
    expect(await done).toBe('try 2');
  });

  it("keep the vendor's retry_after up to 30 s, and do not wait longer than that", async () => {
    const patient = retried([transient(30_000), transient(1)]);
    expect(await patient.after(29_999)).toBe(1);
    expect(await patient.after(1)).toBe(2);
    expect(await patient.after(1)).toBe(3);
    expect(await patient.done).toBe('try 3');
    const long = retried([transient(30_001)]);
    expect(await long.after(60_000)).toBe(1);
    await expect(long.done).rejects.toMatchObject({ code: 'llm_unavailable' });
  });

  it('others fail at once, also after a transient one', async () => {
    const first = retried([new WfmError('llm_refused', 'No.')]);
    await expect(first.done).rejects.toMatchObject({ code: 'llm_refused' });
    const second = retried([transient(), new TypeError('a bug')]);
    expect(await second.after(1000)).toBe(2);
    await expect(second.done).rejects.toThrow(TypeError);
  });

  it('an abort ends the waiting with its reason, and nothing is tried again', async () => {
    const controller = new AbortController();
    const { done, after } = retried([transient(), transient()], controller.signal);
    await after(0);
    controller.abort(new Error('cancelled'));
    await expect(done).rejects.toThrow('cancelled');
    expect(await after(60_000)).toBe(1);
  });

  it('a fault under an aborted signal is not waited for', async () => {
    const { done } = retried([transient()], AbortSignal.abort(new Error('cancelled')));
    await expect(done).rejects.toMatchObject({ code: 'llm_unavailable' });
  });
});
