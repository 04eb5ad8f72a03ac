import { createRequire } from 'node:module';
import { isWfmError, toStoredError, WfmError } from '@wfm/workflow-engine/errors';
import type { JsonObject } from '@wfm/workflow-engine/models';
import type {
  MediaContext,
  MediaModel,
  MediaOutput,
  MediaProvider,
  MediaProviderInfo,
  MediaRequest,
} from '@wfm/workflow-engine/ports';
import { checkRequest } from '../support/check-request.ts';
import { estimateLocal } from './estimate.ts';
import { filmOf } from './film.ts';
import { localModels, type MachineTools, ratios } from './models.ts';
import { editOrder, effectOrder, musicOrder, pictureOrder, seedOf } from './orders.ts';
import { paletteNames } from './picture/palettes.ts';
import { styleNames, styles } from './picture/styles.ts';
import { findProgram } from './programs.ts';
import { promptSchemas } from './prompt-schemas.ts';
import { readPrompt } from './read-prompt.ts';
import { speak } from './speech/speak.ts';
import { speechLibrary } from './speech/wasm-speech.ts';
import type { Job } from './threads/jobs.ts';
import { createThreadPool } from './threads/thread-pool.ts';

export interface LocalMediaOptions {
  /** Where programs are looked for; default: none. Give `process.env.PATH`. */
  path?: string;
  /** A program's file, or null to do without it, whatever the path has. */
  ffmpeg?: string | null;
  espeak?: string | null;
  /** False: speech without the optional library. Default: where it is installed. */
  wasmSpeech?: boolean;
  /** Where films are made; default: the system's folder for temporary files. */
  folder?: string;
  /** Default 2. */
  threads?: number;
  /** Of one film, in ms; default ten minutes. */
  filmTimeoutMs?: number;
}

export interface LocalMediaProvider extends MediaProvider {
  /** Ends its threads. */
  close(): Promise<void>;
}

const id = 'local';
/** Format.md 23: a generated video. */
const maxFilmBytes = 500 * 1024 * 1024;

/**
 * The local renderer: pictures, sound and films composed by our own code, without a key, a network or a model, and the
 * same bytes for the same seed (films: the same pictures). It is not AI, and its label says so. Throws what
 * `checkRequest` does, `provider_not_configured` for what this machine lacks a program for, `provider_timeout`,
 * `provider_failed`, `content_too_large`.
 */
export function createLocalMediaProvider(options: LocalMediaOptions = {}): LocalMediaProvider {
  const path = options.path ?? '';
  const ffmpeg = options.ffmpeg === undefined ? findProgram('ffmpeg', path) : options.ffmpeg;
  const espeak = options.espeak === undefined ? findProgram('espeak-ng', path) : options.espeak;
  const wasm = options.wasmSpeech ?? isInstalled(speechLibrary);
  const pool = createThreadPool(options.threads ?? 2);
  const filmTools = {
    pool,
    timeoutMs: options.filmTimeoutMs ?? 600_000,
    maxBytes: maxFilmBytes,
    ...(options.folder === undefined ? {} : { folder: options.folder }),
  };
  const info = infoOf({
    film: ffmpeg === null ? 'Films need ffmpeg. Install it (Debian: apt-get install ffmpeg) and restart.' : null,
    speech:
      espeak === null && !wasm
        ? 'Speech needs espeak-ng. Install it (Debian: apt-get install espeak-ng) and restart.'
        : null,
  });

  const outputsOf = async (
    request: MediaRequest,
    model: MediaModel,
    params: JsonObject,
    context: MediaContext,
  ): Promise<MediaOutput[]> => {
    const words = readPrompt(request.prompt);
    const seed = seedOf(words, params);
    const run = (job: Job): Promise<Uint8Array> => pool.run(job, context.signal);
    const each = async (
      count: unknown,
      mime: string,
      make: (seed: number) => Promise<Uint8Array>,
    ): Promise<MediaOutput[]> => {
      const outputs: MediaOutput[] = [];
      const total = typeof count === 'number' ? count : 1;
      for (let i = 0; i < total; i += 1) {
        context.report({
          phase: 'running',
          percent: Math.round((i / total) * 100),
          note: `rendering ${i + 1} of ${total}`,
        });
        outputs.push({ source: { data: await make(seed + i) }, mime, seed: seed + i });
      }
      return outputs;
    };
    const imageMime = `image/${String(params['format'])}`;
    switch (model.id) {
      case 'local-picture':
        return each(params['num_images'], imageMime, (at) =>
          run({ kind: 'picture', order: pictureOrder(words, params, at) }),
        );
      case 'local-edit': {
        const source = (await request.inputs[0]?.read()) ?? new Uint8Array();
        return each(1, imageMime, (at) => run({ kind: 'edit', order: editOrder(words, params, at, source) }));
      }
      case 'local-music':
        return each(params['num_outputs'], 'audio/wav', (at) =>
          run({ kind: 'music', order: musicOrder(words, params, at) }),
        );
      case 'local-effect':
        return each(params['num_outputs'], 'audio/wav', (at) =>
          run({ kind: 'effect', order: effectOrder(words, params, at) }),
        );
      case 'local-speech': {
        const order = {
          text: words.text,
          voice: String(params['voice']),
          speed: Number(params['speed']),
          pitch: Number(params['pitch']),
        };
        return [{ source: { data: await speak(order, { espeak, pool }, context.signal) }, mime: 'audio/wav' }];
      }
      default: {
        const film = await filmOf(request.inputs, params, seed, { ...filmTools, ffmpeg: ffmpeg ?? '' }, context);
        return [{ source: { data: film.bytes }, mime: 'video/mp4', seed }];
      }
    }
  };

  return {
    info: () => info,
    metadata: async (action) => metadataOf(action),
    estimate: async (request, context) => {
      const { model, params } = checkRequest(info, request, context.now);
      return estimateLocal(model, params, request.inputs);
    },
    submit: async (request, context) => {
      const { model, params } = checkRequest(info, request, context.now);
      if (model.unavailable !== undefined) throw unavailable(model.id, model.unavailable);
      const started = performance.now();
      const record = (reply: unknown, error: unknown): void =>
        context.recordCall({
          target: `local ${model.id}`,
          request: { prompt: request.prompt, params },
          reply,
          error,
          duration_ms: Math.round(performance.now() - started),
        });
      try {
        const outputs = await outputsOf(request, model, params, context);
        const seeds = outputs.flatMap((output) => output.seed ?? []);
        const response = { renderer: id, model: model.id, outputs: outputs.length, seeds };
        record(response, null);
        return { kind: 'done', result: { outputs, warnings: [], cost: { amount: '0', unit: 'USD' }, response } };
      } catch (thrown) {
        record(null, isWfmError(thrown) ? toStoredError(thrown) : { code: 'aborted' });
        throw thrown;
      }
    },
    mayRepeat: true,
    close: () => pool.close(),
  };
}

function infoOf(missing: MachineTools): MediaProviderInfo {
  return {
    id,
    label: 'Local renderer',
    ready: true,
    models: localModels(missing),
    promptSchemas,
    limits: { atOnce: 4 },
    jobTimeoutMs: 15 * 60_000,
  };
}

function metadataOf(action: string): JsonObject {
  if (action !== 'txt2img') return {};
  return {
    styles: styleNames.map((key) => ({ key, label: styles[key].title })),
    palettes: [...paletteNames],
    aspect_ratio: Object.keys(ratios),
    num_images: [1, 2, 3, 4],
  };
}

function unavailable(model: string, message: string): WfmError {
  return new WfmError('provider_not_configured', message, { params: { provider: id, model } });
}

function isInstalled(library: string): boolean {
  try {
    createRequire(import.meta.url).resolve(library);
    return true;
  } catch {
    return false;
  }
}
