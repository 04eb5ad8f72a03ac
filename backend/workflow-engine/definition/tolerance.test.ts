import { describe, expect, it } from 'vitest';
import type { WorkflowResponse } from '../models/execution.ts';
import type { InteractionAnswer } from '../models/interaction.ts';
import { createRegistry } from '../modules/registry.ts';
import { standardModules } from '../modules/standard-modules.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig, type EngineRig } from '../testing/engine-rig.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { validateWorkflow } from './validate-workflow.ts';

/**
 * Format.md 25, row by row through the real engine: what a package of format 1 may hold without failing. What is drawn
 * (25.7 to 25.10), sub-actions (25.12, 25.14) and vendors (25.20, 25.21, 25.28) are in `tolerance-shown.test.ts`.
 */

type Data = Record<string, unknown>;

const registry = createRegistry(standardModules);
const server = (...names: string[]): Data => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { resolver: 'server' }])),
});
const tell = (template: unknown): Data => ({
  module_id: 'io.render_template',
  name: 'tell',
  inputs: { resolver_schema: server('template'), template },
  outputs_to_state: { rendered: 'told' },
});
const extract = (name: string, inputs: Data, outputs: Data = {}): Data => ({
  module_id: 'transform.extract',
  name,
  inputs: { resolver_schema: server(...Object.keys(inputs)), ...inputs },
  outputs_to_state: outputs,
});

interface Played {
  rig: EngineRig;
  definition: Data;
  response: WorkflowResponse;
  state: Data;
  /** Codes of the warnings that the run noted. */
  warnings: string[];
}

/** Runs modules of format 1 in one step, answering questions in order. */
async function play(modules: Data[], answers: InteractionAnswer[] = [], more: Data = {}): Promise<Played> {
  const definition = { workflow_id: 'older', steps: [{ step_id: 'one', modules }], ...more };
  const clock = createTestClock();
  const rig = createRig({ database: createMemoryDatabase({ clock }), clock });
  let response = await rig.start(definition);
  for (const answer of answers) response = await rig.respond(response, answer);
  const runId = response.workflow_run_id ?? '';
  const { state } = await rig.processor.load({ runId });
  const events = await rig.events(runId);
  const warnings = events.flatMap(({ data }) =>
    ((data as { warnings?: { code: string }[] }).warnings ?? []).map(({ code }) => code),
  );
  expect(rig.faults).toEqual([]);
  return { rig, definition, response, state: state.flat, warnings };
}

/** Findings of a definition: none of them an error, since it must run. */
function findings(definition: unknown): string[] {
  const found = validateWorkflow(definition, registry);
  expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
  return found.map(({ code, severity }) => `${severity} ${code}`);
}

describe('25 what an older package may hold', () => {
  it('25.1 a key that nobody writes, and digging into the wrong value, give nothing and a warning each', async () => {
    const template =
      '[{{ state.typo }}{{ state.list.name }}{{ state.list[0].x.y }}]{% if state.typo.z %}never{% endif %}';
    const { state, warnings, definition } = await play([
      extract('start', { list: [1] }, { list: 'list' }),
      tell(template),
    ]);
    expect(state['told']).toBe('[]');
    expect(warnings).toEqual(Array.from({ length: 4 }, () => 'undefined_reference'));
    expect(findings(definition)).toContain('warning state_key_unknown');
  });

  it('25.1 a lone broken reference leaves a text, a list or an object empty, whatever the module wants', async () => {
    const form = { resolver_schema: server('data', 'schema'), data: '{{ state.rows }}', schema: '{{ state.view }}' };
    const modules = [
      tell('{{ state.nobody }}'),
      {
        module_id: 'user.text_input',
        inputs: { resolver_schema: server('prompt'), prompt: '{{ state.nobody.x }}', allow_empty: true },
      },
      { module_id: 'user.form', inputs: form },
    ];
    const { response, state, warnings } = await play(modules, [{ value: '' }, { form_data: [] }]);
    expect(response.status).toBe('completed');
    expect(state).toMatchObject({ told: '', 'user.form': { form_data: [] } });
    expect(warnings).toHaveLength(4);
  });

  it('25.2 raw outputs by the name of their module, and the mapped key, are both there', async () => {
    const { state } = await play([
      extract('start', { a: 1 }, { a: 'mapped' }),
      tell('{{ state.start.a }}{{ state.mapped }}'),
    ]);
    expect(state['told']).toBe('11');
  });

  it('25.3 of two that write one key the later wins, with a warning before the run', async () => {
    const modules = [
      extract('first', { a: 1 }, { a: 'key' }),
      extract('key', { b: 2 }),
      extract('third', { c: 3 }, { c: 'key' }),
    ];
    const { state, definition } = await play(modules);
    expect(state['key']).toBe(3);
    expect(findings(definition)).toContain('warning state_key_collision');
  });

  it('25.4 25.5 text nodes and single braces stay to the letter; {step_number} is filled in', async () => {
    const literal = '{{ state.x }} {% raw %} {step_number} {other}\r\n';
    const steps = [
      {
        step_id: 'one',
        name: '{step_number}/{total}',
        modules: [tell({ type: 'text', content: literal }), { module_id: 'user.pause' }],
      },
    ];
    const { state, response } = await play([], [], { steps });
    expect(state['told']).toBe(literal);
    expect(response.interaction_request?.step_context.step_name).toBe('1/{total}');
  });

  it('25.6 a display schema that is marked for the server keeps what the client renders', async () => {
    const schema = {
      type: 'array',
      '_ux.display_format': '{{ a }}',
      items: {
        _ux: { label_format: '{{ b }}' },
        computed: { x: '{{ c }}' },
        source_data: '{{ d }}',
        enum: '{{ state.sizes }}',
      },
    };
    const select = { module_id: 'user.select', inputs: { resolver_schema: server('schema'), data: [1], schema } };
    const { response } = await play([extract('start', { s: ['a'] }, { s: 'sizes' }), select]);
    expect((response.interaction_request as unknown as Data)['schema']).toEqual({
      ...schema,
      items: { ...schema.items, enum: ['a'] },
    });
  });

  it('25.10 18.6 what the importer cannot read is told with the definition, and stops nothing', async () => {
    const schema = {
      type: 'array',
      _ux: { render_as: 'tabs' },
      items: { _ux: { render_as: 'tab.[x' }, '_ux.sparkle': 1 },
    };
    const { definition } = await play([{ module_id: 'user.select', inputs: { data: ['a'], schema } }]);
    expect(findings(definition)).toEqual(['info hint_imported', 'warning hint_unknown', 'info hint_unknown']);
  });

  it('25.11 an image part without content is dropped', async () => {
    const input = [{ type: 'image', content: '{{ state.nothing }}' }, { content: 'hello' }];
    const { rig, response } = await play([
      { module_id: 'api.llm', inputs: { resolver_schema: server('input'), input } },
    ]);
    expect(response.status).toBe('completed');
    expect(rig.llm.calls[0]?.request.messages).toEqual([{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }]);
  });

  it.each([
    [['a', 'b'], false, ['1'], [1]],
    [['a', 'b'], false, [[1]], [1]],
    [['a', 'b'], true, [['0'], 1], [0, 1]],
    [{ x: ['a', 'b'] }, false, [['x', '1']], ['x', 1]],
  ])('25.13 a selection of %j, several %j, given as %j, is stored as %j', async (data, multi, given, stored) => {
    const select = {
      module_id: 'user.select',
      inputs: { data, schema: {}, multi_select: multi },
      outputs_to_state: { selected_indices: 'x_indices' },
    };
    const { state } = await play([select, tell('at {{ state.x_indices[0] }}')], [{ selected_indices: given }]);
    expect([state['x_indices'], state['told']]).toEqual([stored, `at ${stored[0]}`]);
  });

  it('25.15 buttons may be hidden, lack a step, and be named by option or by module', async () => {
    const ask = {
      module_id: 'user.pause',
      name: 'ask',
      retryable: {
        options: [
          { id: 'ok', mode: 'continue' },
          { id: 'back', mode: 'jump', hidden: true, target_module: 'begin' },
        ],
      },
    };
    const modules = [{ module_id: 'user.text_input', name: 'begin', inputs: { prompt: 'Name?' } }, ask];
    for (const target of ['back', 'begin']) {
      const answers = [{ value: 'a' }, { jump_back_requested: true, jump_back_target: target }];
      const { response, definition } = await play(modules, answers);
      expect(response.interaction_request?.step_context.module_name).toBe('begin');
      expect(findings(definition)).toEqual([]);
    }
  });

  it('25.16 25.17 empty settings, odd versions, comments and unknown keys have no effect', async () => {
    const more = { initial_state: {}, config: {}, version: 'v?', comment: { any: 1 }, steps_total: 3, $schema: 'x' };
    const module = { ...tell('ok'), colour: 'red', comment: 'c', _metadata: { x: 1 } };
    const { response, definition } = await play([module], [], more);
    expect(response.status).toBe('completed');
    expect(findings(definition).every((finding) => finding.startsWith('info') || finding.startsWith('warning'))).toBe(
      true,
    );
  });

  it('25.18 a mapping of an output that was not produced is skipped, never null', async () => {
    const { state, response } = await play([extract('start', { a: 1 }, { absent: 'gone', a: 'kept.leaf' })]);
    expect(response.status).toBe('completed');
    expect(state).toEqual({ start: { a: 1 }, kept: { leaf: 1 } });
  });

  it('25.19 5.3 resolver_schema may list what is not there, literals, and sub-keys alone', async () => {
    const resolver_schema = {
      properties: {
        absent: { resolver: 'server' },
        literal: { resolver: 'server' },
        nested: { resolver: 'server', properties: { inner: { resolver: 'server' }, gone: { resolver: 'server' } } },
        odd: { resolver: 'elsewhere' },
      },
    };
    const inputs = {
      resolver_schema,
      literal: 5,
      nested: { inner: '{{ 1 + 1 }}', outer: '{{ 1 + 1 }}' },
      odd: '{{ 1 }}',
    };
    const { state, definition } = await play([{ module_id: 'transform.extract', name: 'start', inputs }]);
    expect(state['start']).toEqual({ literal: 5, nested: { inner: 2, outer: '{{ 1 + 1 }}' }, odd: '{{ 1 }}' });
    expect(findings(definition)).toContain('warning resolver_unknown');
  });

  it('25.22 25.23 null passes where it may, and stops a query alone', async () => {
    const passing = [
      extract('start', { a: '{{ state.nobody }}' }),
      {
        module_id: 'io.weighted_keywords',
        name: 'save',
        inputs: { resolver_schema: server('weighted_keywords'), mode: 'save', weighted_keywords: '{{ state.nobody }}' },
      },
      {
        module_id: 'user.select',
        name: 'choose',
        inputs: { resolver_schema: server('data'), data: '{{ state.nobody }}', schema: {} },
      },
    ];
    const { state, response } = await play(passing, [{ selected_indices: [] }]);
    expect(response.status).toBe('completed');
    expect(state).toMatchObject({ start: { a: null }, save: { saved_count: 0 }, choose: { selected_data: null } });
    const query = {
      module_id: 'transform.query',
      inputs: { resolver_schema: server('data'), data: '{{ state.nobody }}', pipeline: [] },
    };
    expect((await play([query])).response).toMatchObject({ status: 'error', error: { code: 'query_data_not_array' } });
  });

  it('25.24 a rule on a field that the answer lacks fails as "required" would', async () => {
    const validations = [
      {
        id: 'needed',
        rule: 'response_field_not_empty',
        field: 'generations.a',
        severity: 'error',
        message: 'Make one.',
      },
    ];
    const ask = { module_id: 'user.pause', retryable: { options: [{ id: 'ok', mode: 'continue', validations }] } };
    const { response } = await play([ask], [{}]);
    expect(response).toMatchObject({ status: 'validation_failed', validation_errors: [{ id: 'needed' }] });
  });

  it('25.25 prompts may be texts, parts, lists or other objects', async () => {
    const inputs = [
      'plain',
      { content: 'part', cache_ttl: 60 },
      { type: 'jinja2', content: 'node {{ 1 + 1 }}' },
      ['one', { content: 'two', role: 'user' }],
      { colour: 'red' },
    ];
    const said: string[] = [];
    for (const input of inputs) {
      const { rig, response } = await play([
        { module_id: 'api.llm', inputs: { resolver_schema: server('input'), input } },
      ]);
      expect(response.status).toBe('completed');
      said.push(JSON.stringify(rig.llm.calls[0]?.request.messages));
    }
    const words = ['plain', 'part', 'node 2', 'two', 'red'];
    expect(said.map((text, index) => text.includes(words[index] ?? ''))).toEqual(words.map(() => true));
  });

  it('25.26 a field that reads ahead of the run is left out until it can be read', async () => {
    const status_display = { fields: [{ id: 'a', label: 'A', value: '{{ state.later.word }}' }], layout: [] };
    const { rig, response, definition } = await play(
      [{ module_id: 'user.pause' }, extract('later', { word: 'now' })],
      [],
      { status_display },
    );
    const fields = async (): Promise<unknown> =>
      (await rig.database.runs.find({ runId: response.workflow_run_id ?? '' }))?.status_fields;
    expect(await fields()).toEqual([]);
    await rig.respond(response, {});
    expect(await fields()).toEqual([{ id: 'a', label: 'A', value: 'now' }]);
    expect(findings(definition)).toEqual([]);
  });

  it('25.27 numbers and truth values given as text are converted when exact, else input_invalid', async () => {
    const select = (multi: string, min: string): Data => ({
      module_id: 'user.select',
      inputs: { data: ['a', 'b', 'c'], schema: {}, multi_select: multi, min_selections: min },
    });
    const { response, definition } = await play([select('true', '2')]);
    expect(response.interaction_request).toMatchObject({ multi_select: true, min_selections: 2 });
    expect(findings(definition)).toEqual([]);
    expect((await play([select('yes', '2')])).response).toMatchObject({
      status: 'error',
      error: { code: 'input_invalid' },
    });
  });
});
