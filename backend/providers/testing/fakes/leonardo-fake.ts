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

interface LeonardoFakeOptions extends FakeOptions {
  /** How `fields` of an upload come: both are met in the wild. Default `text`. */
  uploadFields?: 'text' | 'object';
}

export interface LeonardoFake extends VendorFake {
  /** Names of the parts of each upload, in order, with the header of a key that must not be there. */
  uploads: { parts: string[]; authorization: string | undefined }[];
}

/**
 * Leonardo.Ai v1 and v2 below `/api/rest`, with the storage that uploads go to below `/s3`. Errors in the three shapes
 * that the vendor has: `{error}`, `{error, path, code}` and a list with `extensions`.
 */
export async function startLeonardoFake(options: LeonardoFakeOptions = {}): Promise<LeonardoFake> {
  const uploads: LeonardoFake['uploads'] = [];
  const vendor: FakeVendor = {
    keyHeader: 'authorization',
    accepts: (value) => value.startsWith('Bearer ') || value === '',
    failure: (kind, key) => {
      if (kind === 'auth') return { status: 401, body: { error: 'Unauthorized', path: '$', code: 'invalid-jwt' } };
      if (kind === 'credits')
        return { status: 402, body: { error: 'not enough api tokens', path: '$', code: 'unexpected' } };
      if (kind === 'rate')
        return { status: 429, headers: { 'retry-after': '2' }, body: { error: 'Too many requests' } };
      if (kind === 'busy')
        return { status: 429, body: { error: 'Concurrency limit reached', code: 'concurrency_limit_exceeded' } };
      if (kind === 'policy')
        return {
          status: 400,
          body: [
            {
              message: 'Your prompt was refused by our content moderation.',
              extensions: { code: 'VALIDATION_ERROR', details: { message: 'moderation' } },
            },
          ],
        };
      if (kind === 'server') return { status: 500, body: { error: 'database query error' } };
      return { status: 400, body: { error: `invalid request ${key}`, code: 'validation-failed' } };
    },
    handle: (seen, response, desk) => handle(seen, response, desk, uploads, options.uploadFields ?? 'text'),
  };
  const fake = await startVendorFake(vendor, options);
  return { ...fake, uploads };
}

function handle(
  seen: SeenRequest,
  response: ServerResponse,
  desk: FakeDesk,
  uploads: LeonardoFake['uploads'],
  uploadFields: 'text' | 'object',
): boolean {
  const path = seen.path.replace(/^\/api\/rest/, '');
  if (path === '/s3') {
    const parts = [...seen.body.matchAll(/; name="([^"]*)"/g)].map((match) => match[1] ?? '');
    uploads.push({ parts, authorization: seen.headers.authorization });
    response.writeHead(parts.at(-1) === 'file' ? 204 : 400).end();
    return true;
  }
  if (seen.headers.authorization === undefined) {
    sendJson(response, 401, { error: 'Unauthorized' });
    return true;
  }
  if (seen.method === 'GET' && path.startsWith('/v1/generations/')) return look(path, response, desk);
  if (seen.method !== 'POST') return false;
  const body = JSON.parse(seen.body) as Record<string, unknown>;
  if (path === '/v1/init-image') {
    const fields = { key: 'uploads/source', policy: 'cG9saWN5', 'X-Amz-Signature': 'signed' };
    const url = `http://${String(seen.headers.host)}/s3`;
    const sent = uploadFields === 'text' ? JSON.stringify(fields) : fields;
    sendJson(response, 200, { uploadInitImage: { id: 'init-0001', url, fields: sent, key: fields.key } });
    return true;
  }
  if (path === '/v1/pricing-calculator') {
    const params = Object.values((body['serviceParams'] ?? {}) as Record<string, Record<string, number>>)[0] ?? {};
    const pixels = (params['imageWidth'] ?? 1024) * (params['imageHeight'] ?? 1024);
    const cost = Math.ceil((pixels / 131_072) * (params['numImages'] ?? 1));
    sendJson(response, 200, { calculateProductionApiServiceCost: { cost } });
    return true;
  }
  return create(seen, path, body, response, desk);
}

const videoNames = [
  'prompt',
  'model',
  'resolution',
  'frameInterpolation',
  'isPublic',
  'seed',
  'negativePrompt',
  'promptEnhance',
  'duration',
  'styleIds',
  'elements',
];

/** Of the OpenAPI of v1 and the guides to v2's models (docs.leonardo.ai). */
const known: Record<string, readonly string[]> = {
  '/v1/generations': [
    'prompt',
    'modelId',
    'width',
    'height',
    'num_images',
    'contrast',
    'styleUUID',
    'alchemy',
    'ultra',
    'negative_prompt',
    'seed',
    'guidance_scale',
    'num_inference_steps',
    'scheduler',
    'init_image_id',
    'init_strength',
    'public',
    'enhancePrompt',
  ],
  '/v1/generations-text-to-video': videoNames,
  '/v1/generations-image-to-video': [...videoNames, 'imageId', 'imageType', 'endFrameImage'],
  '/v2/generations': [
    'prompt',
    'quantity',
    'width',
    'height',
    'seed',
    'style_ids',
    'prompt_enhance',
    'guidances',
    'duration',
    'mode',
    'motion_has_audio',
  ],
};

const cost = { amount: '0.0147', unit: 'DOLLARS' };

function create(
  seen: SeenRequest,
  path: string,
  body: Record<string, unknown>,
  response: ServerResponse,
  desk: FakeDesk,
): boolean {
  if (!Object.hasOwn(known, path)) return false;
  const inner = (path === '/v2/generations' ? body['parameters'] : body) as Record<string, unknown>;
  const odd = unknownNames(inner, known[path] ?? []);
  if (odd.length > 0) {
    sendJson(response, 400, { error: `unexpected variables: ${odd.join(', ')}`, path: '$', code: 'validation-failed' });
    return true;
  }
  const isVideo = path.includes('-to-video') || inner['duration'] !== undefined;
  const count = isVideo ? 1 : Number(inner['num_images'] ?? inner['quantity'] ?? 1);
  const order = { prompt: String(inner['prompt']), body, kind: isVideo ? 'video' : 'image', count } as const;
  const job = desk.create(seen, response, order);
  if (job === null) return true;
  const made = { generationId: job.id, apiCreditCost: null, cost };
  if (path === '/v2/generations') sendJson(response, 200, { generate: made });
  else if (isVideo) sendJson(response, 200, { motionVideoGenerationJob: made });
  else sendJson(response, 200, { sdGenerationJob: made });
  return true;
}

function look(path: string, response: ServerResponse, desk: FakeDesk): boolean {
  const seen = desk.look(path.split('/').at(-1) ?? '', response);
  if (desk.hasAnswered(response)) return true;
  if (seen === null) {
    sendJson(response, 200, { generations_by_pk: null });
    return true;
  }
  const { job, state } = seen;
  const isVideo = job.kind === 'video';
  const images = desk.fileUrls(job).map((url, index) => ({
    id: `${job.id}-${index}`,
    url: isVideo ? url.replace('.mp4', '.jpg') : url,
    motionMP4URL: isVideo ? url : null,
    nsfw: false,
    likeCount: 0,
  }));
  const failed = state === 'failed';
  const words = job.scenario?.detail === 'policy' ? 'The prompt was blocked by content moderation.' : 'The job failed.';
  sendJson(response, 200, {
    generations_by_pk: {
      id: job.id,
      status: failed ? 'FAILED' : state === 'done' ? 'COMPLETE' : 'PENDING',
      ...(failed ? { errorMessage: words } : {}),
      prompt: job.prompt,
      seed: 42,
      generated_images: state === 'done' ? images : [],
    },
  });
  return true;
}
