import { isWfmError } from '@wfm/workflow-engine/errors';
import { compose } from './compose.ts';
import { ConfigError, readConfig } from './config.ts';
import { createLog } from './utils/log.ts';
import { stopOnSignal } from './utils/stop-on-signal.ts';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const program = await compose(config, process.env, log);
  const { worker, health } = program;
  if (config.port !== undefined) await health.listen(config.port, config.host);
  stopOnSignal(async () => {
    await worker.stop();
    await health.close();
    await program.close();
  }, log);
  log.info('working');
  await worker.run();
}

/** What an operator has to read is a sentence, not a stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || isWfmError(error)) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    return 'The port is in use already. Set WFM_WORKER_PORT to another one, or unset it.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`The worker cannot start.\n${explain(error)}\n`);
  process.exitCode = 1;
  // Whatever was opened before the fault must not keep a worker alive that does no work.
  setTimeout(() => process.exit(1), 100).unref();
}
