import { hasCode, isWfmError } from '@wfm/workflow-engine/errors';
import type { UserRow } from '@wfm/workflow-engine/ports';
import type { FastifyBaseLogger } from 'fastify';
import { createServerApp, type ServerApp } from './api/app.ts';
import type { Collaborators } from './api/collaborators.ts';
import { compose } from './compose.ts';
import { type Config, ConfigError, isLoopback, readConfig } from './config.ts';
import { oneTimeLink } from '@wfm/http';
import { ensureAdmin } from './utils/first-admin.ts';
import { installExamples } from './utils/first-examples.ts';
import { startSweeping } from './utils/sweeping.ts';

/** security.md R15: what is in flight is finished or handed back within this time. */
const STOP_WITHIN_MS = 10_000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const later: { log?: FastifyBaseLogger } = {};
  const collaborators = await compose(config, process.env, (error, runId) => {
    const level = hasCode(error, 'lease_lost') ? 'info' : 'error';
    later.log?.[level]({ err: error, workflow_run_id: runId }, 'execution fault');
  });
  const server = await createServerApp(collaborators);
  later.log = server.app.log;
  const admin = await ensureAdmin(collaborators.database.users, collaborators);
  await installExamples(admin, collaborators).catch((error: unknown) => {
    server.app.log.error({ err: error }, 'the examples could not be installed');
  });
  await offerSignIn(admin, config, collaborators);
  await server.app.listen({ host: config.host, port: config.port, listenTextResolver: () => 'listening' });
  stopOnSignal(server, collaborators, startSweeping(collaborators, server.app.log));
}

/** While the first administrator has no password, whoever sees this machine's terminal may sign in, once per link. */
async function offerSignIn(admin: UserRow, config: Config, { database, clock }: Collaborators): Promise<void> {
  if (admin.password_hash !== null || !isLoopback(config.host)) return;
  const link = await oneTimeLink(database.users, {
    userId: admin.user_id,
    baseUrl: `http://localhost:${config.port}`,
    clock,
  });
  // To the terminal and not to the log: a log is kept and shipped.
  process.stdout.write(`\nSign in here, once, within 15 minutes:\n  ${link}\n\n`);
}

function stopOnSignal(
  { app }: ServerApp,
  { processor, database }: Collaborators,
  stopSweeping: () => Promise<void>,
): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    app.log.info('stopping');
    app.startDraining();
    const overdue = setTimeout(() => process.exit(1), STOP_WITHIN_MS);
    await stopSweeping();
    await processor.close();
    await app.close();
    await database.close();
    clearTimeout(overdue);
    process.exit(0);
  };
  const onSignal = (): void => {
    stop().catch((error: unknown) => {
      app.log.error({ err: error }, 'stopping failed');
      process.exit(1);
    });
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** What an operator has to read is a sentence, not a stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || isWfmError(error)) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'The port is in use already. Stop the other program, or set WFM_PORT to another port.';
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`The server cannot start.\n${explain(error)}\n`);
  process.exitCode = 1;
  // Whatever was opened before the fault must not keep a server alive that does not serve.
  setTimeout(() => process.exit(1), 100).unref();
}
