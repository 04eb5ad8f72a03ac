import { isJsonObject } from '@wfm/workflow-engine/models';

/** What a prompt says, whether it came as text or as the JSON of a prompt schema (format.md 15.2). */
export interface PromptWords {
  /** What decides a picture's subject or a sound's family; all of the prompt when it is plain text. */
  text: string;
  name?: string;
  mood?: string;
  instruments?: string;
  bpm?: number;
}

const longest = 10_000;

/** Reads a prompt leniently: `{ prompt, style_notes }`, a music prompt, a list of them (the first counts), or text. */
export function readPrompt(prompt: string): PromptWords {
  const value = /^\s*[{[]/.test(prompt) ? parse(prompt) : undefined;
  const inner = isJsonObject(value) && Array.isArray(value['data']) ? value['data'] : value;
  const item: unknown = Array.isArray(inner) ? inner[0] : inner;
  if (!isJsonObject(item)) return { text: prompt.slice(0, longest) };
  const texts = [
    'prompt',
    'positive_prompt',
    'natural_prompt',
    'tag_prompt',
    'description',
    'style_notes',
    'camera_notes',
    'motion_notes',
    'energy',
  ].map((key) => textOf(item[key]));
  const bpm = Number(item['suggested_bpm']);
  const name = textOf(item['name']);
  const mood = textOf(item['mood']);
  const instruments = textOf(item['instruments']);
  return {
    text:
      texts
        .filter((text) => text !== '')
        .join('. ')
        .slice(0, longest) || prompt.slice(0, longest),
    ...(name === '' ? {} : { name }),
    ...(mood === '' ? {} : { mood }),
    ...(instruments === '' ? {} : { instruments }),
    ...(Number.isFinite(bpm) && bpm > 0 ? { bpm } : {}),
  };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, longest).trim();
  if (Array.isArray(value))
    return value
      .slice(0, 20)
      .map(textOf)
      .filter((text) => text !== '')
      .join(' ');
  return '';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
