import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { MediaContext } from '@wfm/workflow-engine/ports';
import { runProgram } from '../programs.ts';
import type { ThreadPool } from '../threads/thread-pool.ts';
import { type FilmPlan, filterGraph } from './film-plan.ts';

export interface Sound {
  bytes: Uint8Array;
  /** The reader that ffmpeg must use, and no other. */
  demuxer: string;
}

export interface FilmParts {
  stills: Uint8Array[];
  sounds: Sound[];
  captions: string[];
}

export interface FilmTools {
  ffmpeg: string;
  pool: ThreadPool;
  timeoutMs: number;
  /** Of the film (format.md 23). */
  maxBytes: number;
  /** Where its temporary folder is made. */
  folder?: string;
}

/**
 * Renders a film by ffmpeg as MP4 (H.264, AAC). Works in a temporary folder of its own, which is gone afterwards
 * however it ends. An abort kills ffmpeg and throws the signal's reason. Throws `provider_timeout`, `provider_failed`,
 * `content_too_large`.
 */
export async function makeFilm(
  plan: FilmPlan,
  parts: FilmParts,
  tools: FilmTools,
  context: Pick<MediaContext, 'signal' | 'report'>,
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tools.folder ?? tmpdir(), 'wfm-film-'));
  try {
    const inputs = await writeParts(folder, plan, parts, tools, context);
    const target = join(folder, 'film.mp4');
    const end = await runProgram(tools.ffmpeg, commandLine(plan, inputs, target, tools), {
      signal: context.signal,
      timeoutMs: tools.timeoutMs,
      onLine: (line) => {
        const made = /^out_time_us=(\d+)/.exec(line)?.[1];
        if (made === undefined) return;
        const percent = Math.min(99, 10 + Math.round((Number(made) / 1e6 / plan.seconds) * 89));
        context.report({ phase: 'running', percent, note: 'rendering' });
      },
    });
    if (end.kind === 'timeout') throw timedOut(tools.timeoutMs);
    if (end.kind === 'failed') throw broken(end.words, folder);
    const { size } = await stat(target);
    if (size >= tools.maxBytes) throw tooLarge(tools.maxBytes);
    return await readFile(target);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function writeParts(
  folder: string,
  plan: FilmPlan,
  parts: FilmParts,
  tools: FilmTools,
  context: Pick<MediaContext, 'signal' | 'report'>,
): Promise<string[]> {
  const args: string[] = [];
  for (const [i, source] of parts.stills.entries()) {
    const still = await tools.pool.run(
      { kind: 'still', order: { source, width: plan.width, height: plan.height } },
      context.signal,
    );
    const file = join(folder, `still-${i}.jpg`);
    await writeFile(file, still);
    args.push('-f', 'image2', '-i', file);
    context.report({
      phase: 'running',
      percent: Math.round(((i + 1) / parts.stills.length) * 10),
      note: 'preparing stills',
    });
  }
  for (const [i, sound] of parts.sounds.entries()) {
    const file = join(folder, `sound-${i}`);
    await writeFile(file, sound.bytes);
    args.push('-f', sound.demuxer, '-i', file);
  }
  for (const [i, text] of parts.captions.entries()) {
    const file = join(folder, `caption-${i}.png`);
    const order = { text, width: plan.width, height: plan.height };
    await writeFile(file, await tools.pool.run({ kind: 'caption', order }, context.signal));
    args.push('-f', 'image2', '-i', file);
  }
  return args;
}

function commandLine(plan: FilmPlan, inputs: string[], target: string, tools: FilmTools): string[] {
  const sound = plan.sounds === 0 ? ['-an'] : ['-map', '[audio]', '-c:a', 'aac', '-b:a', '160k', '-ar', '44100'];
  return [
    '-hide_banner',
    '-nostdin',
    '-loglevel',
    'error',
    // Should nobody be left to kill it, it ends by itself: seconds of CPU time.
    '-timelimit',
    String(Math.ceil((tools.timeoutMs / 1000) * 2)),
    // A file may name others; only files of this folder are ever opened.
    '-protocol_whitelist',
    'file,pipe',
    ...inputs,
    '-filter_complex',
    filterGraph(plan),
    '-map',
    '[video]',
    ...sound,
    '-t',
    plan.seconds.toFixed(3),
    '-r',
    String(plan.fps),
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '20',
    '-pix_fmt',
    'yuv420p',
    '-movflags',
    '+faststart',
    '-map_metadata',
    '-1',
    '-fs',
    String(tools.maxBytes),
    '-progress',
    'pipe:1',
    '-y',
    target,
  ];
}

function timedOut(limit: number): WfmError {
  const message = `The film was not ready within ${Math.round(limit / 1000)} seconds. Make it shorter or smaller.`;
  return new WfmError('provider_timeout', message, { params: { provider: 'local', reason: 'timeout', limit } });
}

function broken(words: string, folder: string): WfmError {
  const line =
    words
      .replaceAll(folder, '')
      .split('\n')
      .filter((text) => text.trim() !== '')
      .at(-1) ?? 'it gave no reason';
  return new WfmError('provider_failed', `ffmpeg could not make the film: ${line.slice(0, 200)}`, {
    params: { provider: 'local', reason: 'ffmpeg' },
  });
}

function tooLarge(limit: number): WfmError {
  return new WfmError('content_too_large', `The film is larger than ${limit} bytes. Make it shorter or smaller.`, {
    params: { provider: 'local', reason: 'too_large', limit },
  });
}
