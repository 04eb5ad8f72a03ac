import { expect, test } from 'vitest';
import type { JsonObject } from '@wfm/workflow-engine/models';
import { faultOf, readOutput, testContext, throughJson } from '../media-rig.ts';
import { type MediaBench, patience } from './bench.ts';

/** Orders that go well, that are looked at, fetched and cancelled (format.md 15.5; security.md S6). */
export function orderContract(bench: MediaBench): void {
  const { has, rig, provider, requestFor, run, fails } = bench;
  const { apiKey, way } = bench.options;

  test('15.5 an order gives real files, once', async () => {
    const context = testContext({ apiKey });
    const { result, operation } = await run('a lake at dusk', context);
    expect(operation !== null).toBe(way === 'started');
    expect(rig().creates()).toBe(1);
    expect(result.outputs.length).toBeGreaterThan(0);
    for (const output of result.outputs) {
      expect('url' in output.source ? 'url' : 'data').toBe(bench.options.results);
      expect(output.mime.split('/')[0]).toBe(bench.options.media);
      expect(await readOutput(rig().download, output)).toMatch(new RegExp(`^${bench.options.media}/`));
    }
    expect(JSON.stringify(result.response).length).toBeLessThan(100_000);
    if (has('network')) expect(context.calls.length).toBeGreaterThan(0);
  });

  if (way === 'started') {
    test('another process goes on with an order that this one began', async () => {
      const submitted = await provider().submit(requestFor('!slow:4 a lake'), testContext({ apiKey }));
      if (submitted.kind !== 'started') throw new Error('expected an operation');
      expect(submitted.pollAfterMs).toBeGreaterThan(0);
      let operation = throughJson(submitted.operation);
      for (let looks = 1; looks < 4; looks += 1) {
        const polled = await rig().provider().poll!(operation, testContext({ apiKey }));
        if (polled.kind !== 'pending') throw new Error('done too early');
        expect(polled.pollAfterMs).toBeGreaterThan(0);
        operation = throughJson(polled.operation ?? operation);
      }
      expect((await rig().provider().poll!(operation, testContext({ apiKey }))).kind).toBe('done');
      expect(rig().creates()).toBe(1);
    });

    test.each(['cut-poll', 'html-poll', 'server-poll'])('a look that fails (%s) may be repeated', async (name) => {
      const submitted = await provider().submit(requestFor(`!${name}x1 a lake`), testContext({ apiKey }));
      if (submitted.kind !== 'started') throw new Error('expected an operation');
      const fault = await faultOf(provider().poll!(submitted.operation, testContext({ apiKey })));
      expect([fault.code, fault.transient, fault.params['maybe_billed']]).toEqual(['provider_failed', true, undefined]);
      expect((await provider().poll!(submitted.operation, testContext({ apiKey }))).kind).toBe('pending');
      expect(rig().creates()).toBe(1);
    });

    if (has('failing_job'))
      test('a job that the vendor refuses or gives up ends for good', async () => {
        const refused = await fails('!fail:policy a lake');
        expect([refused.code, refused.transient, refused.params['reason']]).toEqual([
          'provider_failed',
          false,
          'policy',
        ]);
        const broken = await fails('!fail:job a lake');
        expect([broken.code, broken.transient]).toEqual(['provider_failed', false]);
      });

    test('an order that is done without a file is no success', async () => {
      expect((await fails('!none a lake')).code).toBe('provider_failed');
    });
  }

  // What a held reply brings along has nothing to be fetched.
  if (bench.options.results === 'url' || way === 'started') {
    test.each([
      ['expired', 'provider_failed', false],
      ['redirect-private', 'url_refused', false],
      ['wrong-type', 'provider_failed', false],
      ['empty', 'provider_failed', false],
      ['cut-file', 'provider_failed', true],
    ])('S6 a result that is %s is not taken', async (name, code, transient) => {
      const fetched = run(`!${name} a lake`).then(({ result }) => readOutput(rig().download, result.outputs[0]!));
      const fault = await faultOf(fetched);
      expect([fault.code, fault.transient]).toEqual([code, transient]);
    });
  }

  if (has('network')) {
    test('cancelled before it begins, nobody is asked', async () => {
      const reason = new Error('cancelled');
      const context = testContext({ apiKey, signal: AbortSignal.abort(reason) });
      await expect(provider().submit(requestFor('a lake'), context)).rejects.toBe(reason);
      expect(rig().creates()).toBe(0);
    });

    test('cancelled while the vendor is silent, it ends at once and lets go of the connection', async () => {
      const reason = new Error('cancelled');
      const controller = new AbortController();
      const context = testContext({ apiKey, signal: controller.signal });
      const submitting = provider().submit(requestFor('!hang a lake'), context);
      await expect.poll(() => rig().creates(), patience).toBe(1);
      controller.abort(reason);
      await expect(submitting).rejects.toBe(reason);
      await expect.poll(() => rig().open(), patience).toBe(0);
    });
  }

  if (way === 'started') {
    const begun = async (prompt: string) => {
      const submitted = await provider().submit(requestFor(prompt), testContext({ apiKey }));
      if (submitted.kind !== 'started') throw new Error('expected an operation');
      return throughJson(submitted.operation);
    };

    test('cancelled while it works, the vendor is told where it listens; when it is done it is too late', async () => {
      const cancels = bench.options.cancels === true;
      const cancel = (operation: JsonObject) => provider().cancel!(operation, testContext({ apiKey }));
      const operation = await begun('!slow:9 a lake');
      const before = rig().requests();
      expect(await cancel(operation)).toBe(cancels ? 'cancelled' : 'unsupported');
      expect([rig().cancels(), rig().requests() - before]).toEqual(cancels ? [1, 1] : [0, 0]);
      const done = await run('a lake');
      expect(await cancel(done.operation!)).toBe(cancels ? 'too_late' : 'unsupported');
      expect(rig().cancels()).toBe(cancels ? 1 : 0);
    });

    /** Looks at an order, and aborts that while the last of so many requests has no answer. */
    const cutOff = async (operation: JsonObject, requests = 1): Promise<unknown> => {
      const controller = new AbortController();
      const before = rig().requests();
      const looking = provider().poll!(operation, testContext({ apiKey, signal: controller.signal }));
      await expect.poll(() => rig().requests(), patience).toBe(before + requests);
      controller.abort(new Error('cancelled'));
      return looking;
    };

    test('cancelled while the vendor says nothing of an order, the look ends at once and lets go', async () => {
      await expect(cutOff(await begun('!hang-poll a lake'))).rejects.toThrow('cancelled');
      await expect.poll(() => rig().open(), patience).toBe(0);
    });

    // Elsewhere a worker fetches, which is told by its own tests.
    if (bench.options.results === 'data')
      test('cancelled while a file is fetched, the transfer ends at once and lets go', async () => {
        const operation = await begun('!hang-file a lake');
        expect((await provider().poll!(operation, testContext({ apiKey }))).kind).toBe('pending');
        await expect(cutOff(operation, 2)).rejects.toThrow('cancelled');
        await expect.poll(() => rig().open(), patience).toBe(0);
      });
  }
}
