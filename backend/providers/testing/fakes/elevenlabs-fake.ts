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

/** ElevenLabs' music, sound effects and speech: held requests that answer with an MP3; and its transcripts. */
export function startElevenLabsFake(options: FakeOptions = {}): Promise<VendorFake> {
  const fail = (code: number, status: string, message: string, headers: Record<string, string> = {}) => ({
    status: code,
    headers,
    body: { detail: { status, message } },
  });
  const vendor: FakeVendor = {
    keyHeader: 'xi-api-key',
    accepts: () => true,
    failure: (kind, key) => {
      if (kind === 'auth') return fail(401, 'invalid_api_key', 'Invalid API key');
      // Quota is told with 401 as well (help.elevenlabs.io, "API - Error Code 400 or 401").
      if (kind === 'credits') return fail(401, 'quota_exceeded', 'This request exceeds your quota of 10000.');
      if (kind === 'rate') return fail(429, 'rate_limit_exceeded', 'Too many requests', { 'retry-after': '1' });
      if (kind === 'busy') return fail(429, 'too_many_concurrent_requests', 'Too many concurrent requests');
      if (kind === 'policy') return fail(400, 'bad_prompt', 'The prompt contains copyrighted material.');
      if (kind === 'server') return fail(500, 'internal_server_error', 'Something went wrong');
      return { status: 422, body: { detail: [{ loc: ['body', 'prompt'], msg: `wrong ${key}`, type: 'value_error' }] } };
    },
    handle: compose,
  };
  return startVendorFake(vendor, options);
}

/** Of the API reference (music/compose, text-to-sound-effects/convert, text-to-speech/convert). */
const known: Record<string, readonly string[]> = {
  '/v1/music': [
    'prompt',
    'composition_plan',
    'music_length_ms',
    'model_id',
    'seed',
    'force_instrumental',
    'finetune_id',
    'respect_sections_durations',
    'store_for_inpainting',
    'sign_with_c2pa',
  ],
  '/v1/text-to-speech': ['text', 'model_id', 'language_code', 'voice_settings', 'seed'],
  '/v1/sound-generation': ['text', 'loop', 'duration_seconds', 'prompt_influence', 'model_id'],
};

async function compose(seen: SeenRequest, response: ServerResponse, desk: FakeDesk): Promise<boolean> {
  const url = new URL(seen.path, 'http://fake');
  if (seen.headers['xi-api-key'] === undefined) {
    sendJson(response, 401, { detail: { status: 'needs_authorization', message: 'Neither key nor token given' } });
    return true;
  }
  if (seen.method === 'POST' && url.pathname === '/v1/speech-to-text') {
    const job = desk.create(seen, response, { prompt: '', body: null, kind: 'audio', count: 1 });
    if (job !== null)
      sendJson(response, 200, { language_code: 'en', language_probability: 0.99, text: 'A lake at dusk.', words: [] });
    return true;
  }
  const path = url.pathname.startsWith('/v1/text-to-speech/') ? '/v1/text-to-speech' : url.pathname;
  if (seen.method !== 'POST' || !Object.hasOwn(known, path)) return false;
  const body = JSON.parse(seen.body) as Record<string, unknown>;
  const odd = unknownNames(body, known[path] ?? []);
  if (odd.length > 0) {
    sendJson(response, 422, {
      detail: odd.map((name) => ({ loc: ['body', name], msg: 'extra', type: 'extra_forbidden' })),
    });
    return true;
  }
  const prompt = String(url.pathname === '/v1/music' ? body['prompt'] : body['text']);
  const job = desk.create(seen, response, { prompt, body, kind: 'audio', count: 1 });
  if (job === null) return true;
  await wait(desk.options.heldMs);
  const { bytes, mime } = sampleFile('audio');
  response.writeHead(200, { 'content-type': mime, 'song-id': job.id, 'character-cost': '42' });
  response.end(job.scenario?.name === 'none' ? undefined : bytes);
  return true;
}
