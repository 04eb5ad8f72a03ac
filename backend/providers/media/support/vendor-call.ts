import { isWfmError, toStoredError, WfmError } from '@wfm/workflow-engine/errors';
import { type JsonObject, limits } from '@wfm/workflow-engine/models';
import type { MediaContext } from '@wfm/workflow-engine/ports';
import type { ZodType } from 'zod';
import { forRecord } from './for-record.ts';
import { type ExchangeReply, exchange } from './exchange.ts';
import {
  type FailedReply,
  type FaultContext,
  faultOfReply,
  faultOfThrown,
  fileTooLarge,
  hugeReplyFault,
  malformedFault,
  providerFault,
  timeoutFault,
} from './vendor-fault.ts';

/** One vendor at one address. */
export interface VendorSite {
  provider: string;
  title: string;
  /** Without a slash at the end. From the server's configuration, so private addresses are fine. */
  baseUrl: string;
  /** The setting that holds the key; null: works without one. */
  keySetting: string | null;
  urlSetting: string;
  authHeaders(apiKey: string): Record<string, string>;
  /** A failure that stands in the body of a reply with status 200: the status that it means. Null: none. */
  statusInBody?(body: unknown): number | null;
}

export interface VendorCall<T = unknown> {
  method: 'GET' | 'POST' | 'PUT';
  /** Appended to the site's address; begins with a slash. */
  path: string;
  query?: Record<string, string>;
  json?: unknown;
  /** From the first byte sent to the last one read. */
  timeoutMs?: number;
  /** Default: format.md 23's 10 MB for replies. */
  maxBytes?: number;
  /** It orders something: an unknown outcome may be billed. */
  starts?: boolean;
  /** Whether a reply is worth keeping with the run; of a hundred looks only the last is. Failures always are. */
  keep?(reply: T): boolean;
}

/** A call as far as sending it goes. */
type Sent = Omit<VendorCall, 'keep'>;

const defaultTimeoutMs = 60_000;

/**
 * Calls a vendor and reads its answer as JSON of the schema's shape. The one way from a media provider to its vendor:
 * adds the key, follows no redirect, caps the reply while it streams, keeps the call with the run without secrets and
 * bytes, and turns every failure into a fault of `vendor-fault.ts`. An abort throws the signal's reason. Throws
 * `provider_not_configured` without a key.
 */
export async function callVendor<T>(
  site: VendorSite,
  call: VendorCall<T>,
  schema: ZodType<T>,
  context: MediaContext,
): Promise<T> {
  return recorded(site, call, context, async (fault) => {
    const reply = await send(site, call, 'application/json', context, fault, () =>
      hugeReplyFault(call.maxBytes ?? limits.replyBytes, fault),
    );
    const body = parseJson(reply.bytes);
    if (reply.status > 299) return failed({ ...reply, body: body ?? textOf(reply.bytes) }, fault);
    if (body === undefined) throw malformedFault('no JSON', fault);
    const meant = site.statusInBody?.(body) ?? null;
    if (meant !== null) return failed({ status: meant, headers: reply.headers, body }, fault);
    const read = schema.safeParse(body);
    if (!read.success) throw malformedFault(`${placeOf(read.error.issues[0]?.path)} is not as expected`, fault);
    const shown =
      call.keep?.(read.data) === false ? null : { status: reply.status, body: forRecord(body, fault.secrets) };
    return { value: read.data, shown };
  });
}

export interface VendorFile {
  bytes: Uint8Array;
  /** As the vendor says, lower case, without parameters. */
  mime: string;
  headers: Record<string, string>;
}

/**
 * Calls a vendor that answers with the file itself; `mime` is what the answer must begin with (`audio/`). Otherwise as
 * `callVendor`; a file over `maxBytes` is `content_too_large`, an empty or other one malformed.
 */
export async function fetchFile(
  site: VendorSite,
  call: Sent & { maxBytes: number },
  mime: string,
  context: MediaContext,
): Promise<VendorFile> {
  return recorded(site, call, context, async (fault) => {
    const reply = await send(site, call, `${mime}*`, context, fault, () => fileTooLarge(call.maxBytes, fault));
    if (reply.status > 299) return failed({ ...reply, body: parseJson(reply.bytes) ?? textOf(reply.bytes) }, fault);
    const said = (reply.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
    if (said !== '' && !said.startsWith(mime) && said !== 'application/octet-stream')
      throw malformedFault(`a file of type ${said.slice(0, 60)}`, fault);
    if (reply.bytes.byteLength === 0) throw malformedFault('an empty file', fault);
    const value = { bytes: reply.bytes, mime: said, headers: reply.headers };
    return { value, shown: { status: reply.status, mime: said, bytes: reply.bytes.byteLength } };
  });
}

/** What faults of a call to this site need to know. */
export function faultContextOf(site: VendorSite, context: MediaContext, starts = false): FaultContext {
  const { provider, title, keySetting, urlSetting } = site;
  const secrets = context.apiKey === null ? [] : secretsOf(context.apiKey, site.authHeaders(context.apiKey));
  return { provider, title, keySetting, urlSetting, starts, secrets };
}

/** A key in each form in which a reply may show it: whole, its password alone, and as HTTP Basic encodes it. */
function secretsOf(apiKey: string, headers: Record<string, string>): string[] {
  const sent = Object.values(headers).map((value) => value.split(' ').at(-1) ?? '');
  return [apiKey, apiKey.slice(apiKey.indexOf(':') + 1), ...sent];
}

async function send(
  site: VendorSite,
  call: Sent,
  accept: string,
  context: MediaContext,
  fault: FaultContext,
  tooLarge: () => WfmError,
): Promise<ExchangeReply> {
  const auth = authOf(site, context, fault);
  const url = new URL(site.baseUrl + call.path);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  const timeoutMs = call.timeoutMs ?? defaultTimeoutMs;
  const deadline = AbortSignal.timeout(timeoutMs);
  const isJson = call.json !== undefined;
  try {
    return await exchange({
      url,
      method: call.method,
      headers: {
        accept,
        'user-agent': 'wfm',
        ...(isJson ? { 'content-type': 'application/json' } : {}),
        ...auth,
      },
      body: isJson ? JSON.stringify(call.json) : null,
      maxBytes: call.maxBytes ?? limits.replyBytes,
      signal: AbortSignal.any([context.signal, deadline]),
      tooLarge,
    });
  } catch (thrown) {
    if (context.signal.aborted) throw context.signal.reason;
    throw deadline.aborted ? timeoutFault(timeoutMs, fault) : faultOfThrown(thrown, fault);
  }
}

/** Keeps what was sent and what came, also where it failed. */
async function recorded<T>(
  site: VendorSite,
  call: Sent,
  context: MediaContext,
  work: (fault: FaultContext) => Promise<{ value: T; shown: JsonObject | null }>,
): Promise<T> {
  const fault = faultContextOf(site, context, call.starts ?? false);
  const started = performance.now();
  let reply: unknown = null;
  let error: unknown = null;
  try {
    const { value, shown } = await work(fault);
    reply = shown;
    return value;
  } catch (thrown) {
    error = isWfmError(thrown) ? toStoredError(thrown) : { code: 'aborted' };
    throw thrown;
  } finally {
    if (reply !== null || error !== null) {
      context.recordCall({
        target: `${call.method} ${new URL(site.baseUrl).host}${call.path}`,
        request: requestForRecord(call, fault.secrets),
        reply,
        error,
        duration_ms: Math.round(performance.now() - started),
      });
    }
  }
}

function requestForRecord(call: Sent, secrets: readonly string[]): unknown {
  const query = call.query === undefined ? {} : { query: forRecord(call.query, secrets) };
  return call.json === undefined ? query : { ...query, body: forRecord(call.json, secrets) };
}

function failed(reply: FailedReply, fault: FaultContext): never {
  throw faultOfReply(reply, fault);
}

/**
 * The headers that carry the key. Throws `provider_not_configured` where one is missing, and `provider_auth` for one that
 * no header can carry.
 */
export function authOf(site: VendorSite, context: MediaContext, fault: FaultContext): Record<string, string> {
  if (context.apiKey === null && site.keySetting !== null) throw notConfigured(site, site.keySetting);
  const auth = context.apiKey === null ? {} : site.authHeaders(context.apiKey);
  if (!Object.values(auth).every((value) => /^[\x20-\x7e]+$/.test(value))) throw unsendableKey(fault);
  return auth;
}

function notConfigured(site: VendorSite, setting: string): WfmError {
  const message = `${site.title} has no key. Enter your own key, or ask the administrator to set ${setting}.`;
  return new WfmError('provider_not_configured', message, { params: { provider: site.provider, setting } });
}

/** What no header can carry is no key of anybody; a pasted line break, for example. */
function unsendableKey(fault: FaultContext): WfmError {
  const message = `The key for ${fault.title} holds characters that no key has. Enter it again.`;
  return providerFault('provider_auth', message, 'key', fault);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function placeOf(path: readonly PropertyKey[] | undefined): string {
  return path === undefined || path.length === 0 ? 'the reply' : path.map(String).join('.').slice(0, 100);
}
