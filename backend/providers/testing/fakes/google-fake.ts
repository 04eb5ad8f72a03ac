import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { SeenRequest } from '../http-server.ts';
import { bytesOf } from './fake-body.ts';
import {
  type FakeDesk,
  type FakeOptions,
  type FakeVendor,
  sendJson,
  startVendorFake,
  type VendorFake,
} from './vendor-fake.ts';

/** The Gemini API below `/v1beta`: pictures and speech by `generateContent`, videos by operations and keyed files. */
export function startGoogleFake(options: FakeOptions = {}): Promise<VendorFake> {
  const fail = (code: number, status: string, message: string, headers: Record<string, string> = {}) => ({
    status: code,
    headers,
    body: { error: { code, message, status } },
  });
  const vendor: FakeVendor = {
    keyHeader: 'x-goog-api-key',
    accepts: (value) => value.length > 8,
    failure: (kind, key) => {
      if (kind === 'auth') return fail(403, 'PERMISSION_DENIED', 'The caller does not have permission');
      if (kind === 'credits') return fail(402, 'FAILED_PRECONDITION', 'Billing is not enabled: payment required');
      if (kind === 'rate') return fail(429, 'RESOURCE_EXHAUSTED', 'Too many requests a minute', { 'retry-after': '2' });
      if (kind === 'busy') return fail(429, 'RESOURCE_EXHAUSTED', 'The model is overloaded. Try again later.');
      if (kind === 'policy') return fail(400, 'INVALID_ARGUMENT', 'The prompt violates the content policy.');
      if (kind === 'server') return fail(500, 'INTERNAL', 'An internal error has occurred.');
      return fail(400, 'INVALID_ARGUMENT', `Invalid value ${key}`);
    },
    handle,
  };
  return startVendorFake(vendor, options);
}

async function handle(seen: SeenRequest, response: ServerResponse, desk: FakeDesk): Promise<boolean> {
  const { pathname } = new URL(seen.path, 'http://fake');
  if (seen.method === 'POST' && pathname.endsWith(':generateContent')) return content(seen, response, desk);
  if (seen.method === 'POST' && pathname.endsWith(':predictLongRunning')) {
    const body = JSON.parse(seen.body) as { instances: { prompt: string }[]; parameters: { sampleCount?: number } };
    const prompt = body.instances[0]?.prompt ?? '';
    const count = body.parameters.sampleCount ?? 1;
    const job = desk.create(seen, response, { prompt, body, kind: 'video', count });
    if (job !== null) sendJson(response, 200, { name: `models/veo/operations/${job.id}` });
    return true;
  }
  const [, operation] = /^\/v1beta\/models\/veo\/operations\/([\w-]+)$/.exec(pathname) ?? [];
  if (operation !== undefined) return look(operation, seen, response, desk);
  const [, file] = /^\/v1beta\/files\/([\w-]+):download$/.exec(pathname) ?? [];
  return file !== undefined && desk.sendFile(file, response);
}

async function content(seen: SeenRequest, response: ServerResponse, desk: FakeDesk): Promise<boolean> {
  const body = JSON.parse(seen.body) as { contents: { parts: { text?: string }[] }[] };
  const prompt = body.contents[0]?.parts.find((part) => part.text !== undefined)?.text ?? '';
  const isSpeech = seen.path.includes('-tts');
  const job = desk.create(seen, response, { prompt, body, kind: isSpeech ? 'wave' : 'image', count: 1 });
  if (job === null) return true;
  await wait(desk.options.heldMs);
  if (job.scenario?.name === 'fail') {
    sendJson(response, 200, { candidates: [{ content: {}, finishReason: 'IMAGE_SAFETY', index: 0 }] });
    return true;
  }
  const data = Buffer.from(bytesOf(job.kind)).toString('base64');
  const part = { inlineData: { mimeType: isSpeech ? 'audio/wav' : 'image/png', data } };
  sendJson(response, 200, {
    candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 1120, totalTokenCount: 1130 },
  });
  return true;
}

function look(id: string, seen: SeenRequest, response: ServerResponse, desk: FakeDesk): boolean {
  const found = desk.look(id, response);
  if (found === null) return desk.hasAnswered(response);
  const name = `models/veo/operations/${id}`;
  if (found.state === 'failed') {
    const isPolicy = found.job.scenario?.detail === 'policy';
    const message = isPolicy ? 'The request was blocked by the content policy.' : 'Internal failure of the model.';
    sendJson(response, 200, { name, done: true, error: { code: 13, message } });
  } else if (found.state === 'done') {
    const uri = `http://${String(seen.headers.host)}/v1beta/files/${id}:download?alt=media`;
    const samples = found.job.scenario?.name === 'none' ? [] : [{ video: { uri } }];
    sendJson(response, 200, { name, done: true, response: { generateVideoResponse: { generatedSamples: samples } } });
  } else sendJson(response, 200, { name, done: false });
  return true;
}
