// oxlint-disable-next-line no-restricted-imports -- frames and samples of foreign formats come from ffmpeg
import { spawn } from 'node:child_process';

export interface ToolRun {
  args: readonly string[];
  /** Ended by force after so long. */
  timeoutMs: number;
  /** What it prints; a throw ends it. */
  onData: (chunk: Uint8Array) => void;
}

/**
 * Runs a program without a shell, with no environment but its path. Resolves to false where there is no such program;
 * rejects when it fails, or takes too long.
 */
export function runTool(program: 'ffmpeg' | 'ffprobe', { args, timeoutMs, onData }: ToolRun): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let complaint = '';
    let fault: unknown;
    child.stdout.on('data', (chunk: Buffer) => {
      try {
        if (fault === undefined) onData(chunk);
      } catch (error) {
        fault = error;
        child.kill('SIGKILL');
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString('utf8')).slice(0, 2000);
    });
    child.on('error', (error) => {
      if ('code' in error && error.code === 'ENOENT') resolve(false);
      else reject(error);
    });
    child.on('close', (code) => {
      if (fault !== undefined) reject(fault);
      else if (code === 0) resolve(true);
      else reject(new Error(`${program} ended with ${code ?? 'a signal'}: ${complaint}`));
    });
  });
}
