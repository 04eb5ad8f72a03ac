import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, systemClock } from '@wfm/db';
import { createLlmProvider, readProviderSettings } from '@wfm/providers';
import type { RunEvent } from '@wfm/workflow-engine/events';
import type { Database, LlmProvider, RunStore } from '@wfm/workflow-engine/ports';
import { createMemoryDatabase, memoryMediaFiles } from '@wfm/workflow-engine/ports/memory';
import {
  answerFor,
  type Choice,
  createRig,
  generatedWorkflow,
  type RigOptions,
  runs,
} from '@wfm/workflow-engine/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleNames, loadExample } from './support/examples.ts';
import { type Host, previewHost, productionHost, rigHost } from './support/hosts.ts';
import { accessKeyOf, freePort, type Program, startProgram } from './support/programs.ts';
import { localMedia } from './support/local-host.ts';
import { playRecorded } from './support/recorded-run.ts';

/** Law 5: the same definition, answers and replies give the same events, wherever they run. What you preview is what will run. */

const clock = systemClock();
/** The offline provider answers by its prompt alone, so every host hears the same replies. */
const llm = (): LlmProvider => createLlmProvider(readProviderSettings({}).llm);
const rigOn = (database: Database, options: Partial<RigOptions> = {}) =>
  createRig({
    database,
    clock,
    llm: llm(),
    media: { catalogue: localMedia().catalogue, files: memoryMediaFiles() },
    ...options,
  });
const memory = (options: Partial<RigOptions> = {}): Host =>
  rigHost('memory', rigOn(createMemoryDatabase({ clock }), options));

/** A host whose store changes some events on their way in. */
function rewriting(change: (event: RunEvent) => RunEvent): Host {
  const database = createMemoryDatabase({ clock });
  const store = Object.create(database.runs) as RunStore;
  store.append = (params) =>
    database.runs.append({
      ...params,
      events: params.events.map(change),
    });
  return rigHost('faulty', rigOn({ ...database, runs: store }));
}

/** Plays the choices at one host until the run needs nobody; its log. */
async function play(host: Host, workflow: unknown, choices: Choice[]): Promise<string[]> {
  const run = await host.begin(workflow);
  let response = run.first;
  for (let asked = 0; response.interaction_request; asked += 1) {
    if (asked > 60) throw new Error(`${host.name}: the run never ends`);
    const request = response.interaction_request;
    response = await run.respond(request.interaction_id, answerFor(request, choices[asked]));
    if (response.status === 'error') throw new Error(`${host.name}: ${response.error?.message}`);
  }
  return run.log();
}

describe('5 parity', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wfm-parity-'));
  let server: Program;
  let virtual: Program;
  let stored: Database;
  let key: string;

  beforeAll(async () => {
    const env = {
      WFM_DATA_DIR: join(folder, 'server'),
      WFM_PORT: String(await freePort()),
      WFM_VIRTUAL_PORT: String(await freePort()),
    };
    server = await startProgram('server', env);
    virtual = await startProgram('virtual-server', env);
    key = await accessKeyOf(server);
    stored = await openDatabase({ dataDir: join(folder, 'rig'), clock, role: 'owner' });
  });

  afterAll(async () => {
    await stored.close();
    expect(await Promise.all([server.end(), virtual.end()])).toEqual([0, 0]);
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(exampleNames)(
    'the example %s gives the same events on all four hosts',
    async (name) => {
      const { loaded, recorded } = await loadExample(name);
      const logs = new Map<string, string[]>();
      for (const host of [
        memory(),
        rigHost('SQLite', rigOn(stored)),
        productionHost(server.url, key),
        previewHost(virtual.url, key, { mock: false }),
      ]) {
        const run = await host.begin(loaded.resolved);
        await playRecorded(run.first, run.respond, recorded);
        logs.set(host.name, await run.log());
      }
      const expected = logs.get('memory');
      for (const [host, log] of logs) expect({ host, log }).toEqual({ host, log: expected });
    },
    60_000,
  );

  it('generated workflows give the same events in memory, on SQLite, on port 9000 and on port 9001', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(generatedWorkflow(3), async ({ workflow, choices }) => {
        round += 1;
        // A name of its own: what earlier rounds have left with a template (keywords) belongs to them.
        const own = { ...workflow, workflow_id: `parity_${round}` };
        const expected = await play(memory(), own, choices);
        const others = [
          rigHost('SQLite', rigOn(stored)),
          productionHost(server.url, key),
          previewHost(virtual.url, key, { mock: false }),
        ];
        for (const host of others)
          expect({ host: host.name, log: await play(host, own, choices) }).toEqual({ host: host.name, log: expected });
      }),
      { numRuns: runs(200, 2000) },
    );
  }, 600_000);
});

describe('5 parity sees a host that differs', () => {
  const workflow = {
    format: 2,
    workflow_id: 'differs',
    initial_state: { subject: 'rain' },
    steps: [
      {
        step_id: 's',
        modules: [
          {
            module_id: 'user.text_input',
            name: 'ask',
            inputs: { prompt: 'About?', default: 'rain' },
            outputs_to_state: { value: 'subject' },
          },
          {
            module_id: 'api.llm',
            name: 'write',
            inputs: { input: 'A line about {{ state.subject }} {{ state.missing }}' },
            outputs_to_state: { response: 'line' },
          },
          {
            module_id: 'io.weighted_keywords',
            name: 'remember',
            inputs: { mode: 'save', weighted_keywords: [{ keyword: 'rain', weight: 2 }] },
          },
          { module_id: 'io.write_text', name: 'keep', inputs: { content: '{{ state.line }}', file_path: 'line.txt' } },
          {
            module_id: 'transform.concat_arrays',
            name: 'join',
            inputs: { arrays: [['{{ state.line }}'], [1]] },
            outputs_to_state: { result: 'all' },
          },
        ],
      },
    ],
  };
  const choices: Choice[] = [{ kind: 'answer', value: 2 }];
  const faulty: [string, () => Host][] = [
    [
      'a provider that trims its replies',
      () => {
        const inner = llm();
        return memory({
          llm: {
            ...inner,
            generate: async (request, options) => {
              const reply = await inner.generate(request, options);
              return { ...reply, text: reply.text.slice(0, -1) };
            },
          },
        });
      },
    ],
    [
      'a store that counts keywords otherwise',
      () => {
        const database = createMemoryDatabase({ clock });
        const { keywords } = database;
        return rigHost(
          'faulty',
          rigOn({
            ...database,
            keywords: {
              load: (params) => keywords.load(params),
              save: async (params) => (await keywords.save(params)) + 1,
            },
          }),
        );
      },
    ],
    [
      'an answerer that mocks',
      () =>
        memory({
          answerer: {
            answer: async (_call, run) => ({
              outputs: await run(),
              origin: { kind: 'mocked', reason: 'mock_generated' },
            }),
          },
        }),
    ],
    [
      'a store that loses warnings',
      () =>
        rewriting((event) =>
          event.type === 'module_started' ? { ...event, data: { ...event.data, warnings: [] } } : event,
        ),
    ],
    [
      'a store that gives answers to another session',
      () =>
        rewriting((event) =>
          event.type === 'interaction_response'
            ? { ...event, data: { ...event.data, by: event.workflow_run_id } }
            : event,
        ),
    ],
    [
      'an engine that computes a hash from other inputs',
      () =>
        rewriting((event) =>
          event.type === 'module_completed'
            ? { ...event, data: { ...event.data, input_hash: event.data.input_hash.toUpperCase() } }
            : event,
        ),
    ],
  ];

  it('two sound hosts agree', async () => {
    expect(await play(memory(), workflow, choices)).toEqual(await play(memory(), workflow, choices));
  });

  it.each(faulty)('%s', async (_name, host) => {
    expect(await play(host(), workflow, choices)).not.toEqual(await play(memory(), workflow, choices));
  });
});
