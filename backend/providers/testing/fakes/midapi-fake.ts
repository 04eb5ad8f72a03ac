import type { ServerResponse } from 'node:http';
import type { SeenRequest } from '../http-server.ts';
import {
  type FakeDesk,
  type FakeOptions,
  type FakeVendor,
  sendJson,
  startVendorFake,
  unknownNames,
  type VendorFake,
} from './vendor-fake.ts';

interface MidapiFakeOptions extends FakeOptions {
  /** How `resultInfoJson` comes: both are met in the wild. Default `object`. */
  results?: 'object' | 'text';
}

/** MidAPI's Midjourney below `/api/v1/mj`: every failure has status 200 and the true one as `code`. */
export function startMidapiFake(options: MidapiFakeOptions = {}): Promise<VendorFake> {
  const fail = (code: number, msg: string, headers = {}) => ({ status: 200, headers, body: { code, msg, data: null } });
  const vendor: FakeVendor = {
    keyHeader: 'authorization',
    accepts: () => true,
    failure: (kind, key) => {
      if (kind === 'auth') return fail(401, 'You do not have access permissions');
      if (kind === 'credits') return fail(402, 'Insufficient Credits');
      if (kind === 'rate') return fail(429, 'Your call frequency is too high', { 'retry-after': '3' });
      if (kind === 'busy') return fail(429, 'Too many concurrent tasks, wait for one to end');
      if (kind === 'policy') return fail(422, 'Your prompt was flagged as sensitive by Midjourney');
      if (kind === 'server') return fail(500, 'Internal Error, Please try again later.');
      return fail(422, `The parameters are incorrect ${key}`);
    },
    handle: (seen, response, desk) => handle(seen, response, desk, options.results ?? 'object'),
  };
  return startVendorFake(vendor, options);
}

/** Of the API reference (docs.midapi.ai/mj-api/generate-mj-image). */
const known = [
  'taskType',
  'prompt',
  'speed',
  'fileUrl',
  'fileUrls',
  'aspectRatio',
  'version',
  'variety',
  'stylization',
  'weirdness',
  'waterMark',
  'enableTranslation',
  'callBackUrl',
  'ow',
  'videoBatchSize',
  'motion',
];

const prefix = '/api/v1/mj';

function handle(seen: SeenRequest, response: ServerResponse, desk: FakeDesk, results: 'object' | 'text'): boolean {
  const url = new URL(seen.path, 'http://fake');
  if (!/^Bearer .{8}/.test(seen.headers.authorization ?? '')) {
    sendJson(response, 200, { code: 401, msg: 'You do not have access permissions' });
    return true;
  }
  if (seen.method === 'POST' && url.pathname === `${prefix}/generate`) {
    const body = JSON.parse(seen.body) as Record<string, unknown>;
    const odd = unknownNames(body, known);
    if (odd.length > 0 || (body['taskType'] !== 'mj_txt2img' && !Array.isArray(body['fileUrls']))) {
      sendJson(response, 200, { code: 422, msg: `The parameters are incorrect: ${odd.join(', ')}`, data: null });
      return true;
    }
    const isVideo = String(body['taskType']).startsWith('mj_video');
    const count = isVideo ? Number(body['videoBatchSize'] ?? 1) : 4;
    const order = { prompt: String(body['prompt']), body, kind: isVideo ? 'video' : 'image', count } as const;
    const job = desk.create(seen, response, order);
    if (job !== null) sendJson(response, 200, { code: 200, msg: 'success', data: { taskId: job.id } });
    return true;
  }
  if (seen.method === 'GET' && url.pathname === `${prefix}/record-info`) {
    look(url.searchParams.get('taskId') ?? '', response, desk, results);
    return true;
  }
  return false;
}

function look(id: string, response: ServerResponse, desk: FakeDesk, results: 'object' | 'text'): void {
  const seen = desk.look(id, response);
  if (desk.hasAnswered(response)) return;
  if (seen === null) return sendJson(response, 200, { code: 200, msg: 'success', data: null });
  const { job, state } = seen;
  const resultUrls = desk.fileUrls(job).map((resultUrl) => ({ resultUrl }));
  const info = results === 'text' ? JSON.stringify({ resultUrls }) : { resultUrls };
  const words = job.scenario?.detail === 'policy' ? 'Banned prompt detected by moderation' : 'Generation failed';
  const flags = { queued: 0, running: 0, done: 1, failed: 3 };
  return sendJson(response, 200, {
    code: 200,
    msg: 'success',
    data: {
      taskId: job.id,
      taskType: 'mj_txt2img',
      successFlag: flags[state],
      resultInfoJson: state === 'done' ? info : null,
      errorCode: state === 'failed' ? 500 : null,
      errorMessage: state === 'failed' ? words : null,
    },
  });
}
