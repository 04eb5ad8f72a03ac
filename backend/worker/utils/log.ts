import { isWfmError } from '@wfm/workflow-engine/errors';

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof levels)[number];
export const logLevels: readonly string[] = levels;

/** JSON lines, in the shape of the servers' logs. Fields hold ids and counts, never payloads or keys. */
export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
}

export interface LogFields {
  err?: unknown;
  task_id?: string;
  workflow_run_id?: string;
  provider?: string;
  status?: string;
  count?: number;
}

const numbers: Record<'error' | 'warn' | 'info', number> = { error: 50, warn: 40, info: 30 };

/** @param write one line without its end; standard output by default */
export function createLog(
  level: LogLevel,
  write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
): Log {
  const log = (at: keyof typeof numbers, message: string, { err, ...fields }: LogFields = {}): void => {
    if (levels.indexOf(at) > levels.indexOf(level) || level === 'silent') return;
    const error = err === undefined ? {} : { err: describe(err) };
    write(JSON.stringify({ level: numbers[at], time: Date.now(), name: 'worker', ...fields, ...error, msg: message }));
  };
  return {
    error: (message, fields) => log('error', message, fields),
    warn: (message, fields) => log('warn', message, fields),
    info: (message, fields) => log('info', message, fields),
  };
}

/** Of our own errors the sentence says all; of others the stack is what helps. */
function describe(thrown: unknown): object {
  if (isWfmError(thrown)) return { code: thrown.code, message: thrown.message };
  return thrown instanceof Error ? { message: thrown.message, stack: thrown.stack } : { message: String(thrown) };
}
