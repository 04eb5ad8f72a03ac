import { type ApiError, errorOf, isApiError, offlineError } from './problem.ts';
import { sendWatched } from './send-watched.ts';

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON; bytes as they are. */
  body?: unknown;
  /** JSON that is a text already. */
  text?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Told how much of the body is on its way, 0 to 1. */
  onProgress?: (share: number) => void;
}

/** How the page gets a fresh session when the server says that it has none; false: there is none to be had. */
type Renew = () => Promise<boolean>;
let renewing: Promise<boolean> | null = null;
let onSessionEnd: Renew = () => Promise.resolve(false);

/**
 * What is to be done once a session has ended that cannot be renewed. While the answer is awaited, requests wait; true:
 * the same person is signed in again, and they are sent once more (U22). Answers how to take it back.
 */
export function whenSessionEnds(handler: Renew): () => void {
  onSessionEnd = handler;
  return () => {
    if (onSessionEnd === handler) onSessionEnd = () => Promise.resolve(false);
  };
}

/** Addresses by which one signs in or out: what they refuse, no fresh session mends. */
const sessionAddress = /\/auth\/(?:login|logout|refresh|register)$/;

/**
 * One request to a server. The session's cookie goes along; one that has run out is renewed once, by all requests of the
 * page together. Throws `ApiError`, with code `offline` where nobody answered, and the signal's reason.
 */
export async function request(url: string, options: RequestOptions, renew: Renew): Promise<Response> {
  const response = await send(url, options);
  if (response.status === 401 && !sessionAddress.test(url)) {
    renewing ??= renewOrAsk(renew).finally(() => {
      renewing = null;
    });
    if (await renewing) {
      const again = await send(url, options);
      if (again.ok) return again;
      if (again.status !== 401) throw await errorOf(again);
    }
    throw await errorOf(response);
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function renewOrAsk(renew: Renew): Promise<boolean> {
  return (await renew()) || onSessionEnd();
}

async function send(
  url: string,
  { method = 'GET', body, text, headers = {}, signal, onProgress }: RequestOptions,
): Promise<Response> {
  const init: RequestInit = { method, headers, credentials: 'include' };
  if (signal) init.signal = signal;
  if (body instanceof Blob || body instanceof ArrayBuffer || ArrayBuffer.isView(body)) {
    init.body = body as BodyInit;
    init.headers = { 'content-type': 'application/octet-stream', ...headers };
  } else if (text !== undefined || body !== undefined) {
    init.body = text ?? JSON.stringify(body);
    init.headers = { 'content-type': 'application/json', ...headers };
  }
  try {
    return await (onProgress ? sendWatched(url, init, onProgress) : fetch(url, init));
  } catch (error) {
    signal?.throwIfAborted();
    throw offlineError(error);
  }
}

/** True for a fault that may pass by itself: no connection, a server that is busy or restarts. */
export function isPassing(error: unknown): error is ApiError {
  return (
    isApiError(error) && (error.problem.status === 0 || error.problem.status === 429 || error.problem.status >= 502)
  );
}
