import { type FinishReason, type LanguageModelUsage, type OutputInterface, streamText } from 'ai';
import { hasCode, WfmError } from '@wfm/workflow-engine/errors';
import { limits } from '@wfm/workflow-engine/models';
import type { HttpClient, LlmCallOptions, LlmReply, LlmRequest } from '@wfm/workflow-engine/ports';
import { imageDownloader } from './image-download.ts';
import { toPrompt } from './messages.ts';
import { schemaForVendor, type VendorSchema } from './schema-for-vendor.ts';
import { toUsage } from './usage.ts';
import type { Vendor } from './vendor.ts';
import { type CallContext, toLlmError } from './vendor-fault.ts';
import { llmReplyTooLarge, vendorFetch } from './vendor-fetch.ts';

// The SDK would print its warnings about settings that a model ignores on the console.
globalThis.AI_SDK_LOG_WARNINGS = false;

interface Streamed {
  text: string;
  model: string;
  finish: FinishReason | undefined;
  usage: LanguageModelUsage | undefined;
}

/**
 * Asks a vendor through the Vercel AI SDK and streams the answer. One try: the engine decides about repeating.
 * Throws the codes of `LlmProvider.generate`; an abort throws the signal's reason.
 */
export async function askVendor(
  vendor: Vendor,
  request: LlmRequest,
  options: LlmCallOptions,
  http: HttpClient,
): Promise<LlmReply> {
  const apiKey = usableKey(vendor, options.apiKey ?? vendor.apiKey ?? '');
  const model = request.model === undefined || request.model === '' ? vendor.defaultModel : request.model;
  const context: CallContext = {
    ...vendor,
    model,
    secrets: [apiKey, ...(vendor.apiKey === undefined ? [] : [vendor.apiKey])],
  };
  if (model === '') {
    throw new WfmError('model_unknown', `Name a model: ${vendor.title} has no default one.`, {
      params: { provider: vendor.provider, model },
    });
  }
  const schema = request.outputSchema === undefined ? undefined : schemaForVendor(request.outputSchema, vendor.dialect);
  const call = { vendor, request, options, http, apiKey, model };
  try {
    return finished(await stream(call, schema), schema, context, vendor);
  } catch (thrown) {
    options.signal.throwIfAborted();
    const error = toLlmError(thrown, context);
    if (schema === undefined || !vendor.schemaMayBeUnknown || !wasRequestRefused(error)) throw error;
  }
  try {
    return finished(
      await stream({ ...call, request: withSchemaAsText(request) }, undefined),
      undefined,
      context,
      vendor,
    );
  } catch (thrown) {
    options.signal.throwIfAborted();
    throw toLlmError(thrown, context);
  }
}

interface Call {
  vendor: Vendor;
  request: LlmRequest;
  options: LlmCallOptions;
  http: HttpClient;
  apiKey: string;
  model: string;
}

async function stream(call: Call, schema: VendorSchema | undefined): Promise<Streamed> {
  const { vendor, request, options, model } = call;
  const enough = new AbortController();
  const result = streamText({
    model: await vendor.model(
      model,
      call.apiKey,
      vendorFetch(() => options.onActivity?.()),
    ),
    ...toPrompt(request.messages, vendor.cacheHints),
    ...vendor.options(request, schema),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.maxTokens === undefined ? {} : { maxOutputTokens: request.maxTokens }),
    ...(schema === undefined ? {} : { output: untouched(schema) }),
    headers: { 'Idempotency-Key': options.idempotencyKey },
    maxRetries: 0,
    abortSignal: AbortSignal.any([options.signal, enough.signal]),
    experimental_download: imageDownloader(call.http, options.signal),
    telemetry: { isEnabled: false },
    // Errors arrive in the stream; the SDK's default would print them, prompt and all.
    onError: () => undefined,
  });
  const texts: string[] = [];
  let bytes = 0;
  const streamed: Streamed = { text: '', model, finish: undefined, usage: undefined };
  try {
    for await (const part of result.stream) {
      if (part.type === 'error') throw part.error;
      if (part.type === 'abort') options.signal.throwIfAborted();
      if (part.type === 'text-delta') {
        bytes += Buffer.byteLength(part.text);
        if (bytes > limits.replyBytes) throw llmReplyTooLarge();
        texts.push(part.text);
        options.onDelta?.(part.text);
      }
      if (part.type === 'finish-step') streamed.model = part.response.modelId;
      if (part.type === 'finish') {
        streamed.finish = part.finishReason;
        streamed.usage = part.totalUsage;
      }
    }
  } finally {
    enough.abort();
  }
  options.signal.throwIfAborted();
  return { ...streamed, text: texts.join('') };
}

/**
 * Asks for JSON by schema and leaves the text alone: the engine parses and checks it once. The SDK's own objects parse
 * the whole text again with every chunk. A partial that always differs lets every chunk through at once.
 */
function untouched(schema: VendorSchema): OutputInterface<string, number, never> {
  let chunk = 0;
  return {
    name: 'object',
    // The SDK's type of a schema comes from a package of types that it does not bring along.
    responseFormat: Promise.resolve({ type: 'json', schema: schema.schema as never, name: 'answer' }),
    parseCompleteOutput: ({ text }) => Promise.resolve(text),
    parsePartialOutput: () => Promise.resolve({ partial: (chunk += 1) }),
    createElementStreamTransform: () => undefined,
  };
}

function finished(
  streamed: Streamed,
  schema: VendorSchema | undefined,
  context: CallContext,
  vendor: Vendor,
): LlmReply {
  const { finish } = streamed;
  const params = { provider: context.provider, model: context.model };
  if (finish === 'content-filter') {
    throw new WfmError('llm_refused', `${context.title} refused to answer this prompt.`, {
      params: { ...params, reason: 'content' },
    });
  }
  if (finish === undefined || !['stop', 'length', 'other'].includes(finish)) {
    throw new WfmError('llm_unavailable', `${context.title} broke off in the middle of its answer.`, {
      params: { ...params, reason: 'cut' },
      transient: true,
    });
  }
  return {
    text: schema === undefined ? streamed.text : schema.restore(streamed.text),
    model: streamed.model,
    ...(finish === 'length' ? { truncated: true } : {}),
    usage: toUsage(streamed.usage, streamed.model, vendor.prices),
  };
}

function wasRequestRefused(error: WfmError): boolean {
  return hasCode(error, 'llm_refused') && error.params['reason'] === 'request';
}

/** For a server that knows no schemas: says in words what it would have been held to. */
function withSchemaAsText(request: LlmRequest): LlmRequest {
  const text = `Answer with JSON alone, without a code fence, that follows this JSON Schema:\n${JSON.stringify(request.outputSchema)}`;
  return { ...request, messages: [...request.messages, { role: 'system', parts: [{ type: 'text', text }] }] };
}

/** A key goes into a header as it is, so one that HTTP cannot carry is refused here, without quoting it. */
function usableKey(vendor: Vendor, key: string): string {
  if (/^[\x21-\x7e]{0,1000}$/.test(key)) return key;
  throw new WfmError('llm_auth', `The key for ${vendor.title} holds characters that a key cannot have.`, {
    params: { provider: vendor.provider, reason: 'key' },
  });
}
