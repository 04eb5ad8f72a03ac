import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompiledModule } from '../definition/compile-version.ts';
import { contentHash } from '../execution/hash.ts';
import type { JsonObject } from '../models/json.ts';
import { apiLlm } from '../modules/api/llm.ts';
import type { CallableModule } from '../modules/module.ts';
import { standardModules } from '../modules/standard-modules.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { validateAgainst } from '../schema/index.ts';
import { satisfiableSchema, shuffledKeys } from '../schema/testing/schema-arbitrary.ts';
import { createRig } from '../testing/engine-rig.ts';
import { liveClock } from '../testing/live-clock.ts';
import { runs } from '../testing/runs.ts';
import { generateOutputs } from './generate-outputs.ts';
import { createMockAnswerer } from './index.ts';

/** What holds for mocks of every schema, on every machine. */

const answerer = createMockAnswerer();
const llm = apiLlm as CallableModule;

/** What a model's mock answers to a prompt under a schema. */
async function mockOf(input: string, output_schema: JsonObject): Promise<JsonObject> {
  const inputs = llm.inputs.parse({ input, output_schema });
  const call = {
    compiled: { place: 'steps[0].modules[0]', path: 's/m' } as CompiledModule,
    module: llm,
    inputs,
    seed: contentHash({ module: llm.id, inputs }),
    mode: 'mock' as const,
    attempt: 1,
    callKey: 'key',
    signal: new AbortController().signal,
    mockOutput: () => undefined,
  };
  const { outputs } = await answerer.answer(call, () => Promise.reject(new Error('the model was called')));
  return outputs as JsonObject;
}

/** A workflow whose model answers under a schema; its keys may stand in any order. */
const workflowOf = (input: string, output_schema: unknown): JsonObject => ({
  format: 2,
  workflow_id: 'mocks',
  initial_state: { subject: 'lighthouses', tone: 'dry' },
  steps: [
    {
      step_id: 's',
      modules: [
        { module_id: 'api.llm', name: 'm', inputs: { input, output_schema }, outputs_to_state: { response: 'answer' } },
      ],
    },
  ],
});

async function answerOf(workflow: unknown): Promise<string> {
  const clock = liveClock();
  const rig = createRig({ database: createMemoryDatabase({ clock }), clock, answerer });
  const { result, error } = await rig.start(workflow, { mode: 'mock' });
  expect(error).toBeUndefined();
  return JSON.stringify((result as JsonObject)['answer']);
}

describe('laws of mocks', () => {
  it('17.4 every random schema is met, inside the outputs of a model and outside', async () => {
    const property = fc.asyncProperty(satisfiableSchema, fc.string(), async (schema, prompt) => {
      const outputs = await mockOf(`Write ${prompt}`, schema);
      expect(validateAgainst(schema, outputs['response'])).toEqual([]);
      expect(llm.outputs.safeParse(outputs).error?.issues).toBeUndefined();
    });
    await fc.assert(property, { numRuns: runs(1000, 5000) });
  });

  it('17.4 every module that ships has valid outputs under every seed', () => {
    expect(standardModules.length).toBeGreaterThan(20);
    for (const module of standardModules) {
      const property = fc.property(fc.string(), (seed) => {
        // Without the module's own mock data rules: by its output schema alone.
        const outputs = generateOutputs({ ...module, mock: () => ({}) } as CallableModule, {}, seed);
        const missing = module.outputs.safeParse(outputs).error?.issues ?? [];
        expect({ module: module.id, missing }).toEqual({ module: module.id, missing: [] });
      });
      fc.assert(property, { numRuns: runs(20, 200) });
    }
  });

  it('17.3 the order of keys, in the definition and in the schema, changes no byte', async () => {
    // What looks like a template would be one, inside a definition.
    const plain = satisfiableSchema.filter((schema) => !/\{[{%#]/.test(JSON.stringify(schema)));
    const property = fc.asyncProperty(plain, async (schema) => {
      const workflow = workflowOf('Say something about {{ state.subject }}.', schema);
      expect(await answerOf(shuffledKeys(workflow))).toBe(await answerOf(workflow));
    });
    await fc.assert(property, { numRuns: runs(40, 400) });
  });

  it('17.3 another prompt shows another mock; another wording of the same prompt the same one', async () => {
    const schema = { type: 'object', properties: { line: { type: 'string' }, count: { type: 'integer' } } };
    const property = fc.asyncProperty(
      fc.uniqueArray(fc.stringMatching(/^[a-z ]{1,30}$/), { minLength: 2, maxLength: 4 }),
      async (words) => {
        const answers = await Promise.all(words.map((word) => answerOf(workflowOf(`About .${word}.`, schema))));
        expect(new Set(answers).size).toBe(words.length);
      },
    );
    await fc.assert(property, { numRuns: runs(40, 400) });
    const direct = await answerOf(workflowOf('About lighthouses.', schema));
    expect(await answerOf(workflowOf('About {{ state.subject }}.{# a comment #}', schema))).toBe(direct);
    expect(await answerOf(workflowOf('About {{ state.tone }}.', schema))).not.toBe(direct);
  });

  it('17.3 other processes, in other places, with keys in another order, give the same bytes', async () => {
    const script = (shuffle: boolean): string => `
      import fc from 'fast-check';
      const engine = './backend/workflow-engine';
      const { satisfiableSchema, shuffledKeys } = await import(engine + '/schema/testing/schema-arbitrary.ts');
      const { createMockAnswerer } = await import(engine + '/mock/index.ts');
      const { createRig } = await import(engine + '/testing/engine-rig.ts');
      const { liveClock } = await import(engine + '/testing/live-clock.ts');
      const { createMemoryDatabase } = await import(engine + '/ports/memory/index.ts');
      const { contentHash } = await import(engine + '/execution/hash.ts');
      const plain = satisfiableSchema.filter((schema) => !/\\{[{%#]/.test(JSON.stringify(schema)));
      const schemas = fc.sample(plain, { seed: 7, numRuns: ${runs(100, 1000)} });
      const clock = liveClock();
      const rig = createRig({ database: createMemoryDatabase({ clock }), clock, answerer: createMockAnswerer() });
      const modules = schemas.map((output_schema, index) => ({
        module_id: 'api.llm',
        name: 'm' + index,
        inputs: { input: 'About {{ state.subject }}', output_schema },
      }));
      const outputs = [];
      for (let from = 0; from < modules.length; from += 50) {
        const workflow = {
          format: 2,
          workflow_id: 'mocks',
          initial_state: { subject: 'lighthouses' },
          steps: [{ step_id: 's', modules: modules.slice(from, from + 50) }],
        };
        const started = await rig.start(${shuffle ? 'shuffledKeys(workflow)' : 'workflow'}, { mode: 'mock' });
        const events = await rig.events(started.workflow_run_id);
        outputs.push(...events.filter((event) => event.type === 'module_completed').map(({ data }) => data.outputs));
      }
      console.log(outputs.length, contentHash(outputs.map((made) => JSON.stringify(made))));`;
    const inPlace = async (source: string, env: Record<string, string>): Promise<string> => {
      const options = { env: { ...process.env, ...env } };
      return (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source], options)).stdout;
    };
    const here = await inPlace(script(false), { TZ: 'UTC', LANG: 'C' });
    expect(here).toMatch(new RegExp(`^${runs(100, 1000)} [0-9a-f]{64}$`, 'm'));
    const there = { TZ: 'Pacific/Apia', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };
    expect(await inPlace(script(true), there)).toBe(here);
  });
});
