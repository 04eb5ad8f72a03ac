import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

export interface ProgramRun {
  /** Each whole line of standard output, for programs that tell their progress there. */
  onLine?(line: string): void;
  /** Written to standard input. */
  input?: string;
  signal: AbortSignal;
  /** Hard end, in ms. */
  timeoutMs: number;
  /** Of standard output, when it is kept. */
  maxBytes?: number;
}

export type ProgramEnd =
  | { kind: 'done'; output: Buffer }
  | { kind: 'failed'; exit: number | null; words: string }
  | { kind: 'timeout' };

/** The first file of that name that may be executed, in the folders of a PATH; null where there is none. */
export function findProgram(name: string, path: string): string | null {
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  return null;
}

/**
 * Runs a program without a shell, in a process group of its own and with an empty environment, so that neither an
 * argument nor a setting of ours reaches anything else. An abort kills the whole group and throws the signal's reason.
 */
export async function runProgram(file: string, args: readonly string[], run: ProgramRun): Promise<ProgramEnd> {
  run.signal.throwIfAborted();
  const child = spawn(file, [...args], { detached: true, env: {}, stdio: ['pipe', 'pipe', 'pipe'], shell: false });
  const kill = (): void => killGroup(child);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, run.timeoutMs);
  run.signal.addEventListener('abort', kill, { once: true });
  const kept: Buffer[] = [];
  let bytes = 0;
  let words = '';
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (run.onLine === undefined) {
      bytes += chunk.length;
      if (bytes > (run.maxBytes ?? 0)) kill();
      else kept.push(chunk);
      return;
    }
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = (lines.pop() ?? '').slice(-1000);
    for (const line of lines) run.onLine(line);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-4000);
  });
  // A program that ends before it has read everything is no fault of ours.
  child.stdin.on('error', () => undefined);
  child.stdin.end(run.input ?? '');
  try {
    const exit = await new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(null));
      child.once('close', (code) => resolve(code));
    });
    run.signal.throwIfAborted();
    if (late) return { kind: 'timeout' };
    if (exit !== 0) return { kind: 'failed', exit, words };
    return { kind: 'done', output: Buffer.concat(kept) };
  } finally {
    clearTimeout(timer);
    run.signal.removeEventListener('abort', kill);
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    // A negative id names the group: what the program itself has started goes with it.
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
