import { isJsonObject } from '@wfm/workflow-engine/models';

export interface FaultWords {
  /** Types, codes and statuses as the vendor names them. */
  labels: string;
  message: string;
}

const labelKeys = ['type', 'code', 'status', 'name', 'error_code'];
const messageKeys = ['message', 'msg', 'error', 'detail', 'errors', 'reason', 'title', 'extensions', 'details'];
const maxDepth = 6;

/**
 * What a vendor's error body says, whatever its shape. In: parsed JSON or text. The shapes met: `{error: text}` and
 * `{error: {message, code}}` (Leonardo v1, OpenAI), `[{message, extensions: {code, details}}]` (Leonardo v2),
 * `{detail: {status, message}}` (ElevenLabs), `{detail: [{loc, msg}]}` (FastAPI: WebUI and ElevenLabs),
 * `{error, detail, errors}` (WebUI), `{code, msg}` (MidAPI). Text that looks like a page says nothing.
 */
export function faultWords(body: unknown): FaultWords {
  const labels: string[] = [];
  const messages: string[] = [];
  collect(body, labels, messages, 0);
  return { labels: labels.join(' ').slice(0, 300).toLowerCase(), message: messages.join(' ').slice(0, 2000) };
}

function collect(value: unknown, labels: string[], messages: string[], depth: number): void {
  if (depth > maxDepth || messages.length > 8) return;
  if (typeof value === 'string') {
    if (!value.trimStart().startsWith('<') && value.trim() !== '') messages.push(value.slice(0, 1000));
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value.slice(0, 5)) collect(item, labels, messages, depth + 1);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const key of labelKeys) {
    const label = Object.hasOwn(value, key) ? value[key] : undefined;
    if (typeof label === 'string' || typeof label === 'number') labels.push(String(label).slice(0, 100));
  }
  for (const key of messageKeys) if (Object.hasOwn(value, key)) collect(value[key], labels, messages, depth + 1);
}
