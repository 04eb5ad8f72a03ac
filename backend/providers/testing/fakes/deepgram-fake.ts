import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { SeenRequest } from '../http-server.ts';
import { bytesOf, isRefusedKey } from './fake-body.ts';
import {
  type FakeDesk,
  type FakeOptions,
  type FakeVendor,
  sendJson,
  startVendorFake,
  type VendorFake,
} from './vendor-fake.ts';

/** Deepgram's `/v1/speak`, which answers with the sound, and `/v1/listen`, which takes one. */
export function startDeepgramFake(options: FakeOptions = {}): Promise<VendorFake> {
  const fail = (status: number, err_code: string, err_msg: string, headers: Record<string, string> = {}) => ({
    status,
    headers,
    body: { err_code, message: err_msg, request_id: 'request-1' },
  });
  const vendor: FakeVendor = {
    keyHeader: 'authorization',
    accepts: (value) => !isRefusedKey(value, 'Token'),
    failure: (kind, key) => {
      if (kind === 'auth') return fail(401, 'INVALID_AUTH', 'Invalid credentials.');
      if (kind === 'credits') return fail(402, 'ASR_PAYMENT_REQUIRED', 'Project does not have enough credits');
      if (kind === 'rate') return fail(429, 'TOO_MANY_REQUESTS', 'Too many requests.', { 'retry-after': '1' });
      if (kind === 'busy') return fail(429, 'TOO_MANY_REQUESTS', 'Too many concurrent requests.');
      if (kind === 'server') return fail(500, 'INTERNAL', 'Internal server error');
      return fail(400, 'Bad Request', `Invalid value ${key}`);
    },
    handle,
  };
  return startVendorFake(vendor, options);
}

async function handle(seen: SeenRequest, response: ServerResponse, desk: FakeDesk): Promise<boolean> {
  const { pathname } = new URL(seen.path, 'http://fake');
  if (pathname === '/v1/listen') {
    const job = desk.create(seen, response, { prompt: '', body: null, kind: 'audio', count: 1 });
    const alternative = { transcript: 'A lake at dusk.', words: [{ word: 'a', start: 0, end: 0.2 }] };
    const channels = [{ detected_language: 'en', alternatives: [alternative] }];
    if (job !== null) sendJson(response, 200, { metadata: { duration: 1.5 }, results: { channels } });
    return true;
  }
  if (pathname !== '/v1/speak') return false;
  const body = JSON.parse(seen.body) as Record<string, unknown>;
  const job = desk.create(seen, response, { prompt: String(body['text']), body, kind: 'audio', count: 1 });
  if (job === null) return true;
  await wait(desk.options.heldMs);
  response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(bytesOf('audio'));
  return true;
}
