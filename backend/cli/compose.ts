import { hostname } from 'node:os';
import { mediaDirectory, openDatabase, readMongoSettings, systemClock, uuidIds } from '@wfm/db';
import { createLlmProvider, createSafeFetch, createStandardMedia, readProviderSettings } from '@wfm/providers';
import {
  type Answerer,
  createRegistry,
  type EngineDatabase,
  engineVersion,
  type ModuleRegistry,
  type ProcessorOptions,
  standardModules,
  withProviderChecks,
  WorkflowProcessor,
} from '@wfm/workflow-engine';
import { WfmError } from '@wfm/workflow-engine/errors';
import { type Ports, portableMediaHost, standingClock } from '@wfm/workflow-engine/mock';
import type { Clock, Database } from '@wfm/workflow-engine/ports';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';

/** The person at this terminal: a user without a password, who cannot sign in (api.md, Command line). */
export const LOCAL_USER = 'local';

export interface Engine {
  processor: WorkflowProcessor;
  registry: ModuleRegistry;
  database: Database;
  /** The person at this terminal. */
  userId: string;
  close(): Promise<void>;
}

/** The engine over what is stored: in the MongoDB of this machine's settings, else in `dataDir`. */
export async function storedEngine(dataDir: string): Promise<Engine> {
  const faults: string[] = [];
  const mongo = readMongoSettings(process.env, faults);
  if (faults.length > 0) throw new WfmError('request_invalid', faults.join('\n'));
  const database = await openDatabase({ dataDir, mongo, clock: systemClock(), role: 'owner' });
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
  const { catalogue } = machineMedia(database.credentials);
  const media = { catalogue, files: mediaDirectory(dataDir) };
  return engineOver(database, { clock: systemClock(), ports: machinePorts(), media });
}

type EngineMedia = NonNullable<ProcessorOptions['media']>;

/** What a preview chooses for itself. */
export interface PreviewParts {
  /** Decides what is mocked. */
  answerer: Answerer;
  clock: Clock;
  /** Models and addresses; those of this machine's settings by default. */
  ports?: Ports;
}

/** The engine over a database that is gone when the program ends. */
export function throwAwayEngine({ answerer, clock, ports = machinePorts() }: PreviewParts): Engine {
  const media = { catalogue: machineMedia().catalogue, host: portableMediaHost };
  return engineOver(createMemoryDatabase({ clock }), { clock, ports, media, answerer });
}

/** Models and addresses by this machine's settings; with none of them, the offline model (`offline`). */
export function machinePorts(offline = false): Ports {
  const settings = readProviderSettings(offline ? {} : process.env);
  const http = createSafeFetch(settings.fetch);
  return { llm: createLlmProvider(settings.llm, http), http };
}

/** What providers can make, by this machine's settings. */
function machineMedia(credentials?: Database['credentials']) {
  const settings = readProviderSettings(process.env);
  const http = createSafeFetch(settings.fetch);
  return createStandardMedia(settings.media, { http, ...(credentials ? { credentials } : {}) });
}

/** The clock of this machine, or one that stands at an instant, and then may wait for nothing. */
export function clockAt(instant?: string, waits = false): Clock {
  const system = systemClock();
  return instant === undefined ? system : standingClock(instant, system, waits);
}

function engineOver(
  database: Database & EngineDatabase,
  { clock, ports, media, answerer }: { clock: Clock; ports: Ports; media: EngineMedia; answerer?: Answerer },
): Engine {
  const registry = createRegistry(withProviderChecks(standardModules, media.catalogue));
  const processor = new WorkflowProcessor({
    database,
    registry,
    ...ports,
    media,
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
    userId: LOCAL_USER,
    async close() {
      await processor.close();
      await database.close();
    },
  };
}
