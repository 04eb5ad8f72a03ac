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

/** Replicate's predictions below `/v1`. */
export function startReplicateFake(options: FakeOptions = {}): Promise<VendorFake> {
  const fail = (status: number, title: string, detail: string, headers: Record<string, string> = {}) => ({
    status,
    headers,
    body: { title, detail, status },
  });
  const vendor: FakeVendor = {
    keyHeader: 'authorization',
    accepts: (value) => !isRefusedKey(value, 'Bearer'),
    failure: (kind, key) => {
      if (kind === 'auth') return fail(401, 'Unauthenticated', 'You did not pass a valid authentication token');
      if (kind === 'credits')
        return fail(402, 'Insufficient credit', 'You have insufficient credit to run this model.');
      if (kind === 'rate') return fail(429, 'Throttled', 'Request was throttled.', { 'retry-after': '1' });
      if (kind === 'busy') return fail(429, 'Busy', 'The model is overloaded.');
      if (kind === 'policy') return fail(422, 'Input refused', 'The prompt was flagged as sensitive.');
      if (kind === 'server') return fail(500, 'Server error', 'Internal server error');
      return fail(422, 'Input validation failed', `input: wrong ${key}`);
    },
    handle,
  };
  return startVendorFake(vendor, options);
}

function handle(seen: SeenRequest, response: ServerResponse, desk: FakeDesk): boolean {
  if (seen.method === 'POST' && /^\/v1\/models\/[\w.-]+\/[\w.-]+\/predictions$/.test(seen.path)) {
    const body = JSON.parse(seen.body) as { input: Record<string, unknown> };
    const kind = seen.path.includes('seedance') ? 'video' : 'image';
    const count = kind === 'image' ? Number(body.input['num_outputs'] ?? 1) : 1;
    const job = desk.create(seen, response, { prompt: String(body.input['prompt']), body, kind, count });
    if (job !== null) sendJson(response, 201, { id: job.id, status: 'starting', urls: urlsOf(job.id) });
    return true;
  }
  const [, id = '', cancel] = /^\/v1\/predictions\/([\w-]+)(\/cancel)?$/.exec(seen.path) ?? [];
  if (id === '') return false;
  const prediction = { id, urls: urlsOf(id), output: null, error: null, metrics: null };
  if (cancel !== undefined && desk.cancel(id, response) === 'cancelled') {
    sendJson(response, 200, { ...prediction, status: 'canceled' });
    return true;
  }
  const found = desk.look(id, response);
  if (found === null) return desk.hasAnswered(response);
  const { job, state } = found;
  if (state === 'failed') {
    const error = job.scenario?.detail === 'policy' ? 'NSFW content detected.' : 'CUDA out of memory';
    sendJson(response, 200, { ...prediction, status: 'failed', error });
  } else if (state === 'done') {
    const urls = desk.fileUrls(job);
    const output = job.kind === 'video' ? (urls[0] ?? null) : urls;
    sendJson(response, 200, { ...prediction, status: 'succeeded', output, metrics: { predict_time: 2.5 } });
  } else sendJson(response, 200, { ...prediction, status: state === 'queued' ? 'starting' : 'processing' });
  return true;
}

/** At another host, as true ones may be: nobody has to follow them. */
function urlsOf(id: string): Record<string, string> {
  return { get: `https://replicate.invalid/${id}`, cancel: `https://replicate.invalid/${id}/cancel` };
}
