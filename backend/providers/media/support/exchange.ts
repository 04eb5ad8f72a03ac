import type { FormData } from 'undici';

export interface ExchangeRequest {
  url: URL;
  method: string;
  headers: Record<string, string>;
  /** A form must be undici's own: its `fetch` knows no other. */
  body: string | Uint8Array<ArrayBuffer> | FormData | null;
  maxBytes: number;
  signal: AbortSignal;
  /** The error for a reply over `maxBytes`. */
  tooLarge: () => Error;
}

export interface ExchangeReply {
  status: number;
  headers: Record<string, string>;
  bytes: Uint8Array;
}

/** Of a failure only its sentence counts. */
const errorBytes = 64 * 1024;

/**
 * One request and its whole reply, whatever the status. No redirect is followed, so that a key never goes where nobody
 * sent it. Throws what undici throws, and `tooLarge()` for a reply over its limit, counted while it
 * inflates.
 */
export async function exchange(request: ExchangeRequest): Promise<ExchangeReply> {
  // Loaded with the first request: a process that makes no media need not carry it.
  const undici = await import('undici');
  // The deadline covers the whole exchange; undici's own five minutes would cut a held request of a local renderer.
  const agent = new undici.Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } });
  try {
    const reply = await undici.fetch(request.url, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      redirect: 'manual',
      signal: request.signal,
      dispatcher: agent,
    });
    const ok = reply.status < 300;
    const bytes = await read(reply.body, ok ? request.maxBytes : errorBytes, ok, request.tooLarge);
    return { status: reply.status, headers: Object.fromEntries(reply.headers), bytes };
  } finally {
    await agent.destroy();
  }
}

async function read(
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
  ok: boolean,
  tooLarge: () => Error,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of body ?? []) {
    total += chunk.byteLength;
    if (total > maxBytes) {
      if (ok) throw tooLarge();
      break;
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
