import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { SeenRequest } from '../http-server.ts';
import { bytesOf, formField, isRefusedKey } from './fake-body.ts';
import {
  type FakeDesk,
  type FakeOptions,
  type FakeVendor,
  sendJson,
  startVendorFake,
  type VendorFake,
} from './vendor-fake.ts';

/** OpenAI's `/v1/images/*` and `/v1/audio/*`: held requests; pictures come in base64. */
export function startOpenAiMediaFake(options: FakeOptions = {}): Promise<VendorFake> {
  const fail = (status: number, type: string, code: string, message: string, headers: Record<string, string> = {}) => ({
    status,
    headers,
    body: { error: { message, type, param: null, code } },
  });
  const vendor: FakeVendor = {
    keyHeader: 'authorization',
    accepts: (value) => !isRefusedKey(value, 'Bearer'),
    failure: (kind, key) => {
      if (kind === 'auth') return fail(401, 'invalid_request_error', 'invalid_api_key', `Incorrect API key: ${key}`);
      if (kind === 'credits') return fail(429, 'insufficient_quota', 'insufficient_quota', 'You exceeded your quota.');
      if (kind === 'rate')
        return fail(429, 'requests', 'rate_limit_exceeded', 'Rate limit reached for images', { 'retry-after': '2' });
      if (kind === 'busy') return fail(429, 'server_error', 'overloaded', 'The engine is currently overloaded');
      if (kind === 'policy')
        return fail(400, 'image_generation_user_error', 'moderation_blocked', 'Rejected by the safety system.');
      if (kind === 'server') return fail(500, 'server_error', 'server_error', 'The server had an error');
      return fail(400, 'invalid_request_error', 'invalid_value', `Invalid value ${key}`);
    },
    handle,
  };
  return startVendorFake(vendor, options);
}

async function handle(seen: SeenRequest, response: ServerResponse, desk: FakeDesk): Promise<boolean> {
  if (seen.method !== 'POST') return false;
  if (seen.path === '/v1/audio/transcriptions') {
    const order = { prompt: formField(seen.body, 'prompt'), body: seen.body, kind: 'audio', count: 1 } as const;
    if (desk.create(seen, response, order) !== null) sendJson(response, 200, { text: 'A lake at dusk.' });
    return true;
  }
  if (seen.path === '/v1/audio/speech') {
    const body = JSON.parse(seen.body) as Record<string, unknown>;
    const job = desk.create(seen, response, { prompt: String(body['input']), body, kind: 'audio', count: 1 });
    if (job === null) return true;
    await wait(desk.options.heldMs);
    response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(bytesOf('audio'));
    return true;
  }
  if (!seen.path.startsWith('/v1/images/')) return false;
  const isForm = seen.path === '/v1/images/edits';
  const body = isForm
    ? { prompt: formField(seen.body, 'prompt'), n: formField(seen.body, 'n') || '1', parts: partsOf(seen.body) }
    : (JSON.parse(seen.body) as Record<string, unknown>);
  const order = { prompt: String(body['prompt']), body, kind: 'image', count: Number(body['n'] ?? 1) } as const;
  const job = desk.create(seen, response, order);
  if (job === null) return true;
  await wait(desk.options.heldMs);
  const picture = { b64_json: Buffer.from(bytesOf('image')).toString('base64') };
  sendJson(response, 200, {
    created: 1_795_000_000,
    data: Array.from({ length: job.count }, () => picture),
    usage: {
      input_tokens: 60,
      output_tokens: 1000,
      total_tokens: 1060,
      input_tokens_details: { text_tokens: 10, image_tokens: 50 },
    },
  });
  return true;
}

function partsOf(form: string): string[] {
  return [...form.matchAll(/ name="([^"]+)"/g)].map((match) => match[1]!);
}
