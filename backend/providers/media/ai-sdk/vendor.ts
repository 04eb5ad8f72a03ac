import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaContext, Money, VendorProgress } from '@wfm/workflow-engine/ports';
import type { VendorCatalogue } from '../catalogue/entry.ts';
import type { FaultContext } from '../support/vendor-fault.ts';
import type { VendorSite } from '../support/vendor-call.ts';
import type { SdkModels } from './sdk.ts';

/** What the server's configuration says of one vendor. */
export interface SdkVendorSettings {
  /** The server's own key; users may bring theirs. */
  apiKey: string | undefined;
  /** Without a slash at the end. */
  baseUrl: string;
}

/** One vendor of the AI SDK; the rest is the same for all (provider.ts). */
export interface SdkVendor {
  catalogue: VendorCatalogue;
  site: VendorSite;
  apiKey: string | undefined;
  /** Loads the vendor's package, which a process that makes no media need not carry. */
  models(apiKey: string, fetch: typeof globalThis.fetch): Promise<SdkModels>;
  /** Under which name the SDK takes the vendor's own options. */
  optionsName: string;
  /** How the SDK spells them: `promptUpsampling`, or as the vendor does. */
  optionCase: 'camel' | 'snake';
  /** Parameters that the SDK knows by a setting of its own, but sends wrongly for this vendor. */
  ownOptions?: readonly string[];
  /** Addresses that the SDK has fixed in its code, by their origins: where they lead instead. */
  rewrite?: Readonly<Record<string, string>>;
  /** Headers of the SDK that are not sent. */
  dropHeaders?: readonly string[];
  /** Of a vendor that works on orders by itself. Absent: it answers with the result, or the SDK looks for it. */
  jobs?: JobApi;
  /** For results that only the key opens. */
  fetchResult?(url: string, context: MediaContext): Promise<Uint8Array>;
}

/** A vendor's jobs: found again by any process, looked at without a loop. */
export interface JobApi {
  /** Reads the reply to an order: what finds it again. Throws a fault of `provider_failed` for another shape. */
  begun(reply: unknown, model: string, fault: FaultContext): JsonObject;
  look(job: JsonObject, site: VendorSite, context: MediaContext): Promise<JobLook>;
  cancel?(job: JsonObject, site: VendorSite, context: MediaContext): Promise<'cancelled' | 'too_late' | 'unsupported'>;
}

export type JobLook =
  | { state: 'pending'; progress: VendorProgress }
  /** The vendor began and gave up; final. */
  | { state: 'failed'; message: string }
  | { state: 'done'; files: JobFile[]; text?: string; cost?: Money; response: JsonObject };

export interface JobFile {
  url: string;
  /** As the vendor says, if it does. */
  mime?: string | undefined;
  seed?: number | undefined;
}
