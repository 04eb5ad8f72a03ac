import { WfmError } from '../errors/index.ts';
import type { LlmCallOptions, LlmProvider, LlmReply, LlmRequest } from '../ports/llm-provider.ts';

/** A language model that says what the test wants, and remembers what it was asked. */
export interface ScriptedLlm extends LlmProvider {
  readonly calls: { request: LlmRequest; idempotencyKey: string }[];
}

/** What to say: a text, an error to throw, or something that takes time. */
export type Script = (request: LlmRequest, call: number, options: LlmCallOptions) => string | Promise<string>;

/** Answers each call by the script; the default echoes the last user text, or an object for a schema. */
export function scriptedLlm(script: Script = echo): ScriptedLlm {
  const calls: ScriptedLlm['calls'] = [];
  return {
    calls,
    defaultProvider: 'scripted',
    list: () => [
      {
        provider: 'scripted',
        title: 'Scripted',
        configured: true,
        default_model: 'scripted-1',
        models: [{ model: 'scripted-1', title: 'Scripted 1', vision: true, structured_output: true }],
        demo: true,
      },
    ],
    async generate(request, options): Promise<LlmReply> {
      calls.push({ request, idempotencyKey: options.idempotencyKey });
      const text = await script(request, calls.length, options);
      options.onDelta?.(text);
      options.onActivity?.();
      return {
        text,
        model: 'scripted-1',
        usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2, cost_usd: 0.001, calls: 1 },
      };
    },
  };
}

function echo(request: LlmRequest): string {
  const text = request.messages
    .filter((message) => message.role !== 'system')
    .flatMap((message) => message.parts.map((part) => (part.type === 'text' ? part.text : '[image]')))
    .join('\n');
  return request.outputSchema ? JSON.stringify({ text }) : `You said: ${text}`;
}

/** A fault as vendors have them: over the rate limit, likely to pass. */
export function rateLimited(retryAfterMs = 1): WfmError {
  return new WfmError('llm_rate_limited', 'The model is over its rate limit.', { transient: true, retryAfterMs });
}
