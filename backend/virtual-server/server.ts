import { isWfmError } from '@wfm/workflow-engine/errors';
import { composeVirtualServer } from './compose.ts';
import { ConfigError, readConfig } from './config.ts';

/** The promise of R15: gone 10 s after it was asked to stop, whatever still runs. */
const STOP_WAIT_MS = 9_000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const server = await composeVirtualServer(config, process.env);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_WAIT_MS).unref();
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        server.app.log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await server.app.listen({ host: config.host, port: config.port });
}

try {
  await main();
} catch (error) {
  // A setting to mend is the operator's business and needs no stack; anything else does.
  const known = error instanceof ConfigError || isWfmError(error);
  process.stderr.write(
    `wfm virtual-server: ${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
}
