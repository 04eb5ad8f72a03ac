import { afterEach, beforeEach, describe } from 'vitest';
import type { MediaProvider } from '@wfm/workflow-engine/ports';
import type { MediaBench, MediaRig, MediaSuiteOptions } from './media-contract/bench.ts';
import { checkContract } from './media-contract/checks.ts';
import { entryContract } from './media-contract/entry.ts';
import { faultContract } from './media-contract/faults.ts';
import { orderContract } from './media-contract/orders.ts';
import { carryOut, faultOf, testContext } from './media-rig.ts';

export type { MediaRig, MediaSuiteOptions } from './media-contract/bench.ts';

/** The contract of a `MediaProvider` (ports/media-provider.ts; format.md 15, 23, 24; security.md S6, S13). */
export function mediaProviderTestsuite(options: MediaSuiteOptions): void {
  describe(`contract of ${options.name}`, () => {
    let rig: MediaRig;
    let provider: MediaProvider;
    beforeEach(async () => {
      rig = await options.start();
      provider = rig.provider();
    });
    afterEach(() => rig.close());

    const { apiKey, order } = options;
    const bench: MediaBench = {
      options,
      has: (gap) => options.lacks?.[gap] === undefined,
      rig: () => rig,
      provider: () => provider,
      requestFor: (prompt, more) => ({ inputs: [], ...order, prompt, idempotencyKey: 'key-1', ...more }),
      run: (prompt, context = testContext({ apiKey })) => carryOut(provider, bench.requestFor(prompt), context),
      fails: (prompt) => faultOf(bench.run(prompt)),
      billed: () => (provider.mayRepeat ? undefined : true),
    };
    entryContract(bench);
    checkContract(bench);
    orderContract(bench);
    faultContract(bench);
  });
}
