import { z } from 'zod';
import { isWfmError, toStoredError, WfmError } from '../../errors/index.ts';
import type { Usage } from '../../events/run-event.ts';
import { limits } from '../../models/limits.ts';
import type { LlmMessage, LlmReply, LlmRequest } from '../../ports/llm-provider.ts';
import { checkSchema } from '../../schema/index.ts';
import { field } from '../field.ts';
import { defineModule, type ModuleContext } from '../module.ts';
import { credentialFinding, findingsFrom } from '../support/definition-findings.ts';
import { type Deadline, orAborted, startDeadline } from './llm-deadline.ts';
import { withMediaParts } from './llm-media.ts';
import { buildMessages, shownRequest } from './llm-messages.ts';
import { outputInvalid, readReply, repairText } from './llm-reply.ts';
import { effectiveSettings } from './llm-settings.ts';
import { addUp, tokenUsage, tokenUsageDetailed } from './llm-usage.ts';

const prompt = z.union([z.string(), z.array(z.unknown()), z.record(z.string(), z.unknown())]);

const inputs = z.object({
  input: field(prompt, 'Input', 'What the model is asked: a text, a part with a role or an image, or a list of parts.'),
  system: field(prompt.optional(), 'System', 'What the model is told about its task, in the same forms.'),
  provider: field(z.string().optional(), 'Provider', 'Who runs the model; by default what the server is set to.'),
  model: field(z.string().optional(), 'Model', "The model's name; by default the provider's own default."),
  ai_config: field(z.looseObject({}).optional(), 'Model settings', 'Provider, model and their settings in one object.'),
  temperature: field(z.number().min(0).max(2).optional(), 'Temperature', 'How freely the model words its answer.'),
  max_tokens: field(z.number().int().min(1).optional(), 'Most tokens', 'The longest answer, in tokens.'),
  output_schema: field(
    z.record(z.string(), z.unknown()).optional(),
    'Output schema',
    'JSON Schema that the answer must fit.',
  ),
  reasoning_effort: field(z.string().optional(), 'Reasoning effort', 'How long a reasoning model thinks.'),
  metadata: field(
    z.record(z.string(), z.unknown()).optional(),
    'Metadata',
    'Handed to the provider beside the prompt.',
  ),
  cache_system_message: field(
    z.boolean().default(false),
    'Cache system',
    'Asks the provider to cache the system text.',
  ),
  cache_user_prefix: field(
    z.boolean().default(false),
    'Cache first part',
    'Asks the provider to cache the first input part.',
  ),
  api_key: field(
    z.unknown().optional(),
    'Ignored',
    'A key in a workflow is never used: keys come from the server or the request.',
  ),
});
type Inputs = z.output<typeof inputs>;

const outputs = z.object({
  response: field(z.unknown(), 'Response', 'The answer: parsed when a schema is given, else its text.'),
  response_text: field(z.string(), 'Text', 'The answer as the model wrote it.'),
  model: field(z.string(), 'Model', 'The model that answered.'),
  usage: field(z.record(z.string(), z.unknown()), 'Usage', 'Tokens, cost and number of calls.'),
  token_usage: field(z.record(z.string(), z.unknown()), 'Tokens', 'Tokens in, out and in total.'),
  token_usage_detailed: field(
    z.record(z.string(), z.unknown()),
    'Tokens in detail',
    'Also cached and reasoning tokens and the cost.',
  ),
});

const mockUsage: Usage = { input_tokens: 0, output_tokens: 0, total_tokens: 0, cost_usd: 0, calls: 0 };

export const apiLlm = defineModule({
  id: 'api.llm',
  kind: 'effect',
  revision: 1,
  title: 'Language model',
  description: 'Asks a language model, for text or for data that fits a schema.',
  inputs,
  outputs,
  ports: ['llm', 'media', 'mediaFiles'],
  usesConversation: true,
  timeoutMs: limits.llmTotalMs + 10_000,
  check: (written) => [
    ...findingsFrom(written['output_schema'], 'output_schema', checkSchema),
    ...credentialFinding(written['api_key'], 'api_key'),
    ...credentialFinding((written['ai_config'] as { api_key?: unknown } | undefined)?.api_key, 'ai_config.api_key'),
  ],
  // What was merged into the settings, and any key, must not reach the log (format.md 8.4).
  settle({ api_key: _key, ai_config, ...rest }, environment) {
    return { ...rest, ...effectiveSettings({ ...rest, ai_config }, environment) };
  },
  mock: (given) => ({
    outputs: {
      model: 'mock-preview',
      usage: { ...mockUsage },
      token_usage: tokenUsage(mockUsage),
      token_usage_detailed: tokenUsageDetailed(mockUsage),
    },
    schemas: given.output_schema ? { response: given.output_schema } : {},
  }),
  async run(given, context) {
    if (given.output_schema) checkSchema(given.output_schema, 'inputs.output_schema');
    const messages = buildMessages({
      system: await withMediaParts(given.system, context),
      input: await withMediaParts(given.input, context),
      conversation: context.conversation,
      cacheSystemMessage: given.cache_system_message,
      cacheUserPrefix: given.cache_user_prefix,
    });
    const deadline = startDeadline(context.signal, { idleMs: limits.llmIdleMs, totalMs: limits.llmTotalMs });
    try {
      return await converse(given, messages, context, deadline);
    } finally {
      deadline.stop();
    }
  },
});

async function converse(
  given: Inputs,
  messages: LlmMessage[],
  context: ModuleContext<'llm' | 'media' | 'mediaFiles'>,
  deadline: Deadline,
) {
  const first = await ask(given, messages, context, deadline, '');
  if (!given.output_schema) return result(first.text, first.text, first, first.usage);
  const read = readReply(first.text, given.output_schema);
  if (!read.faults) return result(read.value, first.text, first, first.usage);

  context.progress({ message: 'The answer does not fit the schema; asking for a corrected one.' });
  const repair: LlmMessage[] = [
    ...messages,
    { role: 'assistant', parts: [{ type: 'text', text: first.text.trim() === '' ? '(no answer)' : first.text }] },
    { role: 'user', parts: [{ type: 'text', text: repairText(read.faults) }] },
  ];
  const second = await ask(given, repair, context, deadline, ':repair');
  const reread = readReply(second.text, given.output_schema);
  if (reread.faults) throw outputInvalid(reread.faults, second.text);
  return result(reread.value, second.text, second, addUp(first.usage, second.usage));
}

function result(response: unknown, text: string, reply: LlmReply, usage: Usage) {
  return {
    response,
    response_text: text,
    model: reply.model,
    usage: { ...usage },
    token_usage: tokenUsage(usage),
    token_usage_detailed: tokenUsageDetailed(usage),
  };
}

/** One call: streamed, under the deadline, kept with the run whether it succeeds or not. */
async function ask(
  given: Inputs,
  messages: LlmMessage[],
  context: ModuleContext<'llm' | 'media' | 'mediaFiles'>,
  deadline: Deadline,
  keySuffix: string,
): Promise<LlmReply> {
  const { llm } = context.ports;
  const request: LlmRequest = { provider: given.provider ?? llm.defaultProvider, model: given.model, messages };
  if (given.temperature !== undefined) request.temperature = given.temperature;
  if (given.max_tokens !== undefined) request.maxTokens = given.max_tokens;
  if (given.reasoning_effort !== undefined) request.reasoningEffort = given.reasoning_effort;
  if (given.output_schema !== undefined) request.outputSchema = given.output_schema;
  if (given.metadata !== undefined) request.metadata = given.metadata;
  const started = performance.now();
  const record = (reply: LlmReply | null, error: unknown) =>
    context.recordCall({
      kind: 'llm',
      provider: request.provider,
      target: reply?.model ?? request.model ?? '',
      request: shownRequest(request),
      reply: reply === null ? null : { text: reply.text },
      error: error === undefined ? null : toStoredError(error),
      usage: reply?.usage ?? null,
      duration_ms: Math.round(performance.now() - started),
    });
  deadline.touch();
  try {
    const work = llm.generate(request, {
      signal: deadline.signal,
      idempotencyKey: `${context.idempotencyKey}${keySuffix}`,
      onActivity: () => deadline.touch(),
      onDelta: (delta) => {
        deadline.touch();
        context.progress({ delta });
      },
      ...(context.aiConfig.api_key === undefined ? {} : { apiKey: context.aiConfig.api_key }),
    });
    const reply = await orAborted(work, deadline.signal);
    const usage = { calls: 1, ...reply.usage };
    record({ ...reply, usage }, undefined);
    context.addUsage(usage);
    return { ...reply, usage };
  } catch (thrown) {
    const error = deadline.expired() ?? thrown;
    record(null, error);
    if (isWfmError(error) || context.signal.aborted) throw error;
    throw new WfmError('llm_unavailable', 'The language model could not be asked.', { transient: true, cause: error });
  }
}
