import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mediaDirectory, openDatabase, systemClock, uuidIds } from '@wfm/db';
import { keyId, sessionCookie } from '@wfm/http';
import { createMediaInspect } from '@wfm/providers';
import { createRegistry, standardModules, WorkflowProcessor } from '@wfm/workflow-engine';
import { WfmError } from '@wfm/workflow-engine/errors';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import type { Clock, Database, UserRow } from '@wfm/workflow-engine/ports';
import { fakeCatalogue, type Script, type ScriptedLlm, scriptedLlm } from '@wfm/workflow-engine/testing';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { createServerApp, type ServerApp } from '../api/app.ts';
import type { ServerMedia, ServerSettings } from '../api/collaborators.ts';
import { Sessions, type SessionTokens } from '../utils/sessions.ts';
import type { SigningKeys } from '../utils/signing-keys.ts';
import { firstAnswer, sampleWorkflow, secondAnswer } from './sample-workflow.ts';

export const origin = 'http://localhost:9000';

/** A clock that runs, and that a test can put forward. */
export interface SteppedClock extends Clock {
  forward(ms: number): void;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Somebody who is signed in, with their browser. */
export interface Person {
  user: UserRow;
  tokens: SessionTokens;
  call(method: Method, url: string, body?: unknown, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
}

export interface ServerRig extends ServerApp {
  dataDir: string;
  media: ServerMedia;
  database: Database;
  processor: WorkflowProcessor;
  llm: ScriptedLlm;
  clock: SteppedClock;
  sessions: Sessions;
  alice: Person;
  bob: Person;
  admin: Person;
  faults: unknown[];
  /** Without any credential. */
  anonymous(options: InjectOptions): Promise<LightMyRequestResponse>;
  person(changes?: Partial<UserRow>): Promise<Person>;
  close(): Promise<void>;
}

/** The production server as a value, over a real SQLite file in a folder of its own; every answer is checked. */
export async function createServerRig(
  options: { script?: Script; settings?: Partial<ServerSettings> } = {},
): Promise<ServerRig> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wfm-server-'));
  const clock = steppedClock();
  const ids = uuidIds();
  const database = await openDatabase({ dataDir, clock, role: 'owner' });
  const registry = createRegistry(standardModules);
  const llm = scriptedLlm(options.script);
  const faults: unknown[] = [];
  const media = { catalogue: fakeCatalogue(), files: mediaDirectory(dataDir), inspect: createMediaInspect() };
  const processor = new WorkflowProcessor({
    database,
    registry,
    llm,
    http: { fetch: () => Promise.reject(new WfmError('http_failed', 'There is no network in this test.')) },
    media,
    clock,
    ids,
    engine: 'test',
    executor: `rig ${randomUUID()}`,
    onFault: (error) => void faults.push(error),
  });
  const keys = signingKeys();
  const settings = {
    apiUrl: origin,
    virtualApiUrl: 'http://localhost:9001',
    corsOrigins: [origin],
    checkAnswers: true,
    ...options.settings,
  };
  const server = await createServerApp({ database, processor, registry, llm, media, clock, ids, keys, settings });
  const sessions = new Sessions({ users: database.users, keys, clock, ids });

  async function person(changes: Partial<UserRow> = {}): Promise<Person> {
    const user = await addUser(database, clock, changes);
    const tokens = await sessions.open(user);
    return {
      user,
      tokens,
      call: (method, url, body, headers = {}) =>
        server.app.inject({
          method,
          url,
          headers: { cookie: `${sessionCookie}=${tokens.access}`, origin, ...headers },
          ...(body === undefined ? {} : { payload: body as object }),
        }),
    };
  }
  return {
    ...server,
    dataDir,
    media,
    database,
    processor,
    llm,
    clock,
    sessions,
    faults,
    alice: await person({ name: 'Alice' }),
    bob: await person({ name: 'Bob' }),
    admin: await person({ name: 'Admin', role: 'admin' }),
    anonymous: (request) => server.app.inject(request),
    person,
    async close() {
      server.app.startDraining();
      await processor.close();
      await server.app.close();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function signingKeys(): SigningKeys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const kid = keyId(publicKey);
  return { kid, privateKey, publicKeys: [{ kid, key: publicKey }], refreshSecret: Buffer.from(randomUUID()) };
}

async function addUser(database: Database, clock: Clock, changes: Partial<UserRow>): Promise<UserRow> {
  const user: UserRow = {
    user_id: randomUUID(),
    email: `${randomUUID()}@example.org`,
    name: 'Somebody',
    role: 'member',
    password_hash: null,
    disabled: false,
    token_version: 0,
    created_at: clock.now().toISOString(),
    ...changes,
  };
  await database.users.create({ user });
  return user;
}

function steppedClock(): SteppedClock {
  const clock = systemClock();
  let ahead = 0;
  return {
    ...clock,
    now: () => new Date(clock.now().getTime() + ahead),
    monotonicMs: () => clock.monotonicMs() + ahead,
    forward: (ms) => {
      ahead += ms;
    },
  };
}

/** Starts the sample workflow; it waits at its first question. */
export async function startSample(
  person: Person,
  projectName = 'project',
  workflow: object = sampleWorkflow(),
): Promise<WorkflowResponse> {
  const reply = await person.call('POST', '/workflow/start', { project_name: projectName, workflow_content: workflow });
  if (reply.statusCode !== 200) throw new Error(reply.body);
  return reply.json();
}

/** Answers the open question of `at`. */
export async function answer(person: Person, at: WorkflowResponse, response: unknown): Promise<WorkflowResponse> {
  const reply = await person.call('POST', '/workflow/respond', {
    workflow_run_id: at.workflow_run_id,
    interaction_id: at.interaction_request?.interaction_id,
    response,
  });
  if (reply.statusCode !== 200) throw new Error(reply.body);
  return reply.json();
}

/** A sample run from its start to its end. */
export async function completeSample(
  person: Person,
  projectName = 'project',
  definition?: ReturnType<typeof sampleWorkflow>,
): Promise<WorkflowResponse> {
  const first = await startSample(person, projectName, definition);
  return answer(person, await answer(person, first, firstAnswer), secondAnswer);
}
