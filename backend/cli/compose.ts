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
import type { Clock, Database, HttpClient, LlmProvider } from '@wfm/workflow-engine/ports';
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
  return engineOver(database, { clock: systemClock(), ports: machinePorts() });
}

/** What a preview chooses for itself. */
export interface PreviewParts {
  /** Decides what is mocked. */
  answerer: Answerer;
  clock: Clock;
  /** Models and addresses; those of this machine's settings by default. */
  ports?: Ports;
}

/** What leaves the house. */
export interface Ports {
  llm: LlmProvider;
  http: HttpClient;
}

/** The engine over a database that is gone when the program ends. */
export function throwAwayEngine({ answerer, clock, ports = machinePorts() }: PreviewParts): Engine {
  return engineOver(createMemoryDatabase({ clock }), { clock, ports, answerer });
}

/** Models and addresses by this machine's settings; with none of them, the offline model (`offline`). */
export function machinePorts(offline = false): Ports {
  const settings = readProviderSettings(offline ? {} : process.env);
  const http = createSafeFetch(settings.fetch);
  return { llm: createLlmProvider(settings.llm, http), http };
}

/** The clock of this machine, or one that stands at an instant, and then may wait for nothing. */
export function clockAt(instant?: string, waits = false): Clock {
  const system = systemClock();
  if (instant === undefined) return system;
  return {
    now: () => new Date(instant),
    monotonicMs: () => system.monotonicMs(),
    bootId: system.bootId,
    async sleep(ms, signal) {
      if (waits) await system.sleep(ms, signal);
      signal?.throwIfAborted();
    },
  };
}

function engineOver(
  database: Database & EngineDatabase,
  { clock, ports, answerer }: { clock: Clock; ports: Ports; answerer?: Answerer },
): Engine {
  const registry = createRegistry(standardModules);
  const processor = new WorkflowProcessor({
    database,
    registry,
    ...ports,
    clock,
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
