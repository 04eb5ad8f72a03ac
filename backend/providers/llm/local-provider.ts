import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { hasCode, WfmError } from '@wfm/workflow-engine/errors';
import { isJsonObject } from '@wfm/workflow-engine/models';
import type { LlmCallOptions, LlmMessage, LlmProviderInfo, LlmReply, LlmRequest } from '@wfm/workflow-engine/ports';
import { sampleValue } from '@wfm/workflow-engine/schema';
import { createWriter, type Writer } from './local-text.ts';
import { topicOf } from './local-topic.ts';

const localModel = 'local-demo-1';

/** How the offline provider appears: plainly a demo. */
export const localInfo: LlmProviderInfo = {
  provider: 'local',
  title: 'Local demo (not AI)',
  configured: true,
  default_model: localModel,
  models: [{ model: localModel, title: 'Local demo (not AI)', vision: false, structured_output: true }],
  demo: true,
};

const label = '[local demo]';
const tokensPerWord = 1.3;

/**
 * Answers without a model, a key or a network: from the prompt's own words and the output schema, the same bytes for
 * the same request on any machine. In: a request, whatever model it names, and the pause before each chunk in ms.
 * Usage is an estimate from the number of words, the cost is 0. Throws `llm_refused` { reason: "schema" } where no
 * value fits the schema; an abort throws the signal's reason.
 */
export async function askLocal(request: LlmRequest, options: LlmCallOptions, delayMs = 0): Promise<LlmReply> {
  options.signal.throwIfAborted();
  const seed = seedOf(request);
  const writer = createWriter(topicOf(request.messages), seed);
  const text =
    request.outputSchema === undefined
      ? introduced(request, writer.prose())
      : answerTo(request.outputSchema, seed, writer);
  for (const chunk of chunksOf(text, seed)) {
    if (delayMs > 0) await wait(delayMs, undefined, { signal: options.signal }).catch(() => undefined);
    options.signal.throwIfAborted();
    options.onActivity?.();
    options.onDelta?.(chunk);
  }
  const input = tokens(
    request.messages
      .flatMap((message) => message.parts.map((part) => (part.type === 'text' ? part.text : '')))
      .join(' '),
  );
  const output = tokens(text);
  return {
    text,
    model: localModel,
    usage: { input_tokens: input, output_tokens: output, total_tokens: input + output, cost_usd: 0, calls: 1 },
  };
}

function answerTo(schema: Record<string, unknown>, seed: string, writer: Writer): string {
  try {
    return JSON.stringify(sampleValue(schema, { seed, text: (hint) => writer.field(hint) }), null, 2);
  } catch (thrown) {
    if (!hasCode(thrown, 'mock_schema_unsupported')) throw thrown;
    const { pointer } = thrown.params;
    throw new WfmError('llm_refused', `The local demo finds no answer that fits the output schema.`, {
      params: { provider: 'local', model: localModel, reason: 'schema', pointer },
    });
  }
}

function introduced(request: LlmRequest, prose: string): string {
  const pictures = request.messages.flatMap((message) => message.parts).filter((part) => part.type !== 'text').length;
  const seen =
    pictures === 0
      ? ''
      : ` It came with ${pictures === 1 ? 'a picture' : `${pictures} pictures`}, which this demo cannot see.`;
  return `${label} No language model wrote this: it was put together here from the words of your prompt.${seen}\n\n${prose}`;
}

/** A hash of all that was asked: messages, schema, model. Keys are sorted, pictures count by their bytes. */
function seedOf(request: LlmRequest): string {
  const model = request.model ?? localModel;
  const messages = request.messages.map((message) => [message.role, message.parts.map(partKey)]);
  return sha256(JSON.stringify(sorted([messages, request.outputSchema ?? null, model])));
}

function partKey(part: LlmMessage['parts'][number]): string[] {
  if (part.type === 'text') return ['text', part.text];
  if (part.type === 'image_url') return ['image_url', part.url];
  return ['image', part.mime, sha256(part.data)];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, entry]): [string, unknown] => [key, sorted(entry)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Pieces of 20 to 60 characters, never through the middle of one. */
function* chunksOf(text: string, seed: string): Generator<string> {
  const lengths = createHash('sha256').update(seed).digest();
  const characters = Array.from(text);
  for (let at = 0, piece = 0; at < characters.length; piece += 1) {
    const length = 20 + ((lengths[piece % lengths.length] ?? 0) % 41);
    yield characters.slice(at, at + length).join('');
    at += length;
  }
}

function tokens(text: string): number {
  return Math.ceil((text.match(/\S+/g)?.length ?? 0) * tokensPerWord);
}
