import { describe, expect, it } from 'vitest';
import { analyseState } from './state-keys.ts';
import { sampleRegistry, workflowOf } from './testing/sample-modules.ts';
import { validateWorkflow } from './validate-workflow.ts';

const write = (name: string, key: string) => ({
  module_id: 'test.shape',
  name,
  inputs: { title: 'x' },
  outputs_to_state: { result: key },
});
const read = (template: string, name = 'reader') => ({ module_id: 'test.open', name, inputs: { a: template } });

function warnings(modules: unknown[], extra: Record<string, unknown> = {}): string[] {
  return validateWorkflow(workflowOf(modules, extra), sampleRegistry).map(
    ({ severity, code, params: { key, nearest } }) =>
      [severity, code, key, ...(typeof nearest === 'string' ? ['→', nearest] : [])].join(' '),
  );
}

describe('who writes and reads which state keys', () => {
  it('in order of execution, with places', () => {
    const ask = {
      module_id: 'test.ask',
      name: 'ask',
      inputs: {
        schema: { enum: '{{ state.sizes }}', ui: { text: '{{ state.unit }}' } },
        data: { type: 'jinja2', content: '\n{{ state.text.body }}' },
      },
      addons: [{ addon_id: 'addons.compatibility', inputs: { source: '{{ state.earlier }}' } }],
      outputs_to_state: { selected_data: 'pick.value' },
      sub_actions: [
        {
          id: 's',
          actions: [],
          result_mapping: [{ source: 'a', target: 'more.items' }],
          feedback: { state_key: 'note' },
        },
      ],
    };
    const shape = { module_id: 'test.shape', inputs: { title: 'x', show_state: ['pick.value'] } };
    const status_display = { fields: [{ id: 'f', value: '{{ state.pick }}' }] };
    const { writes, reads } = analyseState(
      workflowOf([ask, shape], { initial_state: { tone: 1 }, status_display }),
      sampleRegistry,
    );
    expect(writes.map(({ by, path, order, place }) => `${order} ${by} ${path.join('.')} ${place}`)).toEqual([
      '-1 initial_state tone initial_state.tone',
      '0 output ask steps[0].modules[0]',
      '0 mapping pick.value steps[0].modules[0].outputs_to_state.selected_data',
      '0 sub_action more.items steps[0].modules[0].sub_actions[0].result_mapping[0]',
      '0 child note steps[0].modules[0].sub_actions[0].feedback',
      '1 output test.shape steps[0].modules[1]',
    ]);
    expect(reads.map(({ by, path, order, line }) => `${order} ${by} ${path.join('.')} ${String(line)}`)).toEqual([
      '0 template sizes 1',
      '0 template text.body 2',
      '0 template earlier 1',
      '0 client unit 1',
      '1 module pick.value undefined',
      '2 late pick 1',
    ]);
  });

  it('takes what is not sound', () => {
    expect(analyseState(null, sampleRegistry)).toEqual({ writes: [], reads: [] });
    expect(analyseState(workflowOf([read('{{ a b }}')]), sampleRegistry).reads).toEqual([]);
  });
});

describe('4, 25.1 keys that are read but not written before', () => {
  it('are warnings, with the nearest name', () => {
    expect(warnings([write('w', 'headline'), read('{{ state.headlin }}')])).toEqual([
      'warning state_key_unknown headlin → headline',
    ]);
    expect(warnings([read('{{ state.zzz }}')])).toEqual(['warning state_key_unknown zzz']);
  });

  it('initial state, mapped keys and raw outputs are all there (7.4, 25.2)', () => {
    const modules = [write('w', 'headline'), read('{{ state.headline }} {{ state.w.result }} {{ state.tone }}')];
    expect(warnings(modules, { initial_state: { tone: 'calm' } })).toEqual([]);
  });

  it('what is written only later is not there yet, unless a retry leads back (9.6)', () => {
    const reader = read('{{ state.headline }}');
    expect(warnings([reader, write('w', 'headline')])).toEqual(['warning state_key_unknown headline']);
    const retryable = { options: [{ id: 'again', mode: 'retry', target_module: 'reader' }] };
    expect(warnings([reader, { ...write('w', 'headline'), retryable }])).toEqual([]);
    const jump = { options: [{ id: 'again', mode: 'jump', target_module: 'reader' }] };
    expect(warnings([reader, { ...write('w', 'headline'), retryable: jump }])).toEqual([
      'warning state_key_unknown headline',
    ]);
  });

  it('a module does not see its own outputs', () => {
    expect(warnings([read('{{ state.reader }}')])).toEqual(['warning state_key_unknown reader']);
  });

  it('reads that reckon with absence say nothing', () => {
    expect(warnings([read("{{ state.gone | default('x') }}{% if state.more %}{{ state.more.x }}{% endif %}")])).toEqual(
      [],
    );
  });

  it('7.6 the feedback of a retry is known', () => {
    expect(warnings([read('{{ state._retry_feedback }}')])).toEqual([]);
  });

  it('a misspelt output of a module whose outputs are known', () => {
    expect(warnings([write('w', 'headline'), read('{{ state.w.resul }}')])).toEqual([
      'warning state_key_unknown w.resul → result',
    ]);
    expect(warnings([read('{{ 1 }}', 'open'), read('{{ state.open.anything }}')])).toEqual([]);
  });

  it('25.26 status_display may read ahead, but not what nobody writes', () => {
    const status = (value: string) => ({ status_display: { fields: [{ id: 'f', value }] } });
    expect(warnings([write('w', 'headline')], status('{{ state.headline }}'))).toEqual([]);
    expect(warnings([write('w', 'headline')], status('{{ state.headlines }}'))).toEqual([
      'warning state_key_unknown headlines → headline',
    ]);
  });
});

describe('25.3 keys that two modules write', () => {
  it('are a warning at the later place', () => {
    expect(warnings([write('a', 'headline'), write('b', 'headline')])).toEqual([
      'warning state_key_collision headline',
    ]);
    expect(warnings([write('a', 'b'), write('b', 'x')])).toEqual(['warning state_key_collision b']);
    expect(warnings([write('a', 'a')])).toEqual(['warning state_key_collision a']);
  });

  it('parts of one object, seeds, and names nobody chose do not collide', () => {
    const unnamed = { module_id: 'test.open' };
    expect(
      warnings([write('a', 'card.title'), write('b', 'card.body'), write('c', 'tone')], { initial_state: { tone: 1 } }),
    ).toEqual([]);
    const workflow = {
      format: 2,
      workflow_id: 'x',
      steps: ['s', 't'].map((step_id) => ({ step_id, modules: [unnamed] })),
    };
    expect(validateWorkflow(workflow, sampleRegistry)).toEqual([]);
  });
});
