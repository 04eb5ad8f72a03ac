import { describe, expect, it } from 'vitest';
import { sampleRegistry, workflowOf } from './testing/sample-modules.ts';
import { validateWorkflow } from './validate-workflow.ts';

const other = { step_id: 'other', modules: [{ module_id: 'test.open', name: 'write' }] };

function about(module: Record<string, unknown>, format: 1 | 2 = 2): string[] {
  const node = { module_id: 'test.ask', name: 'ask', inputs: { schema: true }, ...module };
  const workflow = workflowOf([node], { format });
  const found = validateWorkflow({ ...workflow, steps: [...(workflow['steps'] as unknown[]), other] }, sampleRegistry);
  return found.map(({ severity, code, place }) => `${severity} ${code} ${place.replace('steps[0].modules[0].', '')}`);
}

const options = (...list: Record<string, unknown>[]) => ({
  retryable: { options: list.map((option) => ({ id: 'o', mode: 'retry', ...option })) },
});

describe('12, 25.15 targets of retries and jumps', () => {
  it.each([
    [{}],
    [{ mode: 'jump', target_module: 'ask' }],
    [{ mode: 'jump', target_step: 'other', target_module: 'write', hidden: true }],
    [{ mode: 'continue', target_module: 'gone' }],
  ])('%j is fine', (option) => {
    expect(about(options(option))).toEqual([]);
  });

  it.each([
    [{ target_module: 'gone' }, 'target_module'],
    [{ mode: 'jump', target_step: 'gone', target_module: 'ask' }, 'target_step'],
    [{ target_step: 'other', target_module: 'ask' }, 'target_module'],
    [{ target_step: 'other' }, 'target_module'],
    [{ target_step: 'constructor', target_module: 'name' }, 'target_step'],
  ])('%j is unknown', (option, key) => {
    expect(about(options(option))).toEqual([`error retry_target_unknown retryable.options[0].${key}`]);
  });

  it('a default option that is none of the options is a warning', () => {
    const retryable = { default_option: 'x', options: [{ id: 'go', mode: 'continue' }] };
    expect(about({ retryable })).toEqual(['warning retry_target_unknown retryable.default_option']);
  });

  it('12.3 legacy menus', () => {
    const inputs = {
      title: 'x',
      retry_options: {
        back: { target_step_id: 'gone' },
        fine: { target_step_id: 'other', target_module_name: 'write' },
      },
    };
    expect(about({ module_id: 'test.shape', inputs })).toEqual([
      'error retry_target_unknown inputs.retry_options.back.target_step_id',
    ]);
  });
});

describe('12.2 rules', () => {
  const rule = (validation: Record<string, unknown>) =>
    options({ mode: 'continue', validations: [{ id: 'v', ...validation }] });

  it('known ones pass, others are ignored with a warning', () => {
    expect(about(rule({ rule: 'response_field_required', field: 'a' }))).toEqual([]);
    expect(about(rule({ rule: 'response_field_requird' }))).toEqual([
      'warning rule_unknown retryable.options[0].validations[0].rule',
    ]);
  });

  it('json_schema is of format 2, and its schema is sound', () => {
    expect(about(rule({ rule: 'json_schema', value: { type: 'object' } }))).toEqual([]);
    expect(about(rule({ rule: 'json_schema', value: { type: 'x' } }))).toEqual([
      'error schema_invalid retryable.options[0].validations[0].value.type',
    ]);
    expect(about(rule({ rule: 'json_schema', value: {} }), 1)).toEqual([
      'warning rule_unknown retryable.options[0].validations[0].rule',
    ]);
  });
});

describe('13 sub-actions', () => {
  const action = (...actions: unknown[]) => ({ sub_actions: [{ id: 's', actions }] });
  const ref = { step_id: 'other', module_name: 'write' };

  it('a call of its own, of another module, or of one described inline', () => {
    expect(about(action({ type: 'self_sub_action', params: {} }))).toEqual([]);
    expect(
      about(
        action(
          { type: 'target_sub_action', ref, overrides: {} },
          { type: 'target_sub_action', module_id: 'test.open' },
        ),
      ),
    ).toEqual([]);
  });

  it('one kind of action each', () => {
    expect(about(action({ type: 'self_sub_action' }, { type: 'target_sub_action', ref }))).toEqual([
      'error sub_action_mixed sub_actions[0].actions',
    ]);
  });

  it('a target is named and exists', () => {
    expect(about(action({ type: 'target_sub_action' }))).toEqual([
      'error sub_action_target_missing sub_actions[0].actions[0]',
    ]);
    expect(about(action({ type: 'target_sub_action', ref: { step_id: 'other', module_name: 'wriet' } }))).toEqual([
      'error sub_action_target_missing sub_actions[0].actions[0].ref',
    ]);
  });

  it('and asks nobody', () => {
    expect(about(action({ type: 'target_sub_action', ref: { step_id: 'one', module_name: 'ask' } }))).toEqual([
      'error sub_action_interactive sub_actions[0].actions[0].ref',
    ]);
    expect(about(action({ type: 'target_sub_action', module_id: 'test.ask', inputs: { schema: true } }))).toEqual([
      'error sub_action_interactive sub_actions[0].actions[0].module_id',
    ]);
  });

  it('an inline module is checked like any other', () => {
    const inline = { type: 'target_sub_action', module_id: 'test.shape', inputs: { title: '{{ a b }}', count: [] } };
    expect(about(action(inline))).toEqual([
      'error input_invalid sub_actions[0].actions[0].inputs.count',
      'error template_syntax sub_actions[0].actions[0].inputs.title',
    ]);
  });

  it('its shape', () => {
    expect(
      about({
        sub_actions: [{ actions: [] }, { id: 'x', actions: [{ type: 'odd' }], result_mapping: [{ source: 'a' }] }],
      }),
    ).toEqual([
      'error definition_invalid sub_actions[0].actions',
      'error definition_invalid sub_actions[0].id',
      'error definition_invalid sub_actions[1].actions[0].type',
      'error definition_invalid sub_actions[1].result_mapping[0]',
    ]);
  });
});
