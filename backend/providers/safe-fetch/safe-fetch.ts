import type { Readable } from 'node:stream';
import type { Agent } from 'undici';
import { isWfmError, WfmError } from '@wfm/workflow-engine/errors';
import type { HttpClient, HttpRequest } from '@wfm/workflow-engine/ports';
import { readBody, replyTooLarge } from './body.ts';
import { crossOriginHeaders, outgoingHeaders, replyHeaders, withoutBodyHeaders } from './headers.ts';
import { parseHostList, plainHost } from './host-list.ts';
import { type FetchPolicy, type Resolve, resolveBySystem, type Target, vetTarget } from './target.ts';

/** WFM_FETCH_ONLY and WFM_FETCH_ALLOW: `host` or `host:port` each. */
export interface FetchSettings {
  only?: readonly string[];
  allow?: readonly string[];
}

export interface FetchParts {
  /** Finds the addresses of a name; the system's resolver by default. */
  resolve?: Resolve;
  /** Ports that need no listing. */
  ports?: readonly number[];
}

/** HTTP's own two ports and the three on which public services are commonly found beside them. */
const defaultPorts: readonly number[] = [80, 443, 8000, 8080, 8443];

const maxRedirects = 5;
const connectMs = 10_000;

interface Hop {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | Uint8Array | undefined;
}

/**
 * The HTTP client that workflows get (security.md S6). Every hop is vetted by itself, and the connection is made to
 * the very addresses that were vetted, so a name that changes its answer in between gains nothing.
 * Throws `url_refused`, `http_failed` (transient for network faults), `reply_too_large`, `module_timeout`; an abort
 * throws the signal's reason. Throws a `TypeError` for a setting that is not a list of hosts.
 */
export function createSafeFetch(settings: FetchSettings, parts: FetchParts = {}): HttpClient {
  const policy: FetchPolicy = {
    only: parseHostList(settings.only ?? []),
    allow: parseHostList(settings.allow ?? []),
    ports: parts.ports ?? defaultPorts,
    resolve: parts.resolve ?? resolveBySystem,
  };
  return {
    fetch: (request) =>
      fetchVetted(request, policy, async (head, stream) => {
        const { maxBytes } = request;
        const host = plainHost(new URL(head.url));
        const declared = Number(head.headers['content-length'] ?? 0);
        if (stream !== null && declared > maxBytes) throw replyTooLarge(maxBytes, host);
        const coding = head.headers['content-encoding'] ?? '';
        return { ...head, body: stream === null ? new Uint8Array() : await readBody(stream, coding, maxBytes, host) };
      }),
  };
}

/** A reply whose body has not been read yet. */
export interface ReplyHead {
  /** After redirects. */
  url: string;
  status: number;
  headers: Record<string, string>;
}

/**
 * The same requests under a policy of one's own, with the body as a stream: null where a reply has none, in the coding
 * that the headers tell. The connection is cut when `use` ends. Throws as `createSafeFetch`, and what `use` throws.
 */
export async function fetchVetted<T>(
  request: Omit<HttpRequest, 'maxBytes'>,
  policy: FetchPolicy,
  use: (head: ReplyHead, stream: Readable | null) => Promise<T>,
): Promise<T> {
  request.signal.throwIfAborted();
  const deadline = AbortSignal.timeout(Math.min(Math.max(request.timeoutMs, 1), 0x7fffffff));
  const signal = AbortSignal.any([request.signal, deadline]);
  let hop: Hop = {
    url: request.url,
    method: request.method.toUpperCase(),
    headers: outgoingHeaders(request.headers),
    body: request.body,
  };
  let host = '';
  try {
    for (let redirects = 0; ; redirects += 1) {
      const target = await orAbort(vetTarget(hop.url, policy), signal);
      host = plainHost(target.url);
      const answer = await exchange(target, hop, signal, use);
      if (answer.redirect === null) return answer.used;
      if (redirects === maxRedirects) throw tooManyRedirects(host);
      hop = follow(hop, target.url, answer.redirect);
    }
  } catch (thrown) {
    // Which of the two ended it decides what it is; what undici threw on the way down does not matter.
    if (request.signal.aborted) throw request.signal.reason;
    if (deadline.aborted) throw timedOut(request.timeoutMs, host);
    throw isWfmError(thrown) ? thrown : networkFault(thrown, host);
  }
}

interface Redirect {
  status: number;
  location: string;
}

async function exchange<T>(
  target: Target,
  hop: Hop,
  signal: AbortSignal,
  use: (head: ReplyHead, stream: Readable | null) => Promise<T>,
): Promise<{ redirect: Redirect } | { redirect: null; used: T }> {
  // Loaded with the first request: a process that fetches nothing need not carry it.
  const undici = await import('undici');
  const agent = new undici.Agent(connectionTo(target));
  try {
    const reply = await undici.request(target.url, {
      dispatcher: agent,
      method: hop.method,
      headers: hop.headers,
      body: hop.body ?? null,
      signal,
      // The deadline covers the whole exchange; undici's own timers would only add a second opinion.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    // A body that is given up is destroyed with an error; without a listener that would end the process.
    reply.body.on('error', () => undefined);
    const headers = replyHeaders(reply.headers);
    const { location } = headers;
    if (isRedirect(reply.statusCode) && location !== undefined)
      return { redirect: { status: reply.statusCode, location } };
    const bodiless = hop.method === 'HEAD' || reply.statusCode === 204 || reply.statusCode === 304;
    const head = { url: target.url.href, status: reply.statusCode, headers };
    return { redirect: null, used: await use(head, bodiless ? null : reply.body) };
  } finally {
    // Also cuts a body that nobody read: one agent per hop, so nothing else is cut with it.
    await agent.destroy();
  }
}

/** For an agent that knows one host and its vetted addresses, and asks no resolver. */
function connectionTo(target: Target): Agent.Options {
  return {
    allowH2: false,
    connections: 1,
    pipelining: 0,
    maxHeaderSize: 64 * 1024,
    connect: {
      timeout: connectMs,
      lookup: (_hostname, options, answer) => {
        const [first] = target.addresses;
        if (options.all) answer(null, target.addresses);
        else if (first) answer(null, first.address, first.family);
      },
    },
  };
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/** The next request, by RFC 9110 15.4 as browsers do it: 303, and 301 or 302 to a POST, become a GET without a body. */
function follow(hop: Hop, from: URL, { status, location }: Redirect): Hop {
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  const becomesGet =
    (status === 303 && hop.method !== 'HEAD' && hop.method !== 'GET') ||
    ((status === 301 || status === 302) && hop.method === 'POST');
  const next = becomesGet ? { ...hop, method: 'GET', body: undefined, headers: withoutBodyHeaders(hop.headers) } : hop;
  return {
    ...next,
    url: to?.href ?? location,
    headers: to?.origin === from.origin ? next.headers : crossOriginHeaders(next.headers),
  };
}

/** Waits for a promise that takes no signal, such as a name's resolution. */
function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function tooManyRedirects(host: string): WfmError {
  return new WfmError('http_failed', `The address was redirected more than ${maxRedirects} times, last by ${host}.`, {
    params: { host, reason: 'redirects', limit: maxRedirects },
  });
}

function timedOut(limit: number, host: string): WfmError {
  const who = host === '' ? 'The host' : host;
  return new WfmError('module_timeout', `${who} did not answer completely within ${limit} ms.`, {
    params: { host, limit },
    transient: true,
  });
}

/** Faults of the way there, which may be gone a moment later; a bad certificate or bad HTTP will not be. */
const passing = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  // What zlib says of a stream that ended too early.
  'Z_BUF_ERROR',
]);

/** A fault of undici, the socket or zlib. Its own message may name an address, so only its code goes on. */
function networkFault(thrown: unknown, host: string): WfmError {
  const code = thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : 'unknown';
  const message =
    code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED'
      ? 'The request cannot be sent: its method, headers or body are not valid HTTP.'
      : `The connection to ${host} failed (${code}).`;
  return new WfmError('http_failed', message, { params: { host, reason: code }, transient: passing.has(code) });
}
