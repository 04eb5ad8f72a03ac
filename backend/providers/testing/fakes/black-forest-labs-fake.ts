import type { ServerResponse } from 'node:http';
import type { SeenRequest } from '../http-server.ts';
import {
  type FakeDesk,
  type FakeOptions,
  type FakeVendor,
  sendJson,
  startVendorFake,
  type VendorFake,
} from './vendor-fake.ts';

interface BlackForestLabsFakeOptions extends FakeOptions {
  /** Where orders say that they are looked for; by default the fake itself. */
  pollingOrigin?: string;
}

/** Black Forest Labs' API below `/v1`: an order names the address to look at. */
export function startBlackForestLabsFake(options: BlackForestLabsFakeOptions = {}): Promise<VendorFake> {
  const fail = (status: number, detail: unknown, headers: Record<string, string> = {}) => ({
    status,
    headers,
    body: { detail },
  });
  const vendor: FakeVendor = {
    keyHeader: 'x-key',
    accepts: (value) => value.length > 8,
    failure: (kind, key) => {
      if (kind === 'auth') return fail(403, 'Not authenticated - Invalid Authentication');
      if (kind === 'credits') return fail(402, 'Insufficient credits');
      if (kind === 'rate') return fail(429, 'Rate limit exceeded', { 'retry-after': '1' });
      if (kind === 'busy') return fail(429, 'Too many concurrent tasks: you have 24 active tasks');
      if (kind === 'policy') return fail(422, 'The prompt was flagged by content moderation');
      if (kind === 'server') return fail(500, 'Internal Server Error');
      return fail(422, [{ loc: ['body', 'prompt'], msg: `wrong ${key}`, type: 'value_error' }]);
    },
    handle: (seen, response, desk) => handle(seen, response, desk, options.pollingOrigin),
  };
  return startVendorFake(vendor, options);
}

function handle(seen: SeenRequest, response: ServerResponse, desk: FakeDesk, origin?: string): boolean {
  const here = new URL(seen.path, `http://${String(seen.headers.host)}`);
  if (seen.method === 'POST') {
    const body = JSON.parse(seen.body) as Record<string, unknown>;
    const kind = here.pathname.includes('video') ? 'video' : 'image';
    const job = desk.create(seen, response, { prompt: String(body['prompt']), body, kind, count: 1 });
    const polling_url = `${origin ?? here.origin}/v1/get_result?id=${job?.id ?? ''}`;
    if (job !== null) sendJson(response, 200, { id: job.id, polling_url, cost: 4, input_mp: 0, output_mp: 1 });
    return true;
  }
  if (here.pathname !== '/v1/get_result') return false;
  const id = here.searchParams.get('id') ?? '';
  const found = desk.look(id, response);
  if (found === null) return desk.hasAnswered(response);
  const { job, state } = found;
  if (state === 'failed') {
    const status = job.scenario?.detail === 'policy' ? 'Content Moderated' : 'Error';
    sendJson(response, 200, { id, status, result: null, details: { reason: 'it went wrong' } });
  } else if (state === 'done') {
    const [sample = null] = desk.fileUrls(job);
    sendJson(response, 200, { id, status: 'Ready', result: { sample, seed: 42, prompt: job.prompt } });
  } else sendJson(response, 200, { id, status: 'Pending', result: null });
  return true;
}
