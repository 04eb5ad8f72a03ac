import type { JsonObject } from '../models/json.ts';
import type { mediaActions } from '../models/media.ts';
import type { Money } from './media-store.ts';

/** Services that make pictures, sound and video (format.md 15). */

/** `compose` makes a video of stills and sound, whoever made those; `transcribe` gives text. */
export type MediaAction = (typeof mediaActions)[number];

/** What a model takes besides its prompt. */
export interface MediaInputRule {
  role: 'source' | 'mask' | 'first' | 'last' | 'reference' | 'audio' | 'still';
  /** `image/png`, `image/*`. */
  mime: string[];
  /** 0 `min`: it may be left out. */
  min: number;
  max: number;
  maxBytes?: number;
}

export interface MediaModel {
  id: string;
  label: string;
  action: MediaAction;
  /** JSON Schema of `params`, closed; the one source for forms, checks and estimates. */
  params: JsonObject;
  inputs?: MediaInputRule[];
  promptMaxChars?: number;
  /** ISO date from which on it is listed and never called. */
  retiresOn?: string;
  /** Why it is gone, for a person. */
  retired?: string;
  replacedBy?: string;
  /** Why this machine cannot do it though its provider is ready: a program is missing. For a person; listed, never called. */
  unavailable?: string;
}

/** One provider as the catalogue has it. */
export interface MediaProviderInfo {
  id: string;
  /** Of `local`: says that it is a renderer, not AI. */
  label: string;
  /** False without a key; `reason` says what is missing. */
  ready: boolean;
  reason?: string;
  models: MediaModel[];
  /** By action: what a model is asked to write for it (format.md 15.2), JSON Schema. */
  promptSchemas: Partial<Record<MediaAction, JsonObject>>;
  /** An action that is gone: why, and which providers can do it now. */
  retiredActions?: Partial<Record<MediaAction, { explanation: string; alternatives: string[] }>>;
  limits: { atOnce: number; perMinute?: number };
  /** Longest time from start to result, in ms. */
  jobTimeoutMs: number;
}

/** What something will cost. `unknown` where nobody says, never 0. */
export interface MediaEstimate {
  cost: Money | null;
  basis: 'exact' | 'table' | 'remote' | 'free' | 'unknown';
  /** Of a table: the day it was read. */
  as_of?: string;
  output?: { count?: number; width?: number; height?: number; seconds?: number };
  notes: string[];
}

/** A file that goes in. */
export interface MediaInput {
  role: MediaInputRule['role'];
  mime: string;
  bytes: number;
  sha256: string;
  read(): Promise<Uint8Array>;
}

export interface MediaRequest {
  action: MediaAction;
  /** Null: the provider's default for the action. */
  model: string | null;
  prompt: string;
  /** As entered, checked by the model's schema. */
  params: JsonObject;
  inputs: MediaInput[];
  /** The same for every try that may be the same order at the vendor. */
  idempotencyKey: string;
}

/** One file that came out. */
export interface MediaOutput {
  source: { url: string; withCredential?: boolean } | { data: Uint8Array };
  /** As the vendor says; what is stored is sniffed. */
  mime: string;
  seed?: number;
}

export interface MediaResult {
  outputs: MediaOutput[];
  /** Of `transcribe`. */
  text?: string;
  warnings: string[];
  cost?: Money;
  /** Where the vendor counts tokens. */
  tokens?: { input: number; output: number };
  vendorJobId?: string;
  /** The vendor's answer without secrets and without bytes. */
  response: JsonObject;
}

/** How far a vendor is, where it says so. */
export type VendorProgress =
  | { phase: 'queued'; position?: number }
  | { phase: 'running'; percent?: number; note?: string };

export interface MediaContext {
  signal: AbortSignal;
  /** The key to use: the user's own, else the server's; null where none is needed. */
  apiKey: string | null;
  now: Date;
  report(progress: VendorProgress): void;
  /** Keeps the call with the run: what was sent and answered, without secrets. */
  recordCall(call: { target: string; request: unknown; reply: unknown; error: unknown; duration_ms: number }): void;
}

export type Submitted =
  | { kind: 'done'; result: MediaResult }
  | { kind: 'started'; operation: JsonObject; pollAfterMs: number };
export type Polled =
  | { kind: 'pending'; progress: VendorProgress; pollAfterMs: number; operation?: JsonObject }
  | { kind: 'done'; result: MediaResult };

/**
 * One vendor. Faults are thrown as `provider_auth`, `provider_credits`, `provider_rate_limited` (with `retryAfterMs`
 * where the vendor says), `provider_failed`, `provider_timeout`, `content_too_large`: transient where a second try may
 * succeed, the vendor's message made safe, and `params.maybe_billed` where the vendor may have begun.
 */
export interface MediaProvider {
  info(): MediaProviderInfo;
  /** What forms offer (format.md 15.3); throws where the vendor cannot be asked. */
  metadata?(action: MediaAction, context: MediaContext): Promise<JsonObject>;
  /** Pure where it can be. */
  estimate(request: Omit<MediaRequest, 'idempotencyKey'>, context: MediaContext): Promise<MediaEstimate>;
  submit(request: MediaRequest, context: MediaContext): Promise<Submitted>;
  poll?(operation: JsonObject, context: MediaContext): Promise<Polled>;
  /** `unsupported`: it goes on and may be billed; nobody looks any more. */
  cancel?(operation: JsonObject, context: MediaContext): Promise<'cancelled' | 'too_late' | 'unsupported'>;
  /** True where a repeated submit under the same key makes nothing twice, or costs nothing. */
  mayRepeat: boolean;
}

/** All providers of a program. What modules may ask before a worker does the work. */
export interface MediaCatalogue {
  list(): MediaProviderInfo[];
  /** Null for an unknown provider. */
  find(providerId: string): MediaProviderInfo | null;
  /** Cached for 15 minutes; failing, the built-in sample with a warning. Never throws. */
  metadata(providerId: string, action: MediaAction): Promise<{ metadata: JsonObject; warning?: string }>;
  /**
   * Checks what a person or a workflow asks for, before anything is stored: the model (with the default filled in), the
   * prompt's length, the parameters (with their defaults). Pure: needs no key and no network, so that a preview refuses
   * what production would. Throws `provider_action_unsupported` with the alternatives (also for a retired model), and
   * `input_invalid` with places below `params` or at `prompt`.
   */
  check(request: { provider: string; action: MediaAction; model: string | null; prompt: string; params: JsonObject }): {
    model: string;
    params: JsonObject;
  };
  /**
   * Throws `provider_action_unsupported` with the alternatives, `model_unknown`, `provider_not_configured`, and
   * `input_invalid` with places below `params` for what the model's schema refuses. Without `inputs` none are checked.
   */
  estimate(request: {
    provider: string;
    /** Whose own key counts beside the server's. */
    userId?: string;
    action: MediaAction;
    model: string | null;
    prompt: string;
    params: JsonObject;
    inputs?: MediaInput[];
  }): Promise<MediaEstimate>;
}
