import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { CompiledModule } from '../definition/compile-version.ts';
import type { ModuleCall } from '../execution/answerer.ts';
import { hasCode } from '../errors/index.ts';
import type { JsonObject } from '../models/json.ts';
import { apiLlm } from '../modules/api/llm.ts';
import { type CallableModule, defineModule } from '../modules/module.ts';
import { standardModules } from '../modules/standard-modules.ts';
import { validateAgainst } from '../schema/index.ts';
import { runs } from '../testing/runs.ts';
import { createMockAnswerer } from './index.ts';

const answerer = createMockAnswerer();

const weather = defineModule({
  id: 'test.weather',
  kind: 'effect',
  revision: 1,
  title: 'Weather',
  description: 'Asks for the weather.',
  inputs: z.object({ city: z.string() }),
  outputs: z.object({
    sky: z.enum(['clear', 'grey']),
    degrees: z.number().int().min(-30).max(45),
    hours: z.array(z.string().meta({ title: 'Hours' })).min(2),
    note: z.string().optional(),
  }),
  run: () => ({ sky: 'clear' as const, degrees: 20, hours: ['a', 'b'] }),
}) as CallableModule;

const ruled: CallableModule = {
  ...weather,
  id: 'test.ruled',
  mock: (inputs) => ({
    outputs: { note: `Mock for ${String(inputs['city'])}` },
    schemas: { degrees: { const: 7 } },
  }),
};

function callOf(module: CallableModule, changes: Partial<ModuleCall> = {}): ModuleCall {
  const compiled = { place: 'steps[0].modules[0]', moduleId: module.id, name: 'm', stepId: 's' } as CompiledModule;
  return {
    compiled,
    module,
    inputs: { city: 'Oslo' },
    seed: 'seed',
    mode: 'mock',
    attempt: 1,
    callKey: 'key',
    signal: new AbortController().signal,
    mockOutput: () => undefined,
    ...changes,
  };
}

const refuse = (): Promise<unknown> => Promise.reject(new Error('the module was called'));
const llm = apiLlm as CallableModule;

describe('the mock answerer', () => {
  it('17.2 a mock_output is the outputs, as it stands', async () => {
    const mock = { sky: 'grey', degrees: -3, hours: ['now', 'later'], extra: { kept: true } };
    const answered = await answerer.answer(callOf(weather, { mockOutput: () => mock }), refuse);
    expect(answered).toEqual({ outputs: mock, warnings: [], origin: { kind: 'mocked', reason: 'mock_output' } });
  });

  it('17.2 a mock output of the wrong type is replaced, with a warning that names it', async () => {
    const mock = { sky: 'purple', degrees: 5, hours: ['now', 'later'], note: 12 };
    const { outputs, warnings } = await answerer.answer(callOf(weather, { mockOutput: () => mock }), refuse);
    expect(outputs).toMatchObject({
      degrees: 5,
      hours: ['now', 'later'],
      sky: expect.stringMatching(/^(clear|grey)$/),
    });
    expect(outputs).toHaveProperty('note', expect.stringMatching(/^Note: /));
    expect(warnings?.map(({ code, place, params }) => [code, place, params['output']])).toEqual([
      ['mock_output_invalid', 'steps[0].modules[0].mock_output', 'sky'],
      ['mock_output_invalid', 'steps[0].modules[0].mock_output', 'note'],
    ]);
  });

  it('17.2 a mock output needs only what the author cares about; its text says the same', async () => {
    const mock = { response: { slogans: ['Slow down'] } };
    const { outputs, warnings } = await answerer.answer(callOf(llm, { mockOutput: () => mock }), refuse);
    expect(warnings).toEqual([]);
    expect(outputs).toMatchObject({ ...mock, model: 'mock-preview', usage: { total_tokens: 0 } });
    expect(JSON.parse((outputs as { response_text: string }).response_text)).toEqual(mock.response);
  });

  it('17.2 the module’s rules come before its output schema', async () => {
    const { outputs, origin } = await answerer.answer(callOf(ruled), refuse);
    expect(origin).toEqual({ kind: 'mocked', reason: 'mock_generated' });
    expect(outputs).toMatchObject({ note: 'Mock for Oslo', degrees: 7 });
  });

  it('17.2 compute and own-store modules run for real, and in real mode everything does', async () => {
    const run = (): Promise<unknown> => Promise.resolve({ real: true });
    const real = { outputs: { real: true }, origin: { kind: 'executed', reason: 'no_record' } };
    expect(await answerer.answer(callOf({ ...weather, kind: 'compute' }), run)).toEqual(real);
    expect(await answerer.answer(callOf({ ...weather, ownStore: true }), run)).toEqual(real);
    expect(await answerer.answer(callOf(weather, { mode: 'real', mockOutput: () => ({ sky: 'grey' }) }), run)).toEqual(
      real,
    );
  });

  it('17.3 equal seeds give equal mocks, others other ones', async () => {
    const mock = async (seed: string) => (await answerer.answer(callOf(weather, { seed }), refuse)).outputs;
    expect(await mock('a')).toEqual(await mock('a'));
    expect(await mock('a')).not.toEqual(await mock('b'));
  });

  it('17.3 a further output leaves the others alone', async () => {
    const { shape } = weather.outputs;
    const wider = { ...weather, outputs: z.object({ aaa: z.string(), ...shape }) } as CallableModule;
    const { aaa: _aaa, ...rest } = (await answerer.answer(callOf(wider), refuse)).outputs as JsonObject;
    expect(rest).toEqual((await answerer.answer(callOf(weather), refuse)).outputs);
  });

  it('17.4 generated outputs are valid, whatever the seed', async () => {
    const property = fc.asyncProperty(fc.string(), async (seed) => {
      const { outputs } = await answerer.answer(callOf(weather, { seed }), refuse);
      expect(weather.outputs.safeParse(outputs).success).toBe(true);
      const answer = await answerer.answer(
        callOf(llm, { seed, inputs: { input: 'x', output_schema: slogans } }),
        refuse,
      );
      expect(llm.outputs.safeParse(answer.outputs).success).toBe(true);
      expect(validateAgainst(slogans, (answer.outputs as JsonObject)['response'])).toEqual([]);
    });
    await fc.assert(property, { numRuns: runs(50, 2000) });
  });

  it('17.4 every module that leaves the house has a valid mock', async () => {
    const outside = standardModules.filter((module) => module.kind === 'effect' && module.ownStore !== true);
    expect(outside.map((module) => module.id)).toContain('api.llm');
    for (const module of outside as CallableModule[]) {
      const inputs = given[module.id];
      if (inputs === undefined) throw new Error(`say in this test what ${module.id} may be given`);
      const parsed = module.inputs.parse(inputs);
      const { outputs } = await answerer.answer(callOf(module, { inputs: parsed }), refuse);
      expect(module.outputs.safeParse(outputs).error?.issues).toBeUndefined();
      expect(() => JSON.stringify(outputs)).not.toThrow();
    }
  });

  it('17.4 without a schema a model’s mock answer is a paragraph', async () => {
    const { outputs } = await answerer.answer(callOf(llm, { inputs: { input: 'x' } }), refuse);
    const { response, response_text: text } = outputs as { response: string; response_text: string };
    expect(response).toBe(text);
    expect(response.split('.').length).toBeGreaterThan(3);
  });

  it('17.4 a schema that nothing fits is mock_schema_unsupported', async () => {
    const impossible = { type: 'string', minLength: 5, maxLength: 2 };
    const attempt = answerer.answer(callOf(llm, { inputs: { input: 'x', output_schema: impossible } }), refuse);
    await expect(attempt).rejects.toSatisfy((error) => hasCode(error, 'mock_schema_unsupported'));
  });

  it('17.3 another process gives the same mock', async () => {
    const script = `
      import { createMockAnswerer } from './backend/workflow-engine/mock/index.ts';
      import { apiLlm } from './backend/workflow-engine/modules/api/llm.ts';
      const call = { compiled: {}, module: apiLlm, inputs: { input: 'x' }, seed: 'seed', mode: 'mock', mockOutput: () => undefined };
      const { outputs } = await createMockAnswerer().answer(call, () => Promise.reject(new Error('called')));
      process.stdout.write(JSON.stringify(outputs));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8' },
    });
    const { outputs } = await answerer.answer(callOf(llm, { inputs: { input: 'x' } }), refuse);
    expect(JSON.parse(stdout)).toEqual(outputs);
  });
});

/** Inputs of the modules that leave the house. */
const given: Record<string, JsonObject> = {
  'api.llm': { input: 'x' },
  'api.fetch': { url: 'https://example.org' },
  'db.query': { table_schema: 'runs', query: { fields: ['status', 'project_name'], limit: 5 } },
};

const slogans = {
  type: 'object',
  properties: { slogans: { type: 'array', minItems: 3, items: { type: 'string', maxLength: 40 } } },
  required: ['slogans'],
  additionalProperties: false,
};
