import { z } from 'zod';
import { hasCode, toStoredError, WfmError } from '../../errors/index.ts';
import { isJsonObject } from '../../models/json.ts';
import { limits } from '../../models/limits.ts';
import type { HttpReply } from '../../ports/http-client.ts';
import { field } from '../field.ts';
import { defineModule, type DefinitionFinding, type ModuleContext } from '../module.ts';
import { credentialFinding } from '../support/definition-findings.ts';
import { extractPath, readBody, retryAfterMs } from './fetch-reply.ts';
import { type PreparedRequest, prepareRequest, shownRequest, shownUrl } from './fetch-request.ts';

/** Characters of a reply that are kept with the record of the call. */
const keptReply = 20_000;

const inputs = z.object({
  url: field(z.string().min(1), 'Address', 'A complete address, or a path below the base address.'),
  base_url: field(z.string().optional(), 'Base address', 'Put before an address that is only a path.'),
  method: field(
    z
      .string()
      .regex(/^[A-Za-z]{1,20}$/)
      .default('GET'),
    'Method',
    'GET, POST, PUT, PATCH, DELETE or HEAD.',
  ),
  headers: field(z.record(z.string(), z.unknown()).optional(), 'Headers', 'Sent with the request.'),
  body: field(z.unknown().optional(), 'Body', 'A text as it is; other data as JSON.'),
  params: field(z.record(z.string(), z.unknown()).optional(), 'Parameters', 'Put behind the address.'),
  timeout: field(z.number().gt(0).max(120).default(30), 'Timeout', 'Seconds to wait for the whole reply; at most 120.'),
  extract_path: field(z.string().optional(), 'Extract', 'Dotted path to the part of the reply that is wanted.'),
  error_on_failure: field(z.boolean().default(true), 'Fail', 'Whether a reply that is no success stops the run.'),
});

export const apiFetch = defineModule({
  id: 'api.fetch',
  kind: 'effect',
  revision: 1,
  title: 'Fetch',
  description: 'Asks a public address over HTTP.',
  inputs,
  outputs: z.object({
    response: field(z.unknown(), 'Response', 'The reply: parsed JSON, else { text }.'),
    status_code: field(z.number().int(), 'Status', 'The HTTP status; 0 when there was no reply.'),
    success: field(z.boolean(), 'Success', 'Whether the status is a success.'),
  }),
  ports: ['http'],
  check: checkCredentials,
  mock: () => ({
    outputs: {
      response: { mock: true, message: 'This is a mock reply: nothing was asked.' },
      status_code: 200,
      success: true,
    },
  }),
  async run(given, context) {
    const request = prepareRequest(given, context.idempotencyKey);
    const reply = await send(request, given.timeout, context).catch((thrown: unknown) => {
      // No reply in time is no success either; the engine's own deadline is another matter.
      const unanswered =
        hasCode(thrown, 'http_failed') || (hasCode(thrown, 'module_timeout') && !context.signal.aborted);
      if (unanswered && !given.error_on_failure) return undefined;
      throw thrown;
    });
    if (!reply) return { response: null, status_code: 0, success: false };
    const success = reply.status >= 200 && reply.status < 300;
    const response = readBody(reply);
    if (!success && given.error_on_failure) throw failed(request, reply);
    const extracted = success && given.extract_path ? extractPath(response, given.extract_path) : response;
    return { response: extracted, status_code: reply.status, success };
  },
});

async function send(request: PreparedRequest, seconds: number, context: ModuleContext<'http'>): Promise<HttpReply> {
  const started = performance.now();
  const record = (reply: HttpReply | null, error: unknown) =>
    context.recordCall({
      kind: 'http',
      provider: new URL(request.url).hostname,
      target: `${request.method} ${shownUrl(request.url)}`,
      request: shownRequest(request),
      reply: reply && { status: reply.status, body: new TextDecoder().decode(reply.body.subarray(0, keptReply)) },
      error: error === undefined ? null : toStoredError(error),
      usage: null,
      duration_ms: Math.round(performance.now() - started),
    });
  try {
    const reply = await context.ports.http.fetch({
      ...request,
      timeoutMs: Math.round(seconds * 1000),
      maxBytes: limits.replyBytes,
      signal: context.signal,
    });
    record(reply, undefined);
    return reply;
  } catch (thrown) {
    record(null, thrown);
    throw thrown;
  }
}

/** 429 and 5xx may pass, and the other side may say when (format.md 10.3.6). */
function failed(request: PreparedRequest, reply: HttpReply): WfmError {
  const { status } = reply;
  const wait = retryAfterMs(reply.headers);
  const beginning = new TextDecoder().decode(reply.body.subarray(0, 300)).replace(/\s+/g, ' ').trim();
  const message = `${request.method} ${shownUrl(request.url)} was answered with status ${status}${beginning === '' ? '.' : `: ${beginning}`}`;
  return new WfmError('http_failed', message, {
    params: { status },
    transient: status === 429 || status >= 500,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function checkCredentials(written: Record<string, unknown>): DefinitionFinding[] {
  const headers = written['headers'];
  if (!isJsonObject(headers)) return [];
  return Object.entries(headers).flatMap(([name, value]) =>
    /^(?:proxy-)?authorization$|^cookie$|api-?key/i.test(name) ? credentialFinding(value, `headers.${name}`) : [],
  );
}
