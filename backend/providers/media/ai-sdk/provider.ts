import type { MediaContext, MediaProvider } from '@wfm/workflow-engine/ports';
import { estimateByTable } from '../catalogue/estimate.ts';
import { sampleMetadata } from '../catalogue/sample-metadata.ts';
import { checkChoice, checkRequest } from '../support/check-request.ts';
import { publicModels } from '../support/public-models.ts';
import { authOf, faultContextOf } from '../support/vendor-call.ts';
import type { SdkVendor } from './vendor.ts';

/**
 * A vendor of the catalogue, asked through the Vercel AI SDK. One order is one request to the vendor, never repeated
 * here. Pictures, speech and transcripts that a vendor makes while one waits come back at once; orders that it works on
 * by itself come back as an operation, so that any process can go on looking for the result.
 */
export function aiSdkMediaProvider(vendor: SdkVendor): MediaProvider {
  const { models, asOf, ...catalogue } = vendor.catalogue;
  const { site } = vendor;
  const ready = vendor.apiKey !== undefined;
  const entry = { ...catalogue, ready, ...(ready ? {} : { reason: `No key: set ${site.keySetting}.` }) };
  const offer = { ...entry, models };
  const begin = (context: MediaContext): void => {
    context.signal.throwIfAborted();
    authOf(site, context, faultContextOf(site, context));
  };
  return {
    info: () => ({ ...structuredClone(entry), models: publicModels(models) }),
    metadata: async (action, context) => sampleMetadata(offer, action, context.now),
    estimate: async (request, context) => {
      const { model, params } = checkChoice(offer, request, context.now);
      return estimateByTable(model, request.prompt, params, asOf);
    },
    submit: async (request, context) => {
      const { model, params } = checkRequest(offer, request, context.now);
      begin(context);
      // Loaded with the first order: the SDK takes longer to start than the rest of the program.
      const { submitOrder } = await import('./orders.ts');
      return submitOrder(vendor, model, { ...request, params }, context);
    },
    poll: async (operation, context) => {
      begin(context);
      const { lookForResult } = await import('./orders.ts');
      return lookForResult(vendor, operation, context);
    },
    cancel: async (operation, context) => {
      if (vendor.jobs?.cancel === undefined) return 'unsupported';
      begin(context);
      return vendor.jobs.cancel(operation, site, context);
    },
    mayRepeat: false,
  };
}
