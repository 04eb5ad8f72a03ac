import { WfmError } from '../../errors/index.ts';
import type { HttpReply } from '../../ports/http-client.ts';

/** What a body holds: parsed when it is JSON, by its type or by its first character; else `{ text }`. */
export function readBody({ headers, body }: Pick<HttpReply, 'headers' | 'body'>): unknown {
  const text = new TextDecoder().decode(body);
  const saysJson = /[/+]json\b/i.test(headers['content-type'] ?? '');
  if (!saysJson && !/^\s*[[{]/.test(text)) return { text };
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return { text };
  }
}

/**
 * The part of a reply at a dotted path, own members and list indices only.
 *
 * @throws WfmError `extract_path_missing` naming the step that leads nowhere
 */
export function extractPath(reply: unknown, path: string): unknown {
  let node = reply;
  for (const key of path.split('.')) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) {
      throw new WfmError('extract_path_missing', `The reply has nothing at "${path}": "${key}" is not there.`, {
        place: 'inputs.extract_path',
        params: { extract_path: path, missing: key },
      });
    }
    node = (node as Record<string, unknown>)[key];
  }
  return node;
}

/** The wait that a `Retry-After` header in seconds asks for, in ms. */
export function retryAfterMs(headers: Record<string, string>): number | undefined {
  const text = headers['retry-after'];
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) * 1000 : undefined;
}
