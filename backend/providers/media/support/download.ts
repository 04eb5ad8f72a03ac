import { isWfmError, WfmError } from '@wfm/workflow-engine/errors';
import { type FetchPolicy, type Resolve, resolveBySystem } from '../../safe-fetch/target.ts';
import { streamBody } from '../../safe-fetch/body.ts';
import { parseHostList, plainHost } from '../../safe-fetch/host-list.ts';
import { fetchVetted, type ReplyHead } from '../../safe-fetch/safe-fetch.ts';
import { providerFault } from './vendor-fault.ts';

/** A file that a vendor offers for download. */
export interface DownloadSource {
  provider: string;
  url: string;
  /** Sent only to one of these origins, and never further by a redirect. */
  credential?: { headers: Record<string, string>; origins: readonly string[] };
}

export interface DownloadOptions {
  maxBytes: number;
  timeoutMs: number;
  signal: AbortSignal;
  /** Beginnings of acceptable content types; default pictures, videos and sounds. Data of no said type passes. */
  types?: readonly string[];
}

export interface DownloadFile {
  /** As the host says, lower case, without parameters; empty where it says nothing. Sniff the bytes. */
  mime: string;
  /** In bytes, where the host says it. */
  length: number | null;
  data: AsyncIterable<Uint8Array>;
}

export interface MediaDownload {
  /**
   * Opens a result and hands it on while it arrives; the connection is cut when `use` ends. Only https and public
   * addresses, at every hop, except hosts that the operator configured (security.md S6).
   *
   * Throws `url_refused`; `content_too_large` { limit }; `provider_timeout`; `provider_failed` with `reason` `expired`
   * (401, 403, 404, 410), `content_type`, `empty`, `network` or `status` (both transient); and what `use` throws.
   */
  open<T>(source: DownloadSource, options: DownloadOptions, use: (file: DownloadFile) => Promise<T>): Promise<T>;
}

const mediaTypes = ['image/', 'video/', 'audio/'];
/** What hosts of files say when they do not know; the bytes tell. */
const untyped = new Set(['', 'application/octet-stream', 'binary/octet-stream']);
const expiredStatuses = new Set([401, 403, 404, 410]);

/**
 * In: hosts (`host` or `host:port`) that may have private addresses and speak http: WFM_FETCH_ALLOW and those of the
 * configured vendors' addresses. Throws a `TypeError` for an entry that is no host.
 */
export function createMediaDownload(
  settings: { allow: readonly string[] },
  parts: { resolve?: Resolve; ports?: readonly number[] } = {},
): MediaDownload {
  const policy: FetchPolicy = {
    only: [],
    allow: parseHostList(settings.allow),
    ports: parts.ports ?? [443, 8443],
    httpsOnly: true,
    resolve: parts.resolve ?? resolveBySystem,
  };
  return { open: (source, options, use) => open(policy, source, options, use) };
}

async function open<T>(
  policy: FetchPolicy,
  source: DownloadSource,
  options: DownloadOptions,
  use: (file: DownloadFile) => Promise<T>,
): Promise<T> {
  const { maxBytes, timeoutMs, signal } = options;
  const transfer = { broke: false };
  let theirs: { thrown: unknown } | undefined;
  const request = { url: source.url, method: 'GET', headers: headersFor(source), timeoutMs, signal };
  try {
    return await fetchVetted(request, policy, async (head, stream) => {
      const file = accept(head, source, options);
      if (stream === null) throw empty(source);
      const host = plainHost(new URL(head.url));
      return streamBody(stream, head.headers['content-encoding'] ?? '', maxBytes, host, async (data) => {
        try {
          return await use({ ...file, data: watched(data, source, transfer) });
        } catch (thrown) {
          theirs = { thrown };
          throw thrown;
        }
      });
    });
  } catch (thrown) {
    // What breaks the transfer reaches `use` too and comes back from it; it is the transfer's fault all the same.
    if (theirs !== undefined && !transfer.broke) throw theirs.thrown;
    throw asProviderFault(thrown, source, options);
  }
}

function headersFor({ url, credential }: DownloadSource): Record<string, string> {
  const accept = { accept: 'image/*, video/*, audio/*, application/octet-stream' };
  const origin = URL.canParse(url) ? new URL(url).origin : '';
  return credential?.origins.includes(origin) === true ? { ...credential.headers, ...accept } : accept;
}

function accept(head: ReplyHead, source: DownloadSource, options: DownloadOptions): Omit<DownloadFile, 'data'> {
  const { status, headers } = head;
  const { provider } = source;
  const fault = (sentence: string, reason: string, transient: boolean) =>
    providerFault('provider_failed', sentence, reason, { provider, starts: false }, { transient, params: { status } });
  if (expiredStatuses.has(status))
    throw fault(`The file is no longer at its address (status ${status}).`, 'expired', false);
  if (status < 200 || status > 299)
    throw fault(`The host of the file has a fault (status ${status}).`, 'status', status >= 500 || status === 429);
  const mime = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  const types = options.types ?? mediaTypes;
  if (!untyped.has(mime) && !types.some((type) => mime.startsWith(type)))
    throw fault(`The address leads to something of type ${mime.slice(0, 60)}, not to the file.`, 'content_type', false);
  const declared = Number(headers['content-length'] ?? Number.NaN);
  if (declared > options.maxBytes) throw tooLarge(options.maxBytes, provider);
  if (declared === 0) throw empty(source);
  return { mime, length: Number.isFinite(declared) ? declared : null };
}

async function* watched(
  data: AsyncIterable<Uint8Array>,
  source: DownloadSource,
  transfer: { broke: boolean },
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of data) {
      bytes += chunk.byteLength;
      yield chunk;
    }
    if (bytes === 0) throw empty(source);
  } catch (thrown) {
    transfer.broke = true;
    throw thrown;
  }
}

/** The HTTP client speaks of HTTP; who waits for a file wants to hear of the provider. */
function asProviderFault(thrown: unknown, { provider }: DownloadSource, options: DownloadOptions): unknown {
  if (!isWfmError(thrown)) return thrown;
  const context = { provider, starts: false };
  if (thrown.code === 'reply_too_large') return tooLarge(options.maxBytes, provider);
  if (thrown.code === 'module_timeout') {
    const seconds = Math.ceil(options.timeoutMs / 1000);
    const message = `The file did not arrive within ${seconds} seconds.`;
    return providerFault('provider_timeout', message, 'timeout', context, { transient: true });
  }
  if (thrown.code !== 'http_failed') return thrown;
  const params = { host: thrown.params['host'], cause: thrown.params['reason'] };
  const message = 'The download of the file broke off.';
  return providerFault('provider_failed', message, 'network', context, { transient: thrown.transient, params });
}

function empty({ provider }: DownloadSource): WfmError {
  return providerFault('provider_failed', 'The file is empty.', 'empty', { provider, starts: false });
}

function tooLarge(limit: number, provider: string): WfmError {
  const message = `The file is larger than ${limit} bytes.`;
  return new WfmError('content_too_large', message, { params: { provider, reason: 'too_large', limit } });
}
