// Runs commands one after the other, says how long each took, and stops at the first that fails.
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * One command. `command` is the program and its arguments as a person would type them in the project's folder;
 * `env` is added to the environment.
 * @typedef {{ name: string, command: string[], env?: Record<string, string> }} Step
 * @typedef {{ name: string, ok: boolean, seconds: number }} Outcome
 */

/**
 * Runs the steps and gives what became of each that ran. With `keepGoing` a failure does not stop the rest.
 * @param {Step[]} steps
 * @param {{ keepGoing?: boolean, say?: (line: string) => void, run?: (step: Step) => Promise<number> }} [options]
 * @returns {Promise<Outcome[]>}
 */
export async function runSteps(steps, { keepGoing = false, say = console.log, run = runStep } = {}) {
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const step of steps) {
    say(`\n── ${step.name}: ${step.command.join(' ')}`);
    const startedAt = performance.now();
    const code = await run(step);
    const seconds = (performance.now() - startedAt) / 1000;
    outcomes.push({ name: step.name, ok: code === 0, seconds });
    say(
      code === 0
        ? `── ${step.name}: passed in ${seconds.toFixed(1)} s`
        : `── ${step.name}: FAILED after ${seconds.toFixed(1)} s (exit code ${code})`,
    );
    if (code !== 0 && !keepGoing) break;
  }
  return outcomes;
}

/**
 * Runs one command with the project's own tools and runtime first on the PATH; gives its exit code.
 * @param {Step} step
 * @returns {Promise<number>}
 */
function runStep({ command, env }) {
  const [program = '', ...args] = command;
  const bin = join(projectRoot, 'node_modules', '.bin');
  const child = spawn(program, args, {
    cwd: projectRoot,
    env: { ...process.env, ...env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${program} could not be started: ${error.message}`);
      resolve(127);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
