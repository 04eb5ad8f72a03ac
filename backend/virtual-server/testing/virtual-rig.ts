import { randomBytes } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import {
  carriedByClient,
  createRunOpener,
  createSnapshotSeal,
  createVirtualStorage,
  type SnapshotCarrier,
  type SnapshotSeal,
  uuidIds,
} from '@wfm/db';
import { type HttpApp, type Problem, secretHash } from '@wfm/http';
import { createRegistry, engineVersion, type Module, standardModules } from '@wfm/workflow-engine';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import type { Clock, Database, HttpClient } from '@wfm/workflow-engine/ports';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { fakeCatalogue, type Script, type ScriptedLlm, scriptedLlm } from '@wfm/workflow-engine/testing';
import { createVirtualApp } from '../api/app.ts';
import { createInProcessHost } from '../runner/in-process-host.ts';
import { createMockMediaLinks } from '../utils/mock-media-links.ts';
import type { HostOptions } from '../runner/preview-session.ts';
import type { SlotLimits } from '../utils/preview-slots.ts';

/** The preview server over a scripted model, with two people who may use it. */
export interface VirtualRig {
  app: HttpApp;
  llm: ScriptedLlm;
  seal: SnapshotSeal;
  /** Access keys, by whom. */
  keys: { ada: string; bob: string };
  users: { ada: string; bob: string };
  /** A request of Ada's, unless a key says otherwise. */
  post(path: string, body: unknown, key?: string): Promise<LightMyRequestResponse>;
  /** The same, which must succeed. */
  preview(path: string, body: unknown): Promise<VirtualWorkflowResponse>;
  /** The same, which must not. */
  refusal(path: string, body: unknown, key?: string): Promise<Problem>;
  close(): Promise<void>;
}

export interface VirtualRigOptions {
  clock?: Clock;
  script?: Script;
  http?: HttpClient;
  modules?: readonly Module[];
  limits?: HostOptions['limits'];
  slots?: SlotLimits;
  production?: Database;
  /** Where runs are opened from, if not from there. */
  openerSource?: Database;
  secret?: string;
  /** How states are carried, if not by the client. */
  snapshots?(seal: SnapshotSeal): SnapshotCarrier;
  /** Texts that no export may hold. */
  secrets?: readonly string[];
}

/** Real time, as previews have it. */
function liveClock(): Clock {
  return {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    bootId: 'this-process',
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, ms);
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          reject(signal.reason as Error);
        });
      }),
  };
}

export async function createVirtualRig(options: VirtualRigOptions = {}): Promise<VirtualRig> {
  const clock = options.clock ?? liveClock();
  const ids = uuidIds();
  const production = options.production ?? createMemoryDatabase({ clock });
  const people = { ada: await addPerson(production, 'ada'), bob: await addPerson(production, 'bob') };
  const llm = scriptedLlm(options.script);
  const seal = createSnapshotSeal([options.secret ?? 'a secret for tests, of some length']);
  const mockMedia = createMockMediaLinks(['a secret for tests, of some length']);
  const host = createInProcessHost({
    storage: createVirtualStorage({ clock, ids }),
    registry: createRegistry([...standardModules, ...(options.modules ?? [])]),
    llm,
    http: options.http ?? { fetch: () => Promise.reject(new Error('there is no network in this test')) },
    clock,
    ids,
    engine: engineVersion,
    media: { catalogue: fakeCatalogue(), urlOf: mockMedia.urlOf },
    ...(options.limits ? { limits: options.limits } : {}),
  });
  const app = await createVirtualApp({
    host,
    snapshots: options.snapshots?.(seal) ?? carriedByClient(seal),
    production,
    opener: createRunOpener(options.openerSource ?? production, engineVersion),
    catalogue: fakeCatalogue(),
    mockMedia,
    publicKeys: { list: [], refresh: () => true },
    clock,
    settings: {
      corsOrigins: ['http://localhost:9000'],
      checkAnswers: true,
      ...(options.secrets ? { secrets: options.secrets } : {}),
      ...(options.slots ? { slots: options.slots } : {}),
    },
  });
  const rig: VirtualRig = {
    app,
    llm,
    seal,
    keys: { ada: people.ada.key, bob: people.bob.key },
    users: { ada: people.ada.userId, bob: people.bob.userId },
    post: (path, body, key = people.ada.key) =>
      app.inject({ method: 'POST', url: path, headers: { 'x-access-key': key }, payload: body as object }),
    async preview(path, body) {
      const reply = await rig.post(path, body);
      if (reply.statusCode !== 200) throw new Error(`${path} answered ${reply.statusCode}: ${reply.body}`);
      return reply.json<VirtualWorkflowResponse>();
    },
    async refusal(path, body, key) {
      const reply = await rig.post(path, body, key);
      if (reply.statusCode < 400) throw new Error(`${path} was not refused`);
      return reply.json<Problem>();
    },
    close: () => app.close(),
  };
  return rig;
}

/** Adds a user with an access key, unless they are there; the key is new each time. */
async function addPerson(database: Database, name: string): Promise<{ userId: string; key: string }> {
  const { users } = database;
  const userId = `user-${name}`;
  const key = `wfk_${randomBytes(32).toString('base64url')}`;
  const created_at = '2026-01-01T00:00:00.000Z';
  await users.create({
    user: {
      user_id: userId,
      email: `${name}@example.org`,
      name,
      role: 'member',
      password_hash: null,
      disabled: false,
      token_version: 0,
      created_at,
    },
  });
  await users.addAccessKey({
    key: {
      key_id: `key-${name}`,
      user_id: userId,
      label: 'test',
      prefix: key.slice(0, 8),
      sha256: secretHash(key),
      created_at,
      expires_at: null,
      last_used_at: null,
    },
  });
  return { userId, key };
}
