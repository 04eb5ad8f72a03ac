import { expect, test } from 'vitest';
import { faultOf, testContext } from '../media-rig.ts';
import { type MediaBench, patience } from './bench.ts';

/** What a vendor answers when it does not work, and what may be done then (format.md 24; security.md S13). */
export function faultContract(bench: MediaBench): void {
  const { has, rig, provider, requestFor, run, fails, billed } = bench;
  const { apiKey } = bench.options;

  if (has('rate'))
    test('24 a rate limit is transient, tells how long to wait, and orders nothing', async () => {
      const fault = await fails('!429x1 a lake');
      expect([fault.code, fault.transient, fault.params['reason']]).toEqual(['provider_rate_limited', true, 'rate']);
      expect(fault.params['maybe_billed']).toBeUndefined();
      expect(fault.retryAfterMs === undefined || fault.retryAfterMs > 0).toBe(true);
      expect(rig().creates()).toBe(0);
      expect((await run('!429x1 a lake')).result.outputs.length).toBeGreaterThan(0);
      expect(rig().creates()).toBe(1);
    });

  if (has('busy'))
    test('the other kind of rate limit is told apart', async () => {
      const fault = await fails('!busy a lake');
      expect([fault.code, fault.transient]).toEqual(['provider_rate_limited', true]);
      expect(['concurrency', 'busy']).toContain(fault.params['reason']);
    });

  if (has('credits'))
    test('an empty account is final', async () => {
      const fault = await fails('!credits a lake');
      expect([fault.code, fault.transient]).toEqual(['provider_credits', false]);
    });

  if (has('key'))
    test('a refused key is final, a missing one asks nobody', async () => {
      const refused = await fails('!auth a lake');
      expect([refused.code, refused.transient]).toEqual(['provider_auth', false]);
      const before = rig().requests();
      const missing = await faultOf(provider().submit(requestFor('a lake'), testContext()));
      expect([missing.code, rig().requests()]).toEqual(['provider_not_configured', before]);
    });

  if (has('policy'))
    test('a refusal is final and says why', async () => {
      const fault = await fails('!policy a lake');
      expect([fault.code, fault.transient, fault.params['reason']]).toEqual(['provider_failed', false, 'policy']);
      expect(fault.message).toMatch(/It says: .{10}/);
      expect(fault.message.length).toBeLessThan(500);
    });

  if (has('network')) {
    test('a fault of the vendor’s server is transient, but may be billed', async () => {
      const fault = await fails('!500 a lake');
      expect([fault.code, fault.transient, fault.params['maybe_billed']]).toEqual(['provider_failed', true, billed()]);
    });

    test('a reply that breaks off is transient, but may be billed', async () => {
      const fault = await fails('!cut a lake');
      expect([fault.code, fault.transient, fault.params['maybe_billed']]).toEqual(['provider_failed', true, billed()]);
    });
  }

  if (has('html'))
    test('a reply that is a page is a fault, and may be billed', async () => {
      const fault = await fails('!html a lake');
      expect([fault.code, fault.params['maybe_billed']]).toEqual(['provider_failed', billed()]);
      expect(fault.message).not.toContain('<');
    });

  if (has('huge'))
    test('23 a reply without end is cut', async () => {
      const fault = await fails('!huge a lake');
      expect(['provider_failed', 'content_too_large']).toContain(fault.code);
      expect([fault.transient, fault.params['maybe_billed']]).toEqual([false, billed()]);
      await expect.poll(() => rig().open(), patience).toBe(0);
    });

  if (has('key'))
    test('S13 no key stands in what is kept: calls, results, operations, errors', async () => {
      const kept: unknown[] = [];
      const scenarios = ['a lake', '!policy a lake', '!500 a lake', '!html a lake', '!cut a lake', '!auth a lake'];
      for (const prompt of has('echo_key') ? [...scenarios, '!echo-key a lake'] : scenarios) {
        const context = testContext({ apiKey });
        const outcome = await run(prompt, context).catch((fault: unknown) => fault);
        const shown =
          outcome instanceof Error ? { ...outcome, message: outcome.message, cause: String(outcome.cause) } : outcome;
        kept.push(context.calls, shown);
        if (outcome instanceof Error) expect(context.calls.some((call) => call.error !== null)).toBe(true);
      }
      const text = JSON.stringify(kept, (_name, value: unknown) => (value instanceof Uint8Array ? '(bytes)' : value));
      expect(text).not.toContain(apiKey!);
      expect(text).not.toContain(Buffer.from(apiKey!).toString('base64').slice(0, 20));
    });
}
