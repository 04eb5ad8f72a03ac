import type { Usage } from '../../events/run-event.ts';
import type { LlmCallOptions, LlmProvider, LlmReply, LlmRequest } from '../../ports/llm-provider.ts';

export const scriptedUsage: Usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15, cost_usd: 0.01 };

/** A reply's text, an error to throw, or work of one's own with the call. */
export type ScriptedReply =
  | string
  | Error
  | ((request: LlmRequest, options: LlmCallOptions) => Promise<LlmReply> | LlmReply);

/** A language model that answers from a list, in order, and keeps what it was asked. */
export function scriptedLlm(
  replies: ScriptedReply[],
): LlmProvider & { requests: LlmRequest[]; options: LlmCallOptions[] } {
  const requests: LlmRequest[] = [];
  const seen: LlmCallOptions[] = [];
  let next = 0;
  return {
    requests,
    options: seen,
    defaultProvider: 'scripted',
    list: () => [
      { provider: 'scripted', title: 'Scripted', configured: true, default_model: 'script-1', models: [], demo: true },
      { provider: 'other', title: 'Other', configured: true, default_model: 'other-1', models: [], demo: true },
    ],
    async generate(request, options) {
      requests.push(request);
      seen.push(options);
      const reply = replies[next];
      next += 1;
      if (reply === undefined) throw new Error('the script has no further reply');
      if (reply instanceof Error) throw reply;
      if (typeof reply === 'function') return reply(request, options);
      const half = Math.ceil(reply.length / 2);
      options.onDelta?.(reply.slice(0, half));
      options.onDelta?.(reply.slice(half));
      return { text: reply, model: request.model ?? 'script-1', usage: scriptedUsage };
    },
  };
}
