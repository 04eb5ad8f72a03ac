import { afterAll, beforeAll, expect, it } from 'vitest';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

const workflow = {
  format: 2,
  workflow_id: 'poster',
  name: 'Poster',
  steps: [
    {
      step_id: 'draw',
      modules: [
        {
          module_id: 'media.generate',
          name: 'pictures',
          inputs: { prompts: { local: { prompt: 'a pier' } }, schema: { type: 'object' } },
          outputs_to_state: { selected_content: 'picture' },
        },
      ],
    },
  ],
};

interface GenerationView {
  content_ids: string[];
  urls: string[];
  content_items: { url: string; mime: string }[];
  mock: boolean;
}

let rig: VirtualRig;
let asked: VirtualWorkflowResponse;
let snapshot: string;
let generation: GenerationView;
let interaction: string;

beforeAll(async () => {
  rig = await createVirtualRig();
  asked = await rig.preview('/workflow/start', { workflow, virtual_db: null });
  interaction = asked.interaction_request?.interaction_id ?? '';
  const { body } = await rig.post('/workflow/sub-action', {
    workflow,
    virtual_run_id: asked.virtual_run_id,
    virtual_db: asked.virtual_db,
    interaction_id: interaction,
    sub_action_id: 'generate',
    params: { provider: 'local', prompt_id: 'p1', params: { prompt: 'a pier <at> dusk', num_images: 2 } },
  });
  snapshot = /"virtual_db":"([^"]+)"/.exec(body)?.[1] ?? '';
  const reply = await rig.post('/workflow/generations', { virtual_db: snapshot, interaction_id: interaction });
  const { generations } = reply.json<{ generations: Record<string, GenerationView[]> }>();
  [generation] = Object.values(generations).flat() as [GenerationView];
});
afterAll(() => rig.close());

const get = (url: string, headers = {}) => rig.app.inject({ method: 'GET', url, headers });

it('15.4 the records of a snapshot are read from it, with the address and type of each mock', () => {
  expect(generation).toMatchObject({
    mock: true,
    content_ids: [{}, {}],
    content_items: [{ mime: 'image/svg+xml' }, { mime: 'image/svg+xml' }],
  });
  expect(generation.urls[0]).toMatch(/^\/mock-media\/[0-9a-f]{64}\?kind=image&w=1024&h=1024&text=local\+1/);
});

it('17.5 a mock is served to anybody, cacheable, the same each time, and is no page', async () => {
  const url = generation.urls[0] ?? '';
  const reply = await get(url);
  expect(reply.headers).toMatchObject({
    'content-type': 'image/svg+xml',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
  });
  expect(reply.body).toContain('a pier &lt;at&gt; dusk');
  expect((await get(url)).body).toBe(reply.body);
  const part = await get(url, { range: 'bytes=0-3' });
  expect([part.statusCode, part.body]).toEqual([206, '<svg']);
  expect((await get(url, { range: 'bytes=999999-' })).statusCode).toBe(416);
});

it('17.5 what this server has not signed is not drawn', async () => {
  const url = generation.urls[0] ?? '';
  for (const other of [url.replace('w=1024', 'w=1025'), url.replace(/media\/../, 'media/00'), `${url}x`]) {
    expect((await get(other)).json()).toMatchObject({ status: 404, code: 'content_not_found' });
  }
  for (const bad of [url.replace('w=1024', 'w=99999'), url.replace('kind=image', 'kind=page'), `${url}&more=1`]) {
    expect((await get(bad)).statusCode).toBe(400);
  }
});

it('17.5 the snapshot gives the bytes of a mock too, and no other’s', async () => {
  const [contentId = ''] = generation.content_ids;
  const file = await rig.post('/workflow/files', { virtual_db: snapshot, file_id: contentId });
  expect(file.headers).toMatchObject({
    'content-type': 'image/svg+xml',
    'content-disposition': "attachment; filename*=UTF-8''local-1.svg",
  });
  expect(file.body).toBe((await get(generation.urls[0] ?? '')).body);
  const before = await rig.refusal('/workflow/files', { virtual_db: asked.virtual_db, file_id: contentId });
  expect(before).toMatchObject({ status: 404, code: 'file_not_found' });
  const foreign = await rig.refusal(
    '/workflow/generations',
    { virtual_db: snapshot, interaction_id: interaction },
    rig.keys.bob,
  );
  expect(foreign).toMatchObject({ code: 'snapshot_signature' });
  const none = await rig.refusal('/workflow/generations', { virtual_db: snapshot, interaction_id: 'none' });
  expect(none).toMatchObject({ status: 404, code: 'interaction_not_found' });
});

it('mocks stand in the tree of files, with their addresses', async () => {
  const { files } = (await rig.post('/workflow/state', { virtual_db: snapshot })).json();
  const leaves = files.media.children.draw.children.pictures.children;
  expect(Object.keys(leaves)).toEqual(generation.content_ids);
  expect(leaves[generation.content_ids[0] ?? '']._meta).toMatchObject({
    mime: 'image/svg+xml',
    content_url: generation.urls[0],
    download_url: generation.urls[0],
  });
});

it('22 a snapshot holds records and no bytes', async () => {
  const size = Buffer.from(snapshot, 'base64').length - Buffer.from(asked.virtual_db, 'base64').length;
  expect(size).toBeLessThan(4000);
});

it('15.5 an estimate asks the catalogue as production does', async () => {
  const body = { provider: 'local', action_type: 'txt2img', prompt: 'A fox' };
  const reply = await rig.post('/workflow/media/preview', body);
  expect(reply.json()).toEqual({ cost: null, basis: 'unknown', notes: [] });
  expect((await rig.refusal('/workflow/media/preview', { ...body, action_type: 'x' })).status).toBe(400);
});
