import { WfmError } from '@wfm/workflow-engine/errors';
import { limits } from '@wfm/workflow-engine/models';

/** A stream wraps each word in an event of some 300 bytes; the text itself is capped where it is put together. */
const streamFactor = 25;
const errorBytes = 1024 * 1024;
const newline = 10;

/**
 * The `fetch` of one call to a vendor. Follows no redirect, so that a key never goes where nobody sent it; tells of
 * every chunk that arrives; ends with `reply_too_large` a reply, or a single event of a stream, over its limit.
 */
export function vendorFetch(onActivity: () => void): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' });
    onActivity();
    if (response.body === null || response.status < 200 || response.status > 599) return response;
    const body = response.body.pipeThrough(capped(response.ok, onActivity));
    return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
  };
}

function capped(
  ok: boolean,
  onActivity: () => void,
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  const maxTotal = ok ? limits.replyBytes * streamFactor : errorBytes;
  const maxEvent = ok ? limits.replyBytes * 2 : errorBytes;
  let total = 0;
  let sinceNewline = 0;
  return new TransformStream({
    transform(chunk, controller) {
      onActivity();
      total += chunk.byteLength;
      const last = chunk.lastIndexOf(newline);
      sinceNewline = last === -1 ? sinceNewline + chunk.byteLength : chunk.byteLength - last - 1;
      if (total > maxTotal || sinceNewline > maxEvent) controller.error(llmReplyTooLarge());
      else controller.enqueue(chunk);
    },
  });
}

/** The error for a reply over format.md 23's limit. */
export function llmReplyTooLarge(): WfmError {
  return new WfmError('reply_too_large', `The language model sent more than ${limits.replyBytes} bytes.`, {
    params: { limit: limits.replyBytes },
  });
}
