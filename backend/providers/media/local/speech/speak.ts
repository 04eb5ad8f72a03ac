import { WfmError } from '@wfm/workflow-engine/errors';
import { runProgram } from '../programs.ts';
import { readWav, wavFile } from '../sound/wav.ts';
import type { SpeechOrder } from '../threads/jobs.ts';
import type { ThreadPool } from '../threads/thread-pool.ts';

const timeoutMs = 60_000;
/** Of raw speech; below format.md 23's limit for audio. */
const maxBytes = 48 * 1024 * 1024;

/** Speaks a text, by the program where there is one, else by its WebAssembly build. Mono WAV. */
export async function speak(
  order: SpeechOrder,
  tools: { espeak: string | null; pool: ThreadPool },
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (tools.espeak === null) return tools.pool.run({ kind: 'speech', order }, signal);
  const args = [
    '--stdout',
    '--stdin',
    '-b',
    '1',
    '-v',
    order.voice,
    '-s',
    String(order.speed),
    '-p',
    String(order.pitch),
  ];
  // The text goes in as input, never as an argument: it may begin with a dash.
  const end = await runProgram(tools.espeak, args, { input: order.text, signal, timeoutMs, maxBytes });
  if (end.kind === 'timeout') {
    throw new WfmError('provider_timeout', 'Speaking this text took too long. Make it shorter.', {
      params: { provider: 'local', reason: 'timeout', limit: timeoutMs },
    });
  }
  const spoken = end.kind === 'done' ? readWav(end.output) : null;
  if (spoken === null || spoken.samples.length === 0) {
    throw new WfmError('provider_failed', 'espeak-ng gave no sound for this text.', {
      params: { provider: 'local', reason: 'espeak' },
    });
  }
  return wavFile(spoken.samples, spoken.rate, spoken.channels);
}
