import { isJsonObject, limits, type JsonObject } from '@wfm/workflow-engine/models';
import type {
  MediaAction,
  MediaContext,
  MediaInput,
  MediaRequest,
  MediaResult,
  Money,
  Polled,
  Submitted,
} from '@wfm/workflow-engine/ports';
import type { MediaEntry } from '../catalogue/entry.ts';
import { faultContextOf } from '../support/vendor-call.ts';
import { faultOfJob } from '../support/vendor-fault.ts';
import {
  lookAtVideo,
  makeImages,
  type SdkCall,
  type SdkFiles,
  type SdkOutput,
  speak,
  startVideo,
  writeDown,
} from './sdk.ts';
import { faultOfSdk, OrderTaken, sdkFetch, type SdkFetchOptions, type SdkTrace } from './sdk-fetch.ts';
import { toSettings } from './settings.ts';
import type { SdkVendor } from './vendor.ts';

/** Pictures take long where the vendor makes them while one waits (providers.md 3: OpenAI, 120 s). */
const heldMs = 240_000;
const lookMs = 60_000;
const firstLookMs = 3_000;
const nextLookMs = 4_000;
/** Ten pictures in base64. */
const heldBytes = 128 * 1024 * 1024;

/** Sends one order. In: a request whose parameters are checked. Throws the faults of `MediaProvider.submit`. */
export async function submitOrder(
  vendor: SdkVendor,
  entry: MediaEntry,
  request: MediaRequest,
  context: MediaContext,
): Promise<Submitted> {
  const fault = faultContextOf(vendor.site, context, true);
  const call: SdkCall = {
    prompt: request.prompt,
    settings: toSettings(vendor, entry, request.params),
    files: await filesOf(request.inputs),
    headers: { 'idempotency-key': request.idempotencyKey },
    signal: context.signal,
  };
  const startsJob = vendor.jobs !== undefined;
  const trace: SdkTrace = { sent: false, reply: undefined };
  const options: SdkFetchOptions = { ...budget(entry.action), starts: true, stopAtReply: startsJob };
  const fetch = sdkFetch(vendor, context, options, trace);
  const models = await vendor.models(context.apiKey ?? '', fetch);
  const id = entry.vendorModel ?? entry.id;
  try {
    switch (entry.action) {
      case 'txt2img':
      case 'img2img':
        return done(entry, await makeImages(models.image!(id), call));
      case 'txt2vid':
      case 'img2vid': {
        const { operation, warnings } = await startVideo(models.video!(id), call);
        return started({ model: id, sdk: operation, warnings });
      }
      case 'txt2audio':
        return done(entry, await speak(models.speech!(id), call));
      case 'transcribe':
        return done(entry, await writeDown(models.transcription!(id), call));
      case 'compose':
        throw new TypeError('no vendor of the SDK composes');
    }
  } catch (thrown) {
    if (context.signal.aborted) throw context.signal.reason;
    const taken = takenOf(thrown);
    if (taken === null || vendor.jobs === undefined) throw faultOfSdk(thrown, trace, fault);
    return started({ ...vendor.jobs.begun(taken.reply, id, fault), model: id });
  }
}

/** One look at an order that `submitOrder` started. Throws the faults of `MediaProvider.poll`. */
export async function lookForResult(vendor: SdkVendor, operation: JsonObject, context: MediaContext): Promise<Polled> {
  if (vendor.jobs !== undefined) return lookAtJob(vendor, operation, context);
  const fault = faultContextOf(vendor.site, context);
  const options: SdkFetchOptions = {
    starts: false,
    timeoutMs: lookMs,
    maxBytes: limits.replyBytes,
    stopAtReply: false,
    keep: (reply) => isJsonObject(reply) && reply['done'] === true,
  };
  const trace: SdkTrace = { sent: false, reply: undefined };
  const models = await vendor.models(context.apiKey ?? '', sdkFetch(vendor, context, options, trace));
  const { model, sdk, warnings } = operation;
  const looked = await lookAtVideo(models.video!(String(model)), sdk, context.signal).catch((thrown: unknown) => {
    if (context.signal.aborted) throw context.signal.reason;
    throw faultOfSdk(thrown, trace, fault);
  });
  if (looked.state === 'pending') return pending({ phase: 'running' });
  if (looked.state === 'failed') throw faultOfJob(looked.message, fault);
  if (looked.files.length === 0) throw faultOfJob('The result holds no file.', fault);
  const outputs = await Promise.all(
    looked.files.map(async ({ url, mime }) => ({
      source: vendor.fetchResult === undefined ? { url } : { data: await vendor.fetchResult(url, context) },
      mime,
    })),
  );
  const said = Array.isArray(warnings) ? warnings.map(String) : [];
  return {
    kind: 'done',
    result: { outputs, warnings: [...said, ...looked.warnings], response: { model, files: outputs.length } },
  };
}

async function lookAtJob(vendor: SdkVendor, operation: JsonObject, context: MediaContext): Promise<Polled> {
  const look = await vendor.jobs!.look(operation, vendor.site, context);
  if (look.state === 'pending') return pending(look.progress);
  const fault = faultContextOf(vendor.site, context);
  if (look.state === 'failed') throw faultOfJob(look.message, fault);
  if (look.files.length === 0 && look.text === undefined) throw faultOfJob('The result holds no file.', fault);
  const jobId = operation['id'];
  const result: MediaResult = {
    outputs: look.files.map(({ url, mime, seed }) => ({
      source: { url },
      mime: mime ?? mimeOfUrl(url),
      ...(seed === undefined ? {} : { seed }),
    })),
    warnings: [],
    ...(look.text === undefined ? {} : { text: look.text }),
    ...(look.cost === undefined ? {} : { cost: look.cost }),
    ...(typeof jobId === 'string' ? { vendorJobId: jobId } : {}),
    response: look.response,
  };
  return { kind: 'done', result };
}

function takenOf(thrown: unknown): OrderTaken | null {
  for (let at = thrown, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1)
    if (at instanceof OrderTaken) return at;
  return null;
}

async function filesOf(inputs: readonly MediaInput[]): Promise<SdkFiles> {
  const read = (...roles: MediaInput['role'][]) =>
    Promise.all(inputs.filter((input) => roles.includes(input.role)).map((input) => input.read()));
  const [images, masks, lasts, audio] = await Promise.all([
    read('source', 'first', 'reference'),
    read('mask'),
    read('last'),
    read('audio'),
  ]);
  return {
    images,
    ...(masks[0] === undefined ? {} : { mask: masks[0] }),
    ...(lasts[0] === undefined ? {} : { last: lasts[0] }),
    ...(audio[0] === undefined ? {} : { audio: audio[0] }),
  };
}

function budget(action: MediaAction): Pick<SdkFetchOptions, 'timeoutMs' | 'maxBytes'> {
  if (action === 'txt2audio') return { timeoutMs: heldMs, maxBytes: limits.generatedAudioBytes * 2 };
  if (action === 'txt2img' || action === 'img2img') return { timeoutMs: heldMs, maxBytes: heldBytes };
  return { timeoutMs: heldMs, maxBytes: limits.replyBytes };
}

function done(entry: MediaEntry, output: SdkOutput): Submitted {
  const { files, warnings, usage, text } = output;
  const cost = usage === undefined || entry.tokens === undefined ? undefined : costOf(entry.tokens, usage);
  return {
    kind: 'done',
    result: {
      outputs: files.map(({ data, mime }) => ({ source: { data }, mime })),
      warnings,
      ...(text === undefined ? {} : { text }),
      ...(cost === undefined ? {} : { cost }),
      ...(usage === undefined ? {} : { tokens: { input: usage.input, output: usage.output } }),
      response: { model: entry.id, files: files.length, ...(usage === undefined ? {} : { usage: { ...usage } }) },
    },
  };
}

function costOf(prices: NonNullable<MediaEntry['tokens']>, usage: NonNullable<SdkOutput['usage']>): Money {
  const { input, output, imageInput } = usage;
  const usd = (input - imageInput) * prices.textIn + imageInput * prices.imageIn + output * prices.out;
  return { amount: (usd / 1_000_000).toFixed(6), unit: 'USD' };
}

function started(operation: JsonObject): Submitted {
  return { kind: 'started', operation, pollAfterMs: firstLookMs };
}

function pending(progress: Extract<Polled, { kind: 'pending' }>['progress']): Polled {
  return { kind: 'pending', progress, pollAfterMs: nextLookMs };
}

/** A guess where nobody says; what is stored is sniffed. */
function mimeOfUrl(url: string): string {
  const extension = /\.([a-z0-9]{2,4})(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? '';
  const types: Record<string, string> = {
    png: 'image/png',
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    webp: 'image/webp',
    mp4: 'video/mp4',
    mp3: 'audio/mpeg',
    wav: 'audio/wav',
  };
  return Object.hasOwn(types, extension) ? types[extension]! : 'application/octet-stream';
}
