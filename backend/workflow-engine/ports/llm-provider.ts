import type { Usage } from '../events/run-event.ts';

/** Language models as the engine asks them (format.md 14.2). */

export type LlmPart =
  | { type: 'text'; text: string; cacheTtlSeconds?: number }
  | { type: 'image'; mime: string; data: Uint8Array }
  | { type: 'image_url'; url: string };

export interface LlmMessage {
  role: 'system' | 'user' | 'assistant';
  parts: LlmPart[];
}

export interface LlmRequest {
  provider: string;
  model: string | undefined;
  messages: LlmMessage[];
  temperature?: number;
  maxTokens?: number;
  reasoningEffort?: string;
  /** JSON Schema that the reply shall follow. The provider sends what its vendor can; the engine checks the reply. */
  outputSchema?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
}

export interface LlmReply {
  text: string;
  /** The model that answered, as the vendor names it. */
  model: string;
  /** The answer ends where `maxTokens` or the model's own limit cut it. */
  truncated?: boolean;
  usage: Usage;
}

export interface LlmCallOptions {
  signal: AbortSignal;
  /** Each piece of text as it arrives. */
  onDelta?: (text: string) => void;
  /** Any sign of life from the vendor, text or not: restarts the idle deadline. */
  onActivity?: () => void;
  /** Handed to vendors that take one: the same for a repeated try after a crash, another for a deliberate retry. */
  idempotencyKey: string;
  /** A key that came with the request, for this call alone. */
  apiKey?: string;
}

export interface LlmProviderInfo {
  provider: string;
  title: string;
  configured: boolean;
  default_model: string;
  models: { model: string; title: string; vision: boolean; structured_output: boolean }[];
  /** True for the offline provider, which is a demo and says so. */
  demo: boolean;
}

/** All configured language models behind one door. */
export interface LlmProvider {
  /** Which provider and model a request without either gets. */
  readonly defaultProvider: string;
  list(): LlmProviderInfo[];
  /**
   * Asks and streams. Throws `llm_auth`, `llm_rate_limited` (transient), `llm_refused`, `llm_unavailable` (transient),
   * `model_unknown`, `provider_not_configured`, `reply_too_large`.
   */
  generate(request: LlmRequest, options: LlmCallOptions): Promise<LlmReply>;
}
