import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaAction, MediaInput, MediaProvider, MediaRequest } from '@wfm/workflow-engine/ports';
import type { WfmError } from '@wfm/workflow-engine/errors';
import type { MediaDownload } from '../../media/support/download.ts';
import type { carryOut, TestContext } from '../media-rig.ts';

/** A provider against a fake of its vendor that knows the scenarios of `fakes/scenario.ts`. */
export interface MediaRig {
  /** A new instance each time, as another process would have one. */
  provider(): MediaProvider;
  download: MediaDownload;
  /** Orders that the vendor accepted, so would bill. */
  creates(): number;
  /** Orders that the vendor was told to give up. */
  cancels(): number;
  /** All requests that the vendor got. */
  requests(): number;
  /** Connections to the vendor that are open now. */
  open(): number;
  close(): Promise<void>;
}

/** What a vendor may lack; each must be declared with its reason. */
export type MediaGap =
  | 'key'
  | 'rate'
  | 'busy'
  | 'credits'
  | 'policy'
  | 'failing_job'
  | 'huge'
  | 'html'
  | 'prompt_limit'
  | 'retired'
  | 'metadata'
  | 'echo_key'
  | 'network';

export interface MediaSuiteOptions {
  name: string;
  start(): Promise<MediaRig>;
  apiKey: string | null;
  order: { action: MediaAction; model: string | null; params: JsonObject; inputs?: MediaInput[] };
  /** `held`: submit waits for the result; `started`: it is looked for. */
  way: 'held' | 'started';
  results: 'url' | 'data';
  media: 'image' | 'audio' | 'video';
  /** Parameters of ever larger orders. */
  growing: JsonObject[];
  /** True where the vendor gives a running order up when it is told to. */
  cancels?: boolean;
  /** A model that is retired at `now`. */
  retired?: { action: MediaAction; model: string; now: Date };
  lacks?: Partial<Record<MediaGap, string>>;
}

/** What the parts of the contract work with. */
export interface MediaBench {
  options: MediaSuiteOptions;
  has(gap: MediaGap): boolean;
  /** Of the test that runs. */
  rig(): MediaRig;
  provider(): MediaProvider;
  requestFor(prompt: string, more?: Partial<MediaRequest>): MediaRequest;
  /** Orders, and looks until there is a result. */
  run(prompt: string, context?: TestContext): ReturnType<typeof carryOut>;
  /** The fault in which that ends. */
  fails(prompt: string): Promise<WfmError>;
  /** `maybe_billed` of an order whose outcome is unknown. */
  billed(): true | undefined;
}

/** Machines that build are slow at times. */
export const patience = { timeout: 10_000 };
