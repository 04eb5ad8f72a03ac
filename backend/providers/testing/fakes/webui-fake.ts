import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { SeenRequest } from '../http-server.ts';
import { sampleFile } from './sample-files.ts';
import {
  type FakeDesk,
  type FakeOptions,
  type FakeVendor,
  sendJson,
  startVendorFake,
  unknownNames,
  type VendorFake,
} from './vendor-fake.ts';

interface WebuiFakeOptions extends FakeOptions {
  /** `user:password`, as `--api-auth` takes it. */
  auth?: string;
  /** A grid before the pictures, as some settings give. */
  grid?: boolean;
}

export interface WebuiFake extends VendorFake {
  /** How often somebody interrupted. */
  interrupts(): number;
}

/** Stable Diffusion WebUI with `--api`: one order at a time, held; progress and interruption are the server's. */
export async function startWebuiFake(options: WebuiFakeOptions = {}): Promise<WebuiFake> {
  let interrupts = 0;
  let atWork = 0;
  let looks = 0;
  const expected = options.auth === undefined ? null : `Basic ${Buffer.from(options.auth).toString('base64')}`;
  const fail = (status: number, detail: string) => ({
    status,
    body: { error: 'HTTPException', detail, body: '', errors: '' },
  });
  const vendor: FakeVendor = {
    keyHeader: 'authorization',
    accepts: (value) => expected === null || value === expected,
    failure: (kind, key) => {
      if (kind === 'auth') return fail(401, 'Incorrect username or password');
      if (kind === 'server')
        return { status: 500, body: { error: 'OutOfMemoryError', detail: '', errors: 'CUDA out of memory' } };
      return fail(404, `Sampler not found ${key}`);
    },
    handle: async (seen, response, desk) => {
      const [path = ''] = seen.path.split('?');
      if (path === '/sdapi/v1/interrupt' && seen.method === 'POST') {
        interrupts += 1;
        sendJson(response, 200, {});
      } else if (path === '/sdapi/v1/progress') {
        looks = atWork > 0 ? looks + 1 : 0;
        const progress = Math.min(0.95, looks * 0.2);
        sendJson(response, 200, { progress, eta_relative: 1.5, state: { job_count: atWork }, current_image: null });
      } else if (seen.method === 'POST' && /^\/sdapi\/v1\/(?:txt|img)2img$/.test(path)) {
        atWork += 1;
        response.on('close', () => {
          atWork -= 1;
        });
        await render(seen, response, desk, options.grid ?? false);
      } else return list(path, response);
      return true;
    },
  };
  const fake = await startVendorFake(vendor, options);
  return { ...fake, interrupts: () => interrupts };
}

/** Those of modules/api/models.py and the processing classes that we use. */
const known = [
  'prompt',
  'negative_prompt',
  'width',
  'height',
  'steps',
  'cfg_scale',
  'sampler_name',
  'scheduler',
  'seed',
  'batch_size',
  'override_settings',
  'override_settings_restore_afterwards',
  'enable_hr',
  'hr_scale',
  'denoising_strength',
  'init_images',
  'mask',
  'alwayson_scripts',
  'send_images',
  'save_images',
];

async function render(seen: SeenRequest, response: ServerResponse, desk: FakeDesk, grid: boolean): Promise<void> {
  const body = JSON.parse(seen.body) as Record<string, unknown>;
  if (seen.path.includes('img2img') && !Array.isArray(body['init_images']))
    return sendJson(response, 404, { error: 'HTTPException', detail: 'Init image not found' });
  const odd = unknownNames(body, known);
  if (odd.length > 0)
    return sendJson(response, 422, { detail: odd.map((name) => ({ loc: ['body', name], msg: 'extra' })) });
  const count = Number(body['batch_size'] ?? 1);
  const job = desk.create(seen, response, { prompt: String(body['prompt']), body, kind: 'image', count });
  if (job === null) return undefined;
  await wait(desk.options.heldMs);
  const made = job.scenario?.name === 'none' ? 0 : count + (grid ? 1 : 0);
  const image = Buffer.from(sampleFile('image').bytes).toString('base64');
  const seed = Number(body['seed']) === -1 ? 1234 : Number(body['seed']);
  const all_seeds = Array.from({ length: count }, (_, index) => seed + index);
  const info = JSON.stringify({ prompt: body['prompt'], all_seeds, index_of_first_image: grid ? 1 : 0 });
  return sendJson(response, 200, { images: Array.from({ length: made }, () => image), parameters: body, info });
}

const lists: Record<string, unknown> = {
  '/sdapi/v1/sd-models': [
    { title: 'SDXL/lake.safetensors [0a1b2c3d4e]', model_name: 'lake', hash: '0a1b2c3d4e', filename: '/models/lake' },
    { title: 'plain.safetensors [5f6a7b8c9d]', model_name: 'plain', hash: '5f6a7b8c9d', filename: '/models/plain' },
  ],
  '/sdapi/v1/samplers': [
    { name: 'Euler a', aliases: ['k_euler_a'], options: {} },
    { name: 'DPM++ 2M', aliases: ['k_dpmpp_2m'], options: {} },
  ],
  '/sdapi/v1/schedulers': [
    { name: 'automatic', label: 'Automatic', aliases: null },
    { name: 'karras', label: 'Karras', aliases: null },
  ],
  '/sdapi/v1/sd-vae': [{ model_name: 'sdxl_vae.safetensors', filename: '/vae/sdxl_vae' }],
};

function list(path: string, response: ServerResponse): boolean {
  if (!Object.hasOwn(lists, path)) return false;
  sendJson(response, 200, lists[path]);
  return true;
}
