import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { repository } from './examples.ts';

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs `wfm` as a process of its own, without a terminal, with no language model key and none of this machine's
 * settings. Never rejects: a failing command is a result with its exit code.
 */
export function runCli(args: readonly string[]): Promise<CliResult> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NO_COLOR: '1' };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(repository, 'backend/cli/wfm.ts'), ...args],
      { env, timeout: 60_000, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
}
