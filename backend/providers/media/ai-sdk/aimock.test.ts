import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MediaRequest } from '@wfm/workflow-engine/ports';
import { sampleFile } from '../../testing/fakes/sample-files.ts';
import { startServer, type TestServer } from '../../testing/http-server.ts';
import { carryOut, sampleInput, testContext } from '../../testing/media-rig.ts';
import { aiSdkMediaProvider } from './provider.ts';
import { elevenLabsSpeech } from './vendors/elevenlabs.ts';
import { falMedia } from './vendors/fal.ts';
import { googleMedia } from './vendors/google.ts';
import { openaiMedia } from './vendors/openai.ts';

/** A second opinion: vendors as somebody else reads their wire formats. Our own fakes know faults; this one does not. */

const apiKey = 'sdk-canary-8f1c2d3e4b5a69788796a5b4c3d2e1f0';
const base64 = (kind: 'image' | 'audio') => Buffer.from(sampleFile(kind).bytes).toString('base64');
let mock: LLMock;
/** fal by its hosts' names: the mock tells them apart by a header that its proxies set. */
let fal: TestServer;

beforeAll(async () => {
  mock = new LLMock({ logLevel: 'silent' });
  mock.onImage(/lake/, { image: { b64Json: base64('image') } });
  mock.onSpeech(/lake/, { audio: base64('audio'), format: 'mp3' });
  mock.onElevenLabsTTS(/lake/, { audio: { b64Json: base64('audio'), contentType: 'audio/mpeg' } });
  mock.onTranscription({ transcription: { text: 'A lake at dusk.' } });
  mock.onFalImage(/flux/, { image: { url: 'https://files.example/lake.png' } });
  mock.mount('/files', {
    handleRequest: async (_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp4' }).end(sampleFile('video').bytes);
      return true;
    },
  });
  await mock.start();
  mock.onVideo(/lake/, { video: { id: 'video-1', status: 'completed', url: `${mock.url}/files/lake.mp4` } });
  fal = await startServer(async (seen, response) => {
    const headers = { 'content-type': 'application/json', 'x-fal-target-host': 'queue.fal.run' };
    const body = seen.body === '' ? null : seen.body;
    const reply = await fetch(`${mock.url}/fal${seen.path}`, { method: seen.method, headers, body });
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(await reply.text());
  });
});
afterAll(async () => {
  await fal.close();
  await mock.stop();
});

const order = (more: Partial<MediaRequest>): MediaRequest => ({
  action: 'txt2img',
  model: null,
  prompt: 'a lake',
  params: {},
  inputs: [],
  idempotencyKey: 'order-1',
  ...more,
});
const openai = () => aiSdkMediaProvider(openaiMedia({ apiKey, baseUrl: `${mock.url}/v1` }));

test.each([
  ['a picture', order({}), 'image/png'],
  ['an edited picture', order({ action: 'img2img', inputs: [sampleInput('source')] }), 'image/png'],
  ['speech', order({ action: 'txt2audio' }), 'audio/mpeg'],
])('OpenAI makes %s', async (_what, request, mime) => {
  const { result } = await carryOut(openai(), request, testContext({ apiKey }));
  expect(result.outputs).toEqual([{ source: { data: expect.any(Uint8Array) }, mime }]);
});

test('OpenAI writes down what is said', async () => {
  const request = order({ action: 'transcribe', prompt: '', inputs: [sampleInput('audio', 'audio')] });
  expect((await carryOut(openai(), request, testContext({ apiKey }))).result.text).toBe('A lake at dusk.');
});

test('ElevenLabs speaks', async () => {
  const provider = aiSdkMediaProvider(elevenLabsSpeech({ apiKey, baseUrl: mock.url }));
  const { result } = await carryOut(provider, order({ action: 'txt2audio' }), testContext({ apiKey }));
  expect(result.outputs[0]?.mime).toBe('audio/mpeg');
});

test('Google’s Veo is started, looked for and fetched', async () => {
  const provider = aiSdkMediaProvider(googleMedia({ apiKey, baseUrl: `${mock.url}/v1beta` }));
  const { result } = await carryOut(provider, order({ action: 'txt2vid' }), testContext({ apiKey }));
  expect(result.outputs).toEqual([{ source: { data: expect.any(Uint8Array) }, mime: 'video/mp4' }]);
});

test('fal’s queue is waited in', async () => {
  const provider = aiSdkMediaProvider(falMedia({ apiKey, baseUrl: fal.url }));
  const { result } = await carryOut(provider, order({}), testContext({ apiKey }));
  expect(result.outputs[0]?.source).toEqual({ url: 'https://files.example/lake.png' });
});
