import { WfmError } from '../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import type { LlmMessage, LlmPart, LlmRequest } from '../../ports/llm-provider.ts';
import type { ConversationTurn } from '../module.ts';
import { imagePart } from './llm-images.ts';

type Role = LlmMessage['role'];

export interface PromptSource {
  system: unknown;
  input: unknown;
  conversation: readonly ConversationTurn[];
  cacheSystemMessage: boolean;
  cacheUserPrefix: boolean;
}

interface PlacedPart {
  role: Role;
  part: LlmPart;
}

/** How long a vendor is asked to keep a part when only "cache it" was said: what vendors do by default. */
const defaultCacheSeconds = 300;
const maxNesting = 8;

/**
 * The messages of a prompt (format.md 14.2): system parts, input parts, then the conversation of a retry. Parts are
 * those of format.md 3.9; blank ones are dropped; neighbours of one role share a message.
 *
 * @throws WfmError `prompt_empty` when nothing is left to answer, `image_refused`
 */
export function buildMessages(source: PromptSource): LlmMessage[] {
  const system = collect(source.system, 'system', 'inputs.system', 0);
  const input = collect(source.input, 'user', 'inputs.input', 0);
  if (source.cacheSystemMessage) markCached(system.at(-1));
  if (source.cacheUserPrefix) markCached(input[0]);
  const turns = source.conversation.flatMap(({ role, text }) => textPart(text, role));
  const parts = [...system, ...input, ...turns];
  // A system text alone asks nothing; vendors refuse it too.
  if (!parts.some(({ role }) => role !== 'system')) {
    const message = 'The prompt is empty: every part of the input is blank. Look at the templates it is made of.';
    throw new WfmError('prompt_empty', message, { place: 'inputs.input' });
  }
  const messages: LlmMessage[] = [];
  for (const { role, part } of parts) {
    const last = messages.at(-1);
    if (last?.role === role) last.parts.push(part);
    else messages.push({ role, parts: [part] });
  }
  return messages;
}

function collect(value: unknown, role: Role, place: string, depth: number): PlacedPart[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) {
    if (depth >= maxNesting) return textPart(JSON.stringify(value), role);
    return value.flatMap((item, index) => collect(item, role, `${place}[${index}]`, depth + 1));
  }
  if (!isJsonObject(value)) return textPart(printed(value), role);
  return collectPart(value, role, place, depth);
}

function collectPart(part: JsonObject, role: Role, place: string, depth: number): PlacedPart[] {
  const own = part['role'];
  const actual: Role = own === 'system' || own === 'assistant' || own === 'user' ? own : role;
  const { content } = part;
  if (part['type'] === 'image') {
    const blank = content === null || content === undefined || (typeof content === 'string' && content.trim() === '');
    return blank ? [] : [{ role: actual, part: imagePart(content, place) }];
  }
  // An object that is no prompt part is data put where a prompt is (format.md 25.25).
  if (!Object.hasOwn(part, 'content')) return textPart(JSON.stringify(part, null, 2), actual);
  if (Array.isArray(content)) return collect(content, actual, `${place}.content`, depth + 1);
  const text = content === null ? '' : printed(content);
  const seconds = part['cache_ttl'];
  return textPart(text, actual, typeof seconds === 'number' && seconds > 0 ? seconds : undefined);
}

function printed(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
}

function textPart(text: string, role: Role, cacheTtlSeconds?: number): PlacedPart[] {
  if (text.trim() === '') return [];
  return [
    { role, part: cacheTtlSeconds === undefined ? { type: 'text', text } : { type: 'text', text, cacheTtlSeconds } },
  ];
}

function markCached(placed: PlacedPart | undefined): void {
  if (placed?.part.type === 'text') placed.part.cacheTtlSeconds ??= defaultCacheSeconds;
}

/** A request as its record shows it: messages with images by kind and size only, and the settings; no key. */
export function shownRequest(request: LlmRequest): JsonObject {
  const settings: JsonObject = {
    temperature: request.temperature,
    max_tokens: request.maxTokens,
    reasoning_effort: request.reasoningEffort,
    output_schema: request.outputSchema,
    metadata: request.metadata,
  };
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  const messages = request.messages.map(({ role, parts }) => ({ role, parts: parts.map(shownPart) }));
  return { messages, ...Object.fromEntries(given) };
}

function shownPart(part: LlmPart): unknown {
  if (part.type === 'text') return part.text;
  return part.type === 'image_url' ? { image_url: part.url } : { image: part.mime, bytes: part.data.length };
}
