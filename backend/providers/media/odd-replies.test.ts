import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaAction, MediaProvider } from '@wfm/workflow-engine/ports';
import { createSafeFetch } from '../safe-fetch/safe-fetch.ts';
import { startServer, type TestServer } from '../testing/http-server.ts';
import { faultOf, testContext } from '../testing/media-rig.ts';
import { createElevenLabs } from './elevenlabs/elevenlabs.ts';
import { createLeonardo } from './leonardo/leonardo.ts';
import { createMidjourney } from './midjourney/midjourney.ts';
import { createStableDiffusion } from './stable-diffusion/stable-diffusion.ts';

/** A vendor that answers everything with one text, status 200. */
let server: TestServer;
let answer = '';
beforeAll(async () => {
  server = await startServer((_seen, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
  });
});
afterAll(() => server.close());

const apiKey = 'key-of-the-server';
const vendors: [string, MediaAction, () => MediaProvider, JsonObject | null][] = [
  [
    'leonardo',
    'txt2img',
    () => createLeonardo({ apiKey, baseUrl: server.url }, createSafeFetch({})),
    { generation_id: 'job-1', makes: 'image', cost: null },
  ],
  [
    'midjourney',
    'txt2img',
    () => createMidjourney({ apiKey, baseUrl: server.url }),
    { task_id: 'job-1', makes: 'image' },
  ],
  ['stable_diffusion', 'txt2img', () => createStableDiffusion({ baseUrl: server.url }), null],
  ['elevenlabs', 'txt2audio', () => createElevenLabs({ apiKey, baseUrl: server.url }), null],
];

const odd = [
  '',
  'null',
  'true',
  '7',
  '"text"',
  '[]',
  '{}',
  '[null]',
  '{"data": null}',
  '{"data": []}',
  '{"data": {"taskId": 7}}',
  '{"data": {"taskId": ""}}',
  '{"code": "200", "data": {}}',
  '{"data": {"successFlag": "1"}}',
  '{"data": {"successFlag": 1, "resultInfoJson": "not json"}}',
  '{"data": {"successFlag": 1, "resultInfoJson": {"resultUrls": [null]}}}',
  '{"data": {"successFlag": 1, "resultInfoJson": {"resultUrls": []}}}',
  '{"data": {"successFlag": 7}}',
  '{"sdGenerationJob": null}',
  '{"sdGenerationJob": {"generationId": null}}',
  '{"generate": {}}',
  '{"generationId": {"id": "x"}}',
  '[{"message": "no", "extensions": {"code": "VALIDATION_ERROR"}}]',
  '{"generations_by_pk": null}',
  '{"generations_by_pk": {"status": "DONE"}}',
  '{"generations_by_pk": {"status": "COMPLETE"}}',
  '{"generations_by_pk": {"status": "COMPLETE", "generated_images": [{"url": 5}]}}',
  '{"generations_by_pk": {"status": "COMPLETE", "generated_images": [{"url": ""}]}}',
  '{"images": null, "info": "{}"}',
  '{"images": [], "info": "no json"}',
  '{"images": [5], "info": "{}"}',
  '{"images": ["!!!"], "info": "{}"}',
  '{"images": ["aGk="], "info": "{\\"index_of_first_image\\": 5}"}',
  '{"__proto__": {"sdGenerationJob": {"generationId": "x"}}}',
  '{"data": {"__proto__": {"taskId": "x"}}}',
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
];

test.each(vendors)(
  '%s: whatever an answer is, it ends in a fault of the provider',
  async (id, action, create, operation) => {
    const provider = create();
    const request = { action, model: null, prompt: 'a lake', params: {}, inputs: [], idempotencyKey: 'key-1' };
    for (answer of odd) {
      const ordered = await faultOf(provider.submit(request, testContext({ apiKey })));
      expect([answer.slice(0, 80), ordered.code, ordered.params['provider']]).toEqual([
        answer.slice(0, 80),
        'provider_failed',
        id,
      ]);
      if (operation === null) continue;
      const looked = await faultOf(provider.poll!(operation, testContext({ apiKey })));
      expect([answer.slice(0, 80), looked.code]).toEqual([answer.slice(0, 80), 'provider_failed']);
    }
  },
);
