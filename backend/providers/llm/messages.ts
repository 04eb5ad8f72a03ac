import type { ModelMessage, SystemModelMessage } from 'ai';
import type { LlmMessage, LlmPart } from '@wfm/workflow-engine/ports';

export interface VendorPrompt {
  instructions: SystemModelMessage[];
  messages: ModelMessage[];
}

type Turn = { role: LlmMessage['role']; parts: LlmPart[] };
type UserPart = Exclude<Extract<ModelMessage, { role: 'user' }>['content'], string>[number];
type TextPiece = { text: string; ttl: CacheTtl | undefined };
type CacheTtl = '5m' | '1h';

/**
 * Our messages in the AI SDK's form. System messages lead, wherever they stood, because not every vendor takes them
 * later; neighbours of one role become one turn, since some servers insist on turns that alternate; a picture that is
 * not a person's follows as a person's, the only role that may show one. Texts are joined by an empty line.
 * `cacheHints`: mark the parts that ask for caching (format.md 3.7); otherwise the wish is ignored.
 */
export function toPrompt(messages: readonly LlmMessage[], cacheHints: boolean): VendorPrompt {
  const turns = toTurns(messages);
  const ttls = cacheHints ? cacheMarks(turns) : new Map<LlmPart, CacheTtl>();
  const instructions: SystemModelMessage[] = turns
    .filter((turn) => turn.role === 'system')
    .flatMap((turn) => joinTexts(turn.parts, ttls))
    .map(({ text, ttl }) => ({ role: 'system', content: text, ...cacheOption(ttl) }));
  const conversation = turns.filter((turn) => turn.role !== 'system').map((turn) => toMessage(turn, ttls));
  if (conversation.length > 0) return { instructions, messages: conversation };
  // Vendors refuse a conversation in which nobody has spoken.
  return {
    instructions: [],
    messages: [{ role: 'user', content: instructions.map((entry) => entry.content).join('\n\n') }],
  };
}

function toTurns(messages: readonly LlmMessage[]): Turn[] {
  const system: Turn = { role: 'system', parts: [] };
  const turns: Turn[] = [];
  const add = (role: Turn['role'], parts: LlmPart[]): void => {
    if (parts.length === 0) return;
    const last = turns.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else turns.push({ role, parts });
  };
  for (const { role, parts } of messages) {
    const texts = parts.filter((part) => part.type === 'text');
    if (role === 'user') add(role, [...parts]);
    else if (role === 'assistant') add(role, texts);
    else system.parts.push(...texts);
    if (role !== 'user') {
      const pictures = parts.filter((part) => part.type !== 'text');
      add('user', pictures);
    }
  }
  return system.parts.length === 0 ? turns : [system, ...turns];
}

function toMessage(turn: Turn, ttls: Map<LlmPart, CacheTtl>): ModelMessage {
  if (turn.role === 'assistant') {
    return { role: 'assistant', content: joinTexts(turn.parts, ttls).map(({ text }) => ({ type: 'text', text })) };
  }
  const content: UserPart[] = [];
  let texts: LlmPart[] = [];
  const flush = (): void => {
    content.push(
      ...joinTexts(texts, ttls).map(({ text, ttl }): UserPart => ({ type: 'text', text, ...cacheOption(ttl) })),
    );
    texts = [];
  };
  for (const part of turn.parts) {
    if (part.type === 'text') {
      texts.push(part);
      continue;
    }
    flush();
    if (part.type === 'image') content.push({ type: 'file', data: part.data, mediaType: part.mime });
    else content.push({ type: 'file', data: new URL(part.url), mediaType: 'image' });
  }
  flush();
  return { role: 'user', content };
}

/** Joins texts up to each part that asks for caching: the mark stands at the end of what is cached. */
function joinTexts(parts: readonly LlmPart[], ttls: Map<LlmPart, CacheTtl>): TextPiece[] {
  const pieces: TextPiece[] = [];
  let texts: string[] = [];
  const flush = (ttl: CacheTtl | undefined): void => {
    if (texts.length > 0) pieces.push({ text: texts.join('\n\n'), ttl });
    texts = [];
  };
  for (const part of parts) {
    if (part.type !== 'text') continue;
    texts.push(part.text);
    const ttl = ttls.get(part);
    if (ttl !== undefined) flush(ttl);
  }
  flush(undefined);
  return pieces;
}

/**
 * Anthropic caches for five minutes or an hour, and wants the longer ones first: a mark before an hour's mark is made
 * an hour's too.
 */
function cacheMarks(turns: readonly Turn[]): Map<LlmPart, CacheTtl> {
  const marks = new Map<LlmPart, CacheTtl>();
  let longest: CacheTtl = '5m';
  for (const part of turns.flatMap((turn) => (turn.role === 'assistant' ? [] : turn.parts)).toReversed()) {
    if (part.type !== 'text' || part.cacheTtlSeconds === undefined || part.cacheTtlSeconds <= 0) continue;
    if (part.cacheTtlSeconds > 300) longest = '1h';
    marks.set(part, longest);
  }
  return marks;
}

function cacheOption(ttl: CacheTtl | undefined) {
  return ttl === undefined ? {} : { providerOptions: { anthropic: { cacheControl: { type: 'ephemeral', ttl } } } };
}
