import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createSnapshotSeal, keepSnapshots, systemClock } from '@wfm/db';
import { composeVirtualServer, readConfig } from '@wfm/virtual-server';
import { canonicalLog, type RunEvent } from '@wfm/workflow-engine/events';
import type {
  InteractionAnswer,
  InteractionRequest,
  JsonObject,
  Plan,
  VirtualWorkflowResponse,
} from '@wfm/workflow-engine/models';
import { editQuestion, generatedQuestionEdit, generatedQuestions, runs } from '@wfm/workflow-engine/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMongoServer, withDatabase } from './support/mongo.ts';
import { accessKeyOf, call, freePort, HttpProblem, type Program, startProgram } from './support/programs.ts';

/** No preview server remembers anything: which of them answers, and whether it has just been started, makes no difference. */

const SERVERS = 5;
const REQUESTS = 50;

const folder = mkdtempSync(join(tmpdir(), 'wfm-previews-'));
const secret = randomBytes(48).toString('base64');
const env: Record<string, string> = {
  WFM_DATA_DIR: folder,
  WFM_LOG_LEVEL: 'silent',
  WFM_LLM_PROVIDER: 'local',
  SNAPSHOT_SECRET: secret,
};
const mongo = await startMongoServer();
let production: Program;
let key: string;

beforeAll(async () => {
  production = await startProgram('server', { ...env, WFM_PORT: String(await freePort()), WFM_LOG_LEVEL: 'warn' });
  key = await accessKeyOf(production);
});
afterAll(async () => {
  await Promise.all([production.end(), mongo.server?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** A preview server behind a port, which can be ended and started again with nothing but its files. */
interface Server {
  url: string;
  end(): Promise<unknown>;
}

/** In this process: everything is made anew, but for the code. */
async function composed(more: Record<string, string> = {}): Promise<Server> {
  const server = await composeVirtualServer(readConfig({ ...env, ...more, WFM_VIRTUAL_PORT: '0' }), env);
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 });
  return { url, end: () => server.close() };
}

/** As a program of its own, which takes a second to start. */
async function started(): Promise<Server> {
  return startProgram('virtual-server', { ...env, WFM_VIRTUAL_PORT: String(await freePort()) });
}

/** The gzip file behind what a client holds. */
type StateOf = (text: string) => Promise<Buffer>;
const carried: StateOf = async (text) => Buffer.from(text, 'base64');

/** The answer of an executing request, or a plan. */
type Preview = Partial<VirtualWorkflowResponse & Plan>;

/** What a person at an editor does: the n-th request follows from the ones before, wherever they were answered. */
class Editor {
  readonly #edits: Parameters<typeof editQuestion>[1][];
  readonly outcomes: string[] = [];
  readonly #switches: string[] = [];
  latest: Preview | null = null;
  #workflow: JsonObject;

  constructor(seed: number) {
    this.#workflow = withSubActions(fc.sample(generatedQuestions, { seed, numRuns: 1 })[0] ?? {});
    this.#edits = fc.sample(generatedQuestionEdit, { seed, numRuns: REQUESTS });
  }

  async request(url: string, number: number): Promise<void> {
    const { path, body } = await this.#next(url, number);
    try {
      if (path === '/workflow/sub-action') {
        this.#workOf(await frames(url, path, { workflow: this.#workflow, ...body }));
        return;
      }
      const answer = await call<Preview>(key, 'POST', `${url}${path}`, { workflow: this.#workflow, ...body });
      const plan = (answer.plan ?? answer.modules)?.map(({ action, reason }) => `${action} ${reason}`).join(', ');
      this.outcomes.push(`${this.#named(path)} ${answer.status ?? 'planned'}: ${plan}`);
      if (answer.virtual_db) this.latest = answer;
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
      this.outcomes.push(`${this.#named(path)} ${error.problem.code}`);
    }
  }

  /** A path without the ids in it, which are made anew in every session. */
  #named(path: string): string {
    return this.#switches.reduce((text, branch) => text.replace(branch, 'branch'), path);
  }

  /** A sub-action leaves its question open; what it brings is in the state that the next request sends. */
  #workOf({ event, data }: Frame): void {
    this.outcomes.push(`/workflow/sub-action ${event} ${data.code ?? ''}`.trim());
    if (data.virtual_db) this.latest = { ...this.latest, virtual_db: data.virtual_db };
  }

  async #next(url: string, number: number): Promise<{ path: string; body: object }> {
    const { latest } = this;
    const virtual_db = latest?.virtual_db ?? null;
    const edit = this.#edits[number];
    if (!latest || !edit) return { path: '/workflow/start', body: { virtual_db } };
    const question = latest.interaction_request;
    if (number % 12 === 5 || number % 12 === 10) return this.#elsewhere(url, number);
    if (question && number % 12 === 2) {
      const { interaction_id } = question;
      return { path: '/workflow/sub-action', body: { virtual_db, interaction_id, sub_action_id: 'note', params: {} } };
    }
    if (number % 9 === 7) return { path: '/workflow/plan', body: { virtual_db } };
    if (number % 4 === 3) {
      this.#workflow = editQuestion(this.#workflow, edit);
      return { path: '/workflow/start', body: { virtual_db } };
    }
    if (question && number % 10 !== 8) {
      const { virtual_run_id } = latest;
      const { interaction_id } = question;
      const response = anyAnswer(question, edit.nth);
      return { path: '/workflow/respond', body: { virtual_db, virtual_run_id, interaction_id, response } };
    }
    const { steps } = this.#workflow as { steps: { step_id: string; modules: { name: string }[] }[] };
    const step = steps[edit.at % steps.length];
    const module_name = step?.modules[edit.nth % step.modules.length]?.name;
    const target = { virtual_db, step_id: step?.step_id, module_name };
    return number % 2 === 0
      ? { path: '/workflow/retry', body: { ...target, feedback: `again, ${edit.word}` } }
      : { path: '/workflow/jump', body: target };
  }

  /** Back to a question that was asked, or to another branch. */
  async #elsewhere(url: string, number: number): Promise<{ path: string; body: object }> {
    const virtual_db = this.latest?.virtual_db ?? '';
    const sent = { virtual_db, limit: 50 };
    if (number % 12 === 5) {
      const { items } = await call<{ items: { interaction_id: string }[] }>(
        key,
        'POST',
        `${url}/workflow/interaction-history`,
        sent,
      );
      const reopen = items[number % Math.max(1, items.length)]?.interaction_id;
      return { path: '/workflow/jump', body: { virtual_db, reopen } };
    }
    const { items } = await call<{ items: { branch_id: string; kind: string; current: boolean }[] }>(
      key,
      'POST',
      `${url}/workflow/branches`,
      { virtual_db },
    );
    const branches = items.filter(({ kind, current }) => kind !== 'reconcile' || current);
    const branch = branches[number % branches.length]?.branch_id ?? '';
    this.#switches.push(branch);
    return { path: `/workflow/branches/${branch}/switch`, body: { virtual_db } };
  }

  /** All lines of the preview, out of its state. */
  async log(stateOf: StateOf): Promise<string[]> {
    const gzip = await stateOf(this.latest?.virtual_db ?? '');
    const { stores } = JSON.parse(gunzipSync(gzip).toString()) as {
      stores: { branches: { branch_id: string; created_at: string }[]; events: RunEvent[] };
    };
    const branches = stores.branches.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
    return canonicalLog(
      branches.flatMap(({ branch_id: id }) =>
        stores.events.filter((event) => event.branch_id === id).toSorted((a, b) => a.seq - b.seq),
      ),
    );
  }
}

interface Frame {
  event: string;
  data: { code?: string; virtual_db?: string };
}

/** Every choice can be added to by work that ends in the run's state. */
function withSubActions(workflow: JsonObject): JsonObject {
  const copy = structuredClone(workflow) as { steps: { modules: JsonObject[] }[] };
  for (const module of copy.steps.flatMap(({ modules }) => modules)) {
    if (module.module_id !== 'user.select') continue;
    const work = { type: 'target_sub_action', module_id: 'api.llm', name: 'say', inputs: { input: 'A note' } };
    module.sub_actions = [
      {
        id: 'note',
        label: 'Note',
        actions: [{ ...work, outputs_to_state: { response: 'said' } }],
        result_mapping: [{ source: 'said', target: 'notes.last', mode: 'replace' }],
      },
    ];
  }
  return copy;
}

/** The last frame of a stream. */
async function frames(url: string, path: string, body: object): Promise<Frame> {
  const reply = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'x-access-key': key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  if (!reply.ok) return { event: 'refused', data: JSON.parse(text) as Frame['data'] };
  const block = text.trim().split('\n\n').at(-1) ?? '';
  const line = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? 'null';
  return { event: line('event'), data: JSON.parse(line('data')) as Frame['data'] };
}

function anyAnswer(request: InteractionRequest, number: number): InteractionAnswer {
  switch (request.interaction_type) {
    case 'review_grouped':
      return { value: 'accepted' };
    case 'form_input':
      return { form_data: request.form_defaults.map(() => ({ servings: 1 + (number % 3) })) };
    case 'text_input':
      return { value: request.validation?.pattern === '[0-9]' ? `${number}` : `text ${'abc'[number % 3]}` };
    case 'select_from_structured': {
      const { data } = request;
      const paths = Array.isArray(data)
        ? data.map((_item, index) => [index])
        : Object.entries(data as JsonObject).flatMap(([name, items]) =>
            Array.isArray(items) ? items.map((_item, index) => [name, index]) : [[name]],
          );
      return { selected_indices: [paths[number % paths.length]] };
    }
    default:
      return {};
  }
}

async function session(
  seed: number,
  serverOf: (number: number) => Promise<string>,
  after: () => Promise<void>,
  stateOf: StateOf = carried,
) {
  const editor = new Editor(seed);
  for (let number = 0; number < REQUESTS; number += 1) {
    await editor.request(await serverOf(number), number);
    await after();
  }
  return { outcomes: editor.outcomes, log: await editor.log(stateOf) };
}

async function overOne(seed: number): Promise<{ outcomes: string[]; log: string[] }> {
  const server = await composed();
  try {
    return await session(
      seed,
      async () => server.url,
      async () => undefined,
    );
  } finally {
    await server.end();
  }
}

/** Round robin, each server ended and started again once it has answered. */
async function overMany(seed: number, start: () => Promise<Server>, stateOf?: StateOf) {
  const servers = Array.from({ length: SERVERS }, () => start());
  let last = 0;
  try {
    return await session(
      seed,
      async (number) => {
        last = number % SERVERS;
        return (await servers[last])?.url ?? '';
      },
      async () => {
        const ending = await servers[last];
        await ending?.end();
        servers[last] = start();
        servers[last]?.catch(() => undefined);
      },
      stateOf,
    );
  } finally {
    for (const server of servers) await (await server).end();
  }
}

describe('22 a session of 50 requests over five preview servers', () => {
  it.each([1, 2, 3].slice(0, runs(2, 3)))(
    'is the same as over one, with each server started anew after each request (session %i)',
    async (seed) => {
      const one = await overOne(seed);
      const many = await overMany(seed, () => composed());
      expect(many.outcomes).toEqual(one.outcomes);
      expect(many.log).toEqual(one.log);
      expect(one.outcomes).toHaveLength(REQUESTS);
      expect(one.outcomes.join('\n')).toMatch(/\/workflow\/branches\/branch\/switch (awaiting_input|completed): /);
      expect(one.outcomes).toContain('/workflow/sub-action complete');
      for (const path of ['start', 'respond', 'retry', 'jump', 'plan'])
        expect(one.outcomes.join('\n')).toMatch(new RegExp(`/workflow/${path} (awaiting_input|completed|planned): `));
    },
  );

  it.skipIf(mongo.missing !== '')(
    `and so where they keep the states, in a MongoDB of their own ${mongo.missing}`,
    async () => {
      const one = await overOne(5);
      const uri = withDatabase(mongo.server?.uri ?? '', `wfm_previews_${randomUUID().slice(0, 8)}`);
      const kept = await keepSnapshots({ uri, seal: createSnapshotSeal([secret]), clock: systemClock() });
      const { user } = await call<{ user: { user_id: string } }>(key, 'GET', `${production.url}/auth/me`);
      const stateOf: StateOf = async (text) => {
        expect(text).toMatch(/^kept:/);
        return (await kept.take(text, { userId: user.user_id })).gzip;
      };
      const many = await overMany(5, () => composed({ MONGODB_VIRTUAL_URI: uri }), stateOf);
      await kept.close();
      expect(many.outcomes).toEqual(one.outcomes);
      expect(many.log).toEqual(one.log);
    },
  );

  it.runIf(process.env['WFM_NIGHTLY'] === '1')('and so where each is a program of its own', async () => {
    const one = await overOne(4);
    expect(await overMany(4, started)).toEqual(one);
  });
});
