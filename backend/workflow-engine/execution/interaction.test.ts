import { describe, expect, it } from 'vitest';
import { compileVersion } from '../definition/compile-version.ts';
import type { InteractionAnswer, InteractionDraft, InteractionRequest } from '../models/interaction.ts';
import type { JsonObject } from '../models/json.ts';
import { buildRequest, chosenOption, optionsOf, questionHash, withDisplayData } from './interaction.ts';
import { registry } from './testing/line.ts';

const compiledWith = (module: JsonObject) => {
  const definition = {
    format: 2,
    workflow_id: 'w',
    steps: [
      { step_id: 's', name: '{step_number}. Ask', modules: [{ module_id: 'user.select', name: 'pick', ...module }] },
    ],
  };
  const [step] = compileVersion(definition, 'v', registry).steps;
  const [compiled] = step?.modules ?? [];
  if (!compiled) throw new Error('no module');
  return compiled;
};

const draft = {
  interaction_type: 'select_from_structured',
  title: 'Which?',
  data: ['a', 'b'],
  schema: { type: 'array', title: 'Letters', items: { type: 'string', enum: ['a', 'b'] } },
  multi_select: false,
  min_selections: 1,
  max_selections: 1,
} as unknown as InteractionDraft;

const options = [
  {
    id: 'ok',
    mode: 'continue',
    label: 'Yes',
    validations: [{ id: 'r1', rule: 'min_selections', message: 'Pick one' }],
  },
  { id: 'again', mode: 'retry', label: 'Again', feedback: { enabled: true, default_message: 'Try harder' } },
  { id: 'back', mode: 'jump', label: 'Back', target_step: 's', target_module: 'pick' },
  { id: 'silent', mode: 'continue', label: 'Skip', hidden: true },
];
const ask = (
  module: JsonObject = { retryable: { default_option: 'ok', options } },
  own: object = {},
): InteractionRequest => buildRequest({ ...draft, ...own }, compiledWith(module), { interactionId: 'i1' });

describe('12 options', () => {
  it('12 without options there is one continue', () => {
    expect(optionsOf(compiledWith({}))).toEqual({
      default_option: 'continue',
      options: [{ id: 'continue', mode: 'continue', label: 'Continue' }],
    });
  });

  it('12.1 without a default the first continue is it, else the first option', () => {
    const of = (list: object[]) => optionsOf(compiledWith({ retryable: { options: list } })).default_option;
    expect(of([options[1] ?? {}, options[0] ?? {}])).toBe('ok');
    expect(of([options[1] ?? {}])).toBe('again');
  });
});

describe('11.1 the whole question', () => {
  it('names who asks, and carries the rules of the standard button', () => {
    expect(ask()).toMatchObject({
      interaction_id: 'i1',
      title: 'Which?',
      step_context: { step_id: 's', step_name: '1. Ask', module_name: 'pick', module_index: 0 },
      rules: { validations: [{ id: 'r1', severity: 'error', validator: ['webui', 'server'] }] },
      retryable: { default_option: 'ok' },
      extra_options: [],
      context: {},
    });
    expect(ask()).not.toHaveProperty('previous_answer');
  });

  it('an answer schema lies with the rules; sub-actions are added', () => {
    const compiled = compiledWith({ sub_actions: [{ id: 'more' }] });
    const request = buildRequest({ ...draft, answer_schema: { type: 'object' } }, compiled, {
      interactionId: 'i1',
    });
    expect(request).toMatchObject({
      rules: { answer_schema: { type: 'object' }, validations: [] },
      sub_actions: [{ id: 'more' }],
    });
    expect(request).not.toHaveProperty('answer_schema');
  });

  it('11.1 display_data repeats it for older clients, and says whether it is a review', () => {
    expect(withDisplayData(ask()).display_data).toMatchObject({
      data: ['a', 'b'],
      multi_select: false,
      mode: 'select',
    });
    expect(withDisplayData(ask({}, { interaction_type: 'review_grouped' })).display_data).toMatchObject({
      mode: 'review',
    });
    const confirm = { interaction_type: 'confirm', title: 't', message: 'm', yes_label: 'y' };
    expect(withDisplayData(ask({}, { ...confirm, multi_select: undefined })).display_data).toMatchObject({
      sub_actions: [],
    });
  });
});

describe('12.1 the option that an answer chose', () => {
  const legacy = [{ id: 'menu', mode: 'jump', label: 'To the start', target_step: 's' }];
  const request = ask(undefined, { extra_options: legacy });
  const chosen = (answer: InteractionAnswer) => {
    const { option, feedback, groups } = chosenOption(answer, request);
    return [option.id, option.mode, feedback, groups];
  };

  it.each<[string, InteractionAnswer, unknown[]]>([
    ['nothing said: the default', {}, ['ok', 'continue', null, null]],
    ['by id', { action_id: 'ok' }, ['ok', 'continue', null, null]],
    ['a hidden option works by id', { action_id: 'silent' }, ['silent', 'continue', null, null]],
    [
      'an id of mode retry means retry without the flag',
      { action_id: 'again' },
      ['again', 'retry', 'Try harder', null],
    ],
    [
      'its feedback goes over the default',
      { action_id: 'again', retry_feedback: 'shorter' },
      ['again', 'retry', 'shorter', null],
    ],
    ['empty feedback is feedback', { action_id: 'again', retry_feedback: '' }, ['again', 'retry', '', null]],
    ['with the flag too', { action_id: 'again', retry_requested: true }, ['again', 'retry', 'Try harder', null]],
    [
      'the flag alone finds the retry',
      { retry_requested: true, retry_groups: ['mains'] },
      ['again', 'retry', 'Try harder', ['mains']],
    ],
    [
      'a flag goes over an id of another mode',
      { retry_requested: true, action_id: 'ok' },
      ['retry', 'retry', null, null],
    ],
    ['an id of mode jump means jump without the flag', { action_id: 'back' }, ['back', 'jump', null, null]],
    ['the jump flag alone', { jump_back_requested: true }, ['back', 'jump', null, null]],
    [
      'the jump flag with the id of an option',
      { jump_back_requested: true, jump_back_target: 'back' },
      ['back', 'jump', null, null],
    ],
    [
      '10.5 the jump flag with a module name',
      { jump_back_requested: true, jump_back_target: 'draft' },
      ['draft', 'jump', null, null],
    ],
    ['12.3 a legacy menu entry', { action_id: 'menu' }, ['menu', 'jump', null, null]],
    [
      'flags that are false say nothing',
      { retry_requested: false, jump_back_requested: false },
      ['ok', 'continue', null, null],
    ],
  ])('12.1 %s', (_title, answer, expected) => {
    expect(chosen(answer)).toEqual(expected);
  });

  it('10.5 a jump to a module name goes to that module', () => {
    expect(chosenOption({ jump_back_requested: true, jump_back_target: 'draft' }, request).option.target_module).toBe(
      'draft',
    );
  });

  it.each<[string, InteractionAnswer]>([
    ['an unknown id', { action_id: 'nope' }],
    ['an inherited name', { action_id: 'toString' }],
    ['an empty id', { action_id: '' }],
  ])('12.1 %s is response_invalid, with what is offered', (_title, answer) => {
    expect(() => chosenOption(answer, request)).toThrowError(
      expect.objectContaining({
        code: 'response_invalid',
        place: 'response.action_id',
        message: expect.stringContaining('ok, again, back, silent, menu'),
      }),
    );
  });

  it('12.1 a jump without a target where no option jumps is response_invalid', () => {
    expect(() => chosenOption({ jump_back_requested: true }, ask({}))).toThrowError(
      expect.objectContaining({ code: 'response_invalid' }),
    );
  });

  it('12.1 a default that no option has is the plain continue', () => {
    const other = ask({ retryable: { default_option: 'gone', options } });
    expect(chosenOption({}, other).option.id).toBe('continue');
  });
});

describe('10.6 question_hash', () => {
  const hash = questionHash(ask());
  const withOption = (index: number, change: object): InteractionRequest =>
    ask({
      retryable: {
        default_option: 'ok',
        options: options.map((option, at) => (at === index ? { ...option, ...change } : option)),
      },
    });
  const schema = (change: object): InteractionRequest =>
    ask(undefined, {
      schema: { type: 'array', title: 'Letters', items: { type: 'string', enum: ['a', 'b'] }, ...change },
    });

  it.each<[string, InteractionRequest]>([
    ['the title', ask(undefined, { title: 'Else?' })],
    ['help', ask(undefined, { help: 'Look here' })],
    ['the title of a schema', schema({ title: 'Other' })],
    ['description, examples, comments', schema({ description: 'd', examples: [1], $comment: 'c' })],
    ['hints', schema({ ui: { select: { key: 'id' } }, _ux: { selectable: true }, '_ux.display': 'x' })],
    ['a title inside', schema({ items: { type: 'string', enum: ['a', 'b'], title: 'Letter' } })],
    ['the label of a button', withOption(0, { label: 'Sure' })],
    ['a shortcut', withOption(0, { shortcut: 'y' })],
    ['the feedback text of a button', withOption(1, { feedback: { enabled: true, prompt: 'Why?' } })],
    ['the message of a rule', withOption(0, { validations: [{ id: 'r1', rule: 'min_selections', message: 'Go on' }] })],
    [
      'the order of keys',
      ask(undefined, { schema: { items: { enum: ['a', 'b'], type: 'string' }, title: 'Letters', type: 'array' } }),
    ],
    [
      'who asks, under which id',
      {
        ...ask(),
        interaction_id: 'i2',
        step_context: { step_id: 't', step_name: 'T', module_name: 'm', module_index: 3 },
      },
    ],
    ['the earlier answer', { ...ask(), previous_answer: { value: 1 } }],
    ['annotations', { ...ask(), annotations: { '["a"]': [{ source: 'x', priority: 0 }] } }],
    ['display_data', withDisplayData(ask())],
  ])('10.6 does not see %s', (_title, request) => {
    expect(questionHash(request)).toBe(hash);
  });

  it.each<[string, InteractionRequest]>([
    ['the type', ask(undefined, { interaction_type: 'review_grouped' })],
    ['data', ask(undefined, { data: ['a', 'c'] })],
    ['the order of data', ask(undefined, { data: ['b', 'a'] })],
    ['a constraint', ask(undefined, { max_selections: 2 })],
    ['several or one', ask(undefined, { multi_select: true })],
    ['a constraint of the schema', schema({ maxItems: 1 })],
    ['choices', schema({ items: { type: 'string', enum: ['a', 'c'] } })],
    ['a field that is called title', schema({ properties: { title: { type: 'string' } } })],
    ['the type of a field that is called title', schema({ $defs: { title: { type: 'string' } } })],
    ['choices that are objects with a title', schema({ enum: [{ title: 'x' }] })],
    ['a default that has a title', schema({ default: { title: 'x' } })],
    ['the id of an option', withOption(0, { id: 'yes' })],
    ['the mode of an option', withOption(3, { mode: 'retry' })],
    ['the target of an option', withOption(2, { target_module: 'other' })],
    ['another rule', withOption(0, { validations: [{ id: 'r1', rule: 'min_selections', min: 2 }] })],
    ['its severity', withOption(0, { validations: [{ id: 'r1', rule: 'min_selections', severity: 'warning' }] })],
    ['the answer schema', ask(undefined, { answer_schema: { type: 'object', required: ['value'] } })],
    ['one option less', ask({ retryable: { default_option: 'ok', options: options.slice(0, 3) } })],
    ['12.3 one entry of a legacy menu more', ask(undefined, { extra_options: [{ id: 'menu', mode: 'jump' }] })],
  ])('10.6 sees %s', (_title, request) => {
    expect(questionHash(request)).not.toBe(hash);
  });

  it('10.6 the label of a legacy menu entry is a label, its target is not', () => {
    const menu = (entry: object) =>
      questionHash(ask(undefined, { extra_options: [{ id: 'm', mode: 'jump', ...entry }] }));
    expect(menu({ label: 'One' })).toBe(menu({ label: 'Two' }));
    expect(menu({ target_step: 's' })).not.toBe(menu({ target_step: 't' }));
  });

  it('10.6 two choices whose values differ only in a title are two', () => {
    expect(questionHash(schema({ enum: [{ title: 'x' }] }))).not.toBe(questionHash(schema({ enum: [{ title: 'y' }] })));
  });
});
