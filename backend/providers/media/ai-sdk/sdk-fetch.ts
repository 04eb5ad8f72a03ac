import { FormData } from 'undici';
import { isWfmError, toStoredError, type WfmError } from '@wfm/workflow-engine/errors';
import type { MediaContext } from '@wfm/workflow-engine/ports';
import { exchange, type ExchangeReply } from '../support/exchange.ts';
import { forRecord } from '../support/for-record.ts';
import { faultContextOf } from '../support/vendor-call.ts';
import {
  type FaultContext,
  faultOfJob,
  faultOfReply,
  faultOfThrown,
  hugeReplyFault,
  malformedFault,
  timeoutFault,
} from '../support/vendor-fault.ts';
import type { SdkVendor } from './vendor.ts';

export interface SdkFetchOptions {
  /** It orders something: an unknown outcome may be billed. */
  starts: boolean;
  timeoutMs: number;
  maxBytes: number;
  /** The vendor works on by itself: nothing is asked after the first reply, which is thrown as `OrderTaken`. */
  stopAtReply: boolean;
  /** Whether a reply is worth keeping with the run; of a hundred looks only the last is. Failures always are. */
  keep?(reply: unknown): boolean;
}

/** What came of a call so far. */
export interface SdkTrace {
  sent: boolean;
  /** The last good reply, if it was JSON. */
  reply: unknown;
}

/** An order is in; the SDK would now wait for its result inside this process. */
export class OrderTaken extends Error {
  readonly reply: unknown;

  constructor(reply: unknown) {
    super('the vendor took the order');
    this.reply = reply;
  }
}

/**
 * The `fetch` that the SDK gets for one call: the only way from it to the vendor. Leads fixed addresses to the
 * configured ones, follows no redirect, reads the whole reply under a cap and a deadline, keeps the call with the run
 * without secrets and bytes, and turns what is no success into a fault, so that the SDK only ever sees good replies.
 */
export function sdkFetch(
  vendor: SdkVendor,
  context: MediaContext,
  options: SdkFetchOptions,
  trace: SdkTrace,
): typeof globalThis.fetch {
  const fault = faultContextOf(vendor.site, context, options.starts);
  return async (input, init) => {
    const url = rewritten(new URL(input instanceof Request ? input.url : input), vendor.rewrite);
    const method = init?.method ?? 'GET';
    const body = bodyOf(init?.body);
    const started = performance.now();
    let shown: unknown = null;
    let error: unknown = null;
    let kept = true;
    trace.sent = true;
    try {
      const reply = await send(url, method, headersOf(init?.headers, vendor), body, context, fault, options);
      const json = checked(reply, fault);
      trace.reply = json;
      kept = options.keep?.(json) !== false;
      shown = {
        status: reply.status,
        ...(json === undefined ? fileShown(reply) : { body: forRecord(json, fault.secrets) }),
      };
      if (options.stopAtReply) throw new OrderTaken(json);
      // undici's types of a body are not those of the SDK, which only reads it.
      return new Response(reply.bytes as Uint8Array<ArrayBuffer>, { status: reply.status, headers: reply.headers });
    } catch (thrown) {
      if (!(thrown instanceof OrderTaken)) error = isWfmError(thrown) ? toStoredError(thrown) : { code: 'aborted' };
      throw thrown;
    } finally {
      if (kept || error !== null) {
        context.recordCall({
          target: `${method} ${url.host}${url.pathname}`,
          request: requestShown(url, body, fault.secrets),
          reply: shown,
          error,
          duration_ms: Math.round(performance.now() - started),
        });
      }
    }
  };
}

async function send(
  url: URL,
  method: string,
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer> | FormData | null,
  context: MediaContext,
  fault: FaultContext,
  { timeoutMs, maxBytes }: SdkFetchOptions,
): Promise<ExchangeReply> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([context.signal, deadline]);
  const tooLarge = () => hugeReplyFault(maxBytes, fault);
  try {
    return await exchange({ url, method, headers, body, maxBytes, signal, tooLarge });
  } catch (thrown) {
    if (context.signal.aborted) throw context.signal.reason;
    throw deadline.aborted ? timeoutFault(timeoutMs, fault) : faultOfThrown(thrown, fault);
  }
}

/** The reply's JSON; undefined for a file. Throws the fault that a reply means. */
function checked(reply: ExchangeReply, fault: FaultContext): unknown {
  const type = (reply.headers['content-type'] ?? '').toLowerCase();
  const isFile = /^(?:audio|image|video)\/|^application\/octet-stream/.test(type);
  if (reply.status <= 299 && isFile) {
    if (reply.bytes.byteLength === 0) throw malformedFault('an empty file', fault);
    return undefined;
  }
  const text = new TextDecoder().decode(reply.bytes);
  const json = parse(text);
  if (reply.status > 299) throw faultOfReply({ ...reply, body: json ?? text }, fault);
  if (json === undefined) throw malformedFault('no JSON', fault);
  return json;
}

function fileShown({ headers, bytes }: ExchangeReply): { mime: string; bytes: number } {
  return { mime: (headers['content-type'] ?? '').slice(0, 100), bytes: bytes.byteLength };
}

function rewritten(url: URL, origins: SdkVendor['rewrite'] = {}): URL {
  const to = Object.hasOwn(origins, url.origin) ? origins[url.origin] : undefined;
  return to === undefined ? url : new URL(`${to}${url.pathname}${url.search}`);
}

function headersOf(given: RequestInit['headers'], { dropHeaders = [] }: SdkVendor): Record<string, string> {
  const headers = new Headers(given);
  for (const name of dropHeaders) headers.delete(name);
  headers.set('user-agent', 'wfm');
  return Object.fromEntries(headers);
}

/** undici takes a form of its own making only. */
function bodyOf(body: RequestInit['body']): string | Uint8Array<ArrayBuffer> | FormData | null {
  if (body === undefined || body === null || typeof body === 'string') return body ?? null;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  if (!(body instanceof globalThis.FormData)) throw new TypeError('the SDK sent a body of a kind that is not known');
  const form = new FormData();
  for (const [name, value] of body.entries()) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, value.name);
  }
  return form;
}

function requestShown(url: URL, body: string | Uint8Array | FormData | null, secrets: readonly string[]): unknown {
  const query = url.search === '' ? {} : { query: forRecord(Object.fromEntries(url.searchParams), secrets) };
  if (body === null) return query;
  if (body instanceof Uint8Array) return { ...query, bytes: body.byteLength };
  if (body instanceof FormData) return { ...query, form: forRecord(formShown(body), secrets) };
  return { ...query, body: forRecord(parse(body) ?? body, secrets) };
}

function formShown(form: FormData): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of form.entries()) shown[name] = typeof value === 'string' ? value : `(${value.size} bytes)`;
  return shown;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * What the SDK threw: our own fault that it carries, or its own opinion of the order or the reply. Without a reply
 * nothing was ordered. A reply without a file may say that the vendor refused.
 */
export function faultOfSdk(thrown: unknown, trace: SdkTrace, fault: FaultContext): WfmError {
  for (let at = thrown, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1)
    if (isWfmError(at)) return at;
  const message = thrown instanceof Error ? thrown.message : '';
  if (!trace.sent) return faultOfReply({ status: 400, headers: {}, body: message }, { ...fault, starts: false });
  const refusal = refusalIn(trace.reply, 0);
  if (refusal !== null) return faultOfJob(`Refused for safety: ${refusal}.`, fault);
  const name = thrown instanceof Error ? thrown.name : '';
  return malformedFault(/^AI_No\w+GeneratedError$/.test(name) ? 'nothing was made' : 'another shape', fault);
}

/** Google's `finishReason` or `blockReason` of a refusal, wherever it stands. */
function refusalIn(value: unknown, depth: number): string | null {
  if (depth > 5 || typeof value !== 'object' || value === null) return null;
  for (const [name, item] of Object.entries(value)) {
    const isReason = name === 'finishReason' || name === 'blockReason';
    if (isReason && typeof item === 'string' && /SAFETY|PROHIBITED|BLOCKLIST|SPII|RECITATION/.test(item))
      return item.slice(0, 60);
    const inner = refusalIn(item, depth + 1);
    if (inner !== null) return inner;
  }
  return null;
}
