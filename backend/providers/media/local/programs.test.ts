import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findProgram, runProgram } from './programs.ts';

const never = new AbortController().signal;
const node = process.execPath;

describe('programs that the local renderer starts', () => {
  it('are looked for in whole folders of a PATH only', () => {
    expect(findProgram('sh', '/nowhere:/bin')).toBe('/bin/sh');
    expect(findProgram('sh', '.:relative:')).toBeNull();
  });

  it('get arguments as they are, an empty environment, and input', async () => {
    const script =
      'process.stdin.on("data", (d) => process.stdout.write(JSON.stringify([process.argv[1], Object.keys(process.env).length, String(d)])))';
    const end = await runProgram(node, ['-e', script, '$(id); "x"'], {
      signal: never,
      timeoutMs: 10_000,
      maxBytes: 1000,
      input: 'hello',
    });
    expect(end).toEqual({ kind: 'done', output: Buffer.from('["$(id); \\"x\\"",0,"hello"]') });
  });

  it('tell their failure, end at their time limit, and end when they write too much', async () => {
    expect(
      await runProgram(node, ['-e', 'console.error("no"); process.exit(3)'], { signal: never, timeoutMs: 10_000 }),
    ).toEqual({ kind: 'failed', exit: 3, words: 'no\n' });
    expect(await runProgram(node, ['-e', 'setInterval(() => {}, 100)'], { signal: never, timeoutMs: 200 })).toEqual({
      kind: 'timeout',
    });
    const flood = await runProgram(node, ['-e', 'setInterval(() => process.stdout.write("x".repeat(1000)), 1)'], {
      signal: never,
      timeoutMs: 10_000,
      maxBytes: 100,
    });
    expect(flood.kind).toBe('failed');
    expect(await runProgram('/nowhere/program', [], { signal: never, timeoutMs: 1000 })).toMatchObject({
      kind: 'failed',
      exit: null,
    });
  });

  it('die with everything that they started when the work is cancelled', async () => {
    const controller = new AbortController();
    const script =
      'const c = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 100)"]); console.log(c.pid); setInterval(() => {}, 100)';
    let child = 0;
    const work = runProgram(node, ['-e', script], {
      signal: controller.signal,
      timeoutMs: 20_000,
      onLine: (line) => {
        child = Number(line);
        controller.abort(new Error('stopped'));
      },
    });
    await expect(work).rejects.toThrow('stopped');
    await expect.poll(() => isRunning(child)).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Where nobody collects orphans, one that was killed stays listed as a zombie.
    return !existsSync('/proc') || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
