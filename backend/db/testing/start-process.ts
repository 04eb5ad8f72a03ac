// oxlint-disable-next-line no-restricted-imports -- tests of the file lock need a second program
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./storage-process.ts', import.meta.url));

export interface StorageProcess {
  child: ChildProcess;
  /** The lines it has said so far. */
  lines: string[];
  /** Resolves once it has said so many lines. */
  said(count: number): Promise<void>;
  /** All lines, once it has ended; rejects when it failed by itself. */
  ended: Promise<string[]>;
}

/** Starts storage-process.ts on the runtime of this test. */
export function startProcess(task: string, dataDir: string, ...more: (string | number)[]): StorageProcess {
  const child = spawn(process.execPath, [script, task, dataDir, ...more.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const waiting: { count: number; wake: () => void }[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    lines.push(line);
    for (const { count, wake } of waiting) if (lines.length >= count) wake();
  });
  const ended = new Promise<string[]>((resolve, reject) => {
    child.on('close', (code, signal) => {
      if (code === 0 || signal !== null) resolve(lines);
      else reject(new Error(`${task} ended with ${code}`));
    });
  });
  // Whoever kills it may not care how it ended.
  ended.catch(() => {});
  return {
    child,
    lines,
    said: (count) => (lines.length >= count ? Promise.resolve() : new Promise((wake) => waiting.push({ count, wake }))),
    ended,
  };
}
