import type { ServerResponse } from 'node:http';
import type { SeenRequest } from '../http-server.ts';
import { isRefusedKey } from './fake-body.ts';
import {
  type FakeDesk,
  type FakeOptions,
  type FakeVendor,
  sendJson,
  startVendorFake,
  type VendorFake,
} from './vendor-fake.ts';

const prefix = '/dream-machine/v1/generations';

/** Luma's picture generations. */
export function startLumaFake(options: FakeOptions = {}): Promise<VendorFake> {
  const fail = (status: number, detail: string, headers: Record<string, string> = {}) => ({
    status,
    headers,
    body: { detail },
  });
  const vendor: FakeVendor = {
    keyHeader: 'authorization',
    accepts: (value) => !isRefusedKey(value, 'Bearer'),
    failure: (kind, key) => {
      if (kind === 'auth') return fail(403, 'Not authenticated');
      if (kind === 'credits') return fail(402, 'Insufficient credits');
      if (kind === 'rate') return fail(429, 'Rate limit exceeded', { 'retry-after': '1' });
      if (kind === 'busy') return fail(429, 'Too many concurrent generations');
      if (kind === 'policy') return fail(400, 'The prompt did not pass content moderation.');
      if (kind === 'server') return fail(500, 'Internal server error');
      return fail(400, `Invalid value ${key}`);
    },
    handle,
  };
  return startVendorFake(vendor, options);
}

function handle(seen: SeenRequest, response: ServerResponse, desk: FakeDesk): boolean {
  if (seen.method === 'POST' && seen.path === `${prefix}/image`) {
    const body = JSON.parse(seen.body) as Record<string, unknown>;
    const job = desk.create(seen, response, { prompt: String(body['prompt']), body, kind: 'image', count: 1 });
    if (job !== null) sendJson(response, 201, { id: job.id, state: 'queued', assets: null, failure_reason: null });
    return true;
  }
  if (!seen.path.startsWith(`${prefix}/`)) return false;
  const id = seen.path.slice(prefix.length + 1);
  const found = desk.look(id, response);
  if (found === null) return desk.hasAnswered(response);
  const { job, state } = found;
  const generation = { id, assets: null, failure_reason: null };
  if (state === 'failed') {
    const failure_reason =
      job.scenario?.detail === 'policy' ? 'Content moderation failed' : 'Job could not be finished';
    sendJson(response, 200, { ...generation, state: 'failed', failure_reason });
  } else if (state === 'done') {
    const assets = { image: desk.fileUrls(job)[0] ?? null, video: null };
    sendJson(response, 200, { ...generation, state: 'completed', assets });
  } else sendJson(response, 200, { ...generation, state: state === 'queued' ? 'queued' : 'dreaming' });
  return true;
}
