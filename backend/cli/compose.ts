import { hostname } from 'node:os';
import { openDatabase, systemClock, uuidIds } from '@wfm/db';
import { createLlmProvider, createSafeFetch, readProviderSettings } from '@wfm/providers';
import {
  type Answerer,
  createRegistry,
  type EngineDatabase,
  engineVersion,
  type ModuleRegistry,
  standardModules,
  WorkflowProcessor,
} from '@wfm/workflow-engine';
import type { Database } from '@wfm/workflow-engine/ports';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';

/** The person at this terminal: a user without a password, who cannot sign in (api.md, Command line). */
export const LOCAL_USER = 'local';

export interface Engine {
  processor: WorkflowProcessor;
  registry: ModuleRegistry;
  database: Database;
  close(): Promise<void>;
}

/** The engine over the stored database in `dataDir`. */
export async function storedEngine(dataDir: string): Promise<Engine> {
  const database = await openDatabase({ dataDir, clock: systemClock(), role: 'owner' });
  if (!(await database.users.find({ userId: LOCAL_USER }))) {
    await database.users.create({
      user: {
        user_id: LOCAL_USER,
        email: 'local@localhost',
        name: 'This terminal',
        role: 'member',
        password_hash: null,
        disabled: false,
        token_version: 0,
        created_at: new Date().toISOString(),
      },
    });
  }
  return engineOver(database);
}

/** The engine over a database that is gone when the program ends; `answerer` decides what is mocked. */
export function throwAwayEngine(answerer?: Answerer): Engine {
  return engineOver(createMemoryDatabase({ clock: systemClock() }), answerer);
}

function engineOver(database: Database & EngineDatabase, answerer?: Answerer): Engine {
  const registry = createRegistry(standardModules);
  const settings = readProviderSettings(process.env);
  const http = createSafeFetch(settings.fetch);
  const processor = new WorkflowProcessor({
    database,
    registry,
    llm: createLlmProvider(settings.llm, http),
    http,
    clock: systemClock(),
    ids: uuidIds(),
    engine: engineVersion,
    executor: `cli@${hostname()}:${process.pid}`,
    ...(answerer ? { answerer } : {}),
  });
  return {
    processor,
    registry,
    database,
    async close() {
      await processor.close();
      await database.close();
    },
  };
}
