import {
  experimental_getVideoStatus,
  experimental_startVideo,
  generateImage,
  generateSpeech,
  transcribe,
  type ImageModel,
  type JSONValue,
  type SpeechModel,
  type TranscriptionModel,
  type Warning,
} from 'ai';
import type { JsonObject } from '@wfm/workflow-engine/models';

// The SDK would print its warnings about settings that a model ignores on the console.
globalThis.AI_SDK_LOG_WARNINGS = false;

/**
 * Everything of the AI SDK that makes media, in one place: what is called `experimental` there may change with any
 * minor release. Nothing is repeated in here (`maxRetries: 0`): whoever pays for an order decides about another.
 */

type VideoModel = Parameters<typeof experimental_startVideo>[0]['model'];
type ProviderOptions = NonNullable<Parameters<typeof generateImage>[0]['providerOptions']>;

/** A vendor's models by id. */
export interface SdkModels {
  image?(id: string): ImageModel;
  /** A `VideoModel`; vendors' packages bring two versions of its type, which differ in its web hooks alone. */
  video?(id: string): unknown;
  speech?(id: string): SpeechModel;
  transcription?(id: string): TranscriptionModel;
}

/** Settings that the SDK has a name for, and the vendor's own. */
export interface SdkSettings {
  n: number;
  size?: string;
  aspectRatio?: string;
  resolution?: string;
  duration?: number;
  seed?: number;
  generateAudio?: boolean;
  voice?: string;
  outputFormat?: string;
  instructions?: string;
  speed?: number;
  language?: string;
  options: Record<string, JsonObject>;
}

export interface SdkFiles {
  /** What a picture is made of, or a video begins with. */
  images: Uint8Array[];
  mask?: Uint8Array;
  /** What a video ends with. */
  last?: Uint8Array;
  audio?: Uint8Array;
}

export interface SdkCall {
  prompt: string;
  settings: SdkSettings;
  files: SdkFiles;
  headers: Record<string, string>;
  signal: AbortSignal;
}

export interface SdkOutput {
  files: { data: Uint8Array; mime: string }[];
  warnings: string[];
  usage?: { input: number; output: number; imageInput: number };
  text?: string;
}

/** One request for `n` pictures, from text or from pictures and a mask; nothing is repeated. Throws what the SDK throws. */
export async function makeImages(model: ImageModel, call: SdkCall): Promise<SdkOutput> {
  const { n, size, aspectRatio, seed, options } = call.settings;
  const { images, mask } = call.files;
  const result = await generateImage({
    model,
    prompt: images.length === 0 ? call.prompt : { text: call.prompt, images, ...(mask === undefined ? {} : { mask }) },
    n,
    // One call, so one order: the SDK would otherwise make as many as there are pictures.
    maxImagesPerCall: n,
    ...(size === undefined ? {} : { size: size as `${number}x${number}` }),
    ...(aspectRatio === undefined ? {} : { aspectRatio: aspectRatio as `${number}:${number}` }),
    ...(seed === undefined ? {} : { seed }),
    providerOptions: options as ProviderOptions,
    ...once(call),
  });
  const { inputTokens, outputTokens } = result.usage;
  return {
    files: result.images.map((image) => ({ data: image.uint8Array, mime: image.mediaType })),
    warnings: result.warnings.map(warningText),
    ...(inputTokens === undefined || outputTokens === undefined
      ? {}
      : { usage: { input: inputTokens, output: outputTokens, imageInput: imageTokens(result.providerMetadata) } }),
  };
}

/** Starts a video; what comes back finds it again. */
export async function startVideo(model: unknown, call: SdkCall): Promise<{ operation: unknown; warnings: string[] }> {
  const { n, aspectRatio, resolution, duration, seed, generateAudio, options } = call.settings;
  const [image] = call.files.images;
  const { last } = call.files;
  const frames =
    image === undefined || last === undefined
      ? undefined
      : [
          { image, frameType: 'first_frame' as const },
          { image: last, frameType: 'last_frame' as const },
        ];
  const result = await experimental_startVideo({
    model: model as VideoModel,
    prompt: image === undefined || frames !== undefined ? call.prompt : { image, text: call.prompt },
    n,
    ...(frames === undefined ? {} : { frameImages: frames }),
    ...(aspectRatio === undefined ? {} : { aspectRatio: aspectRatio as `${number}:${number}` }),
    ...(resolution === undefined ? {} : { resolution: resolution as `${number}x${number}` }),
    ...(duration === undefined ? {} : { duration }),
    ...(seed === undefined ? {} : { seed }),
    ...(generateAudio === undefined ? {} : { generateAudio }),
    providerOptions: options as ProviderOptions,
    ...once(call),
  });
  return { operation: result.operation, warnings: result.warnings.map(warningText) };
}

export type SdkVideo =
  | { state: 'pending' }
  | { state: 'failed'; message: string }
  | { state: 'done'; files: { url: string; mime: string }[]; warnings: string[] };

/** One look at a video that `startVideo` began. */
export async function lookAtVideo(model: unknown, operation: unknown, signal: AbortSignal): Promise<SdkVideo> {
  const looked = await experimental_getVideoStatus(model as VideoModel, {
    operation: operation as JSONValue,
    abortSignal: signal,
    maxRetries: 0,
  });
  if (looked.status === 'pending') return { state: 'pending' };
  if (looked.status === 'error') return { state: 'failed', message: looked.error };
  return {
    state: 'done',
    files: looked.videos.flatMap((video) => (video.type === 'url' ? [{ url: video.url, mime: video.mediaType }] : [])),
    warnings: looked.warnings.map(warningText),
  };
}

/** One request for speech: one file, of the mime that the vendor names. Throws what the SDK throws. */
export async function speak(model: SpeechModel, call: SdkCall): Promise<SdkOutput> {
  const { voice, outputFormat, instructions, speed, language, options } = call.settings;
  const result = await generateSpeech({
    model,
    text: call.prompt,
    ...(voice === undefined ? {} : { voice }),
    ...(outputFormat === undefined ? {} : { outputFormat }),
    ...(instructions === undefined ? {} : { instructions }),
    ...(speed === undefined ? {} : { speed }),
    ...(language === undefined ? {} : { language }),
    providerOptions: options as ProviderOptions,
    ...once(call),
  });
  const { uint8Array, mediaType } = result.audio;
  return { files: [{ data: uint8Array, mime: mediaType }], warnings: result.warnings.map(warningText) };
}

/** One request for the words of a sound: `text` and no file. Throws what the SDK throws. */
export async function writeDown(model: TranscriptionModel, call: SdkCall): Promise<SdkOutput> {
  const result = await transcribe({
    model,
    audio: call.files.audio ?? new Uint8Array(),
    providerOptions: call.settings.options as ProviderOptions,
    ...once(call),
  });
  return { files: [], text: result.text, warnings: result.warnings.map(warningText) };
}

function once({ headers, signal }: SdkCall): {
  maxRetries: 0;
  headers: Record<string, string>;
  abortSignal: AbortSignal;
} {
  return { maxRetries: 0, headers, abortSignal: signal };
}

function warningText(warning: Warning): string {
  if (warning.type === 'other') return warning.message;
  if (warning.type === 'deprecated') return `"${warning.setting}" is deprecated. ${warning.message}`;
  const details = warning.details ?? '';
  return `"${warning.feature}" is not fully supported by the model. ${details}`.trim();
}

/** Of the tokens that went in, those of pictures: OpenAI tells them by picture that came out. */
function imageTokens(metadata: Record<string, { images?: unknown }>): number {
  const images = Object.values(metadata).flatMap((entry) =>
    Array.isArray(entry.images) ? (entry.images as unknown[]) : [],
  );
  return images.reduce<number>((sum, image) => {
    const tokens = typeof image === 'object' && image !== null && 'imageTokens' in image ? image.imageTokens : 0;
    return sum + (typeof tokens === 'number' ? tokens : 0);
  }, 0);
}
