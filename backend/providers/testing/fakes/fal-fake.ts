import type { ServerResponse } from 'node:http';
import type { SeenRequest } from '../http-server.ts';
import { isRefusedKey } from './fake-body.ts';
import { sampleFile } from './sample-files.ts';
import {
  type FakeDesk,
  type FakeJob,
  type FakeOptions,
  type FakeVendor,
  sendJson,
  startVendorFake,
  type VendorFake,
} from './vendor-fake.ts';

/** fal's queue: an order by the model's whole name, looks by the first two parts of it. */
export function startFalFake(options: FakeOptions = {}): Promise<VendorFake> {
  const fail = (status: number, detail: unknown, headers: Record<string, string> = {}) => ({
    status,
    headers,
    body: { detail },
  });
  const vendor: FakeVendor = {
    keyHeader: 'authorization',
    accepts: (value) => !isRefusedKey(value, 'Key'),
    failure: (kind, key) => {
      if (kind === 'auth') return fail(401, 'Cannot access application. Authentication is required.');
      if (kind === 'credits') return fail(403, 'User is locked. Reason: Exhausted balance. Payment required.');
      if (kind === 'rate') return fail(429, 'Rate limit exceeded', { 'retry-after': '2' });
      if (kind === 'busy') return fail(429, 'Too many concurrent requests');
      if (kind === 'policy')
        return fail(422, [
          {
            loc: ['body', 'prompt'],
            msg: 'The content could not be processed because it was flagged.',
            type: 'content_policy_violation',
          },
        ]);
      if (kind === 'server') return fail(500, 'Internal Server Error');
      return fail(422, [{ loc: ['body', 'prompt'], msg: `wrong ${key}`, type: 'value_error' }]);
    },
    handle,
  };
  return startVendorFake(vendor, options);
}

function handle(seen: SeenRequest, response: ServerResponse, desk: FakeDesk): boolean {
  const [, app = '', id = '', rest = ''] = /^\/([\w.-]+\/[\w.-]+)\/requests\/([\w-]+)(\/\w+)?$/.exec(seen.path) ?? [];
  if (id === '' && seen.method === 'POST') {
    const body = JSON.parse(seen.body) as Record<string, unknown>;
    const said: unknown = body['prompt'] ?? body['text'];
    const prompt = typeof said === 'string' ? said : '';
    const kind = seen.path.includes('video') ? 'video' : seen.path.includes('speech') ? 'audio' : 'image';
    const job = desk.create(seen, response, { prompt, body, kind, count: Number(body['num_images'] ?? 1) });
    if (job !== null) sendJson(response, 200, { request_id: job.id, status: 'IN_QUEUE', queue_position: 3 });
    return true;
  }
  if (rest === '/cancel') return cancel(id, response, desk);
  if (rest === '/status') {
    const found = desk.look(id, response);
    if (found === null) return desk.hasAnswered(response);
    const status = found.state === 'queued' ? 'IN_QUEUE' : found.state === 'running' ? 'IN_PROGRESS' : 'COMPLETED';
    sendJson(response, 200, { status, request_id: id, ...(status === 'IN_QUEUE' ? { queue_position: 2 } : {}) });
    return true;
  }
  return id !== '' && app !== '' && result(id, response, desk);
}

function result(id: string, response: ServerResponse, desk: FakeDesk): boolean {
  const found = desk.look(id, response);
  if (found === null) return desk.hasAnswered(response);
  if (found.state === 'failed') {
    const isPolicy = found.job.scenario?.detail === 'policy';
    const fault = {
      loc: ['body', 'prompt'],
      msg: 'refused',
      type: isPolicy ? 'content_policy_violation' : 'generation',
    };
    sendJson(response, 422, { detail: [fault] });
  } else if (found.job.path.endsWith('/wizper')) sendJson(response, 200, { text: 'A lake at dusk.', chunks: [] });
  else sendJson(response, 200, filesOf(found.job, desk));
  return true;
}

function filesOf(job: FakeJob, desk: FakeDesk): unknown {
  const { mime } = sampleFile(job.kind);
  const files = desk.fileUrls(job).map((url) => ({ url, content_type: mime }));
  if (job.kind === 'image') return { images: files, seed: 42, has_nsfw_concepts: [false] };
  return { [job.kind]: files[0] ?? null };
}

function cancel(id: string, response: ServerResponse, desk: FakeDesk): boolean {
  const became = desk.cancel(id, response);
  if (became === null) return false;
  if (became === 'too_late') sendJson(response, 400, { status: 'ALREADY_COMPLETED' });
  else sendJson(response, 202, { status: 'CANCELLATION_REQUESTED' });
  return true;
}
