import { describe, expect, it } from 'vitest';
import { askModule, moduleContext } from '../testing/module-context.ts';
import { userTextInput } from './text-input.ts';
import { cpuMs } from '../../testing/cpu-ms.ts';

const ask = (inputs: Record<string, unknown>) => askModule(userTextInput, { prompt: 'Name?', ...inputs });

describe('user.text_input', () => {
  it('14.1 asks with its defaults', async () => {
    const { draft } = await ask({});
    expect(draft).toEqual({
      interaction_type: 'text_input',
      title: 'Name?',
      default_value: '',
      allow_empty: false,
      multiline: false,
      extra_options: [],
    });
  });

  it('14.1 the answer is kept as written', async () => {
    const asked = await ask({});
    expect(await asked.complete({ value: ' Lisbon ' })).toEqual({
      value: ' Lisbon ',
      jump_back_requested: false,
      jump_back_target: null,
    });
  });

  it.each([{ value: '' }, { value: '  ' }, { value: null }, {}])('14.1 empty takes the default: %j', async (answer) => {
    expect((await (await ask({ default: 'Porto' })).intake(answer)).response).toEqual({ value: 'Porto' });
  });

  it('14.1 empty without a default is text_empty, unless empty is allowed', async () => {
    expect((await (await ask({})).intake({ value: ' ' })).failures).toMatchObject([
      { id: 'text_empty', field: 'value' },
    ]);
    expect((await (await ask({ allow_empty: true })).intake({ value: '' })).failures).toEqual([]);
  });

  it.each([
    [{ validation_pattern: '^#\\w+$', validation_separator: ',' }, '#lisbon, #tram,', []],
    [{ validation_pattern: '^#\\w+$', validation_separator: ',' }, '#lisbon, tram, x y', ['tram', 'x y']],
    [
      { validation_pattern: '\\d+', validation_separator: '[;\\s]+', validation_separator_is_regex: true },
      '1; 2\n3',
      [],
    ],
    [{ validation_pattern: '\\d+' }, '12 apples', []],
    [{ validation_pattern: '\\d+' }, 'apples 12', ['apples 12']],
    [{ validation_pattern: '\\d+', validation_separator: '.' }, '1.2.x', ['x']],
  ])('14.1 each piece must match from its start: %j %j', async (inputs, value, pieces) => {
    const { failures } = await (await ask(inputs)).intake({ value });
    expect(failures.map(({ params }) => params?.['pieces'])).toEqual(pieces.length === 0 ? [] : [pieces]);
    for (const failure of failures)
      expect(failure).toMatchObject({ id: 'text_invalid', rule: 'text_invalid', severity: 'error' });
  });

  it('14.1 the author’s message is shown', async () => {
    const asked = await ask({ validation_pattern: '\\d', validation_error: 'Digits, please.' });
    expect((await asked.intake({ value: 'x' })).failures[0]?.message).toBe('Digits, please.');
  });

  it('14.1 a text without any piece fails when one match is required', async () => {
    const inputs = { validation_pattern: '\\d', validation_separator: ',' };
    expect((await (await ask(inputs)).intake({ value: ',,' })).failures).toMatchObject([{ id: 'text_invalid' }]);
    expect(
      (await (await ask({ ...inputs, require_at_least_one_match: false })).intake({ value: ',,' })).failures,
    ).toEqual([]);
  });

  it.each([
    ['(', 'regex_invalid'],
    ['a(?=b)', 'regex_unsupported'],
  ])('14.1 a pattern that does not compile is skipped with a warning: %s', async (validation_pattern, code) => {
    const test = moduleContext();
    const asked = await askModule(userTextInput, { prompt: 'Name?', validation_pattern }, test);
    expect(asked.draft).not.toHaveProperty('validation');
    expect(test.told.warnings).toMatchObject([{ code }]);
    expect((await asked.intake({ value: 'anything' })).failures).toEqual([]);
  });

  it('4 patterns are checked in the definition, as warnings', () => {
    const written = { validation_pattern: '(', validation_separator: '[', validation_separator_is_regex: true };
    expect(userTextInput.check?.(written).map(({ path, severity }) => [path, severity])).toEqual([
      ['validation_pattern', 'warning'],
      ['validation_separator', 'warning'],
    ]);
    expect(userTextInput.check?.({ validation_pattern: '{{ state.p }}', validation_separator: '[' })).toEqual([]);
  });

  it('14.1 a pattern with nested repeats answers at once', async () => {
    const asked = await ask({ validation_pattern: '^(a+)+$' });
    const started = cpuMs();
    expect((await asked.intake({ value: `${'a'.repeat(5000)}!` })).failures).toHaveLength(1);
    expect(cpuMs() - started).toBeLessThan(1000);
  });

  it('23 a text over 100 KB under a pattern is text_invalid, not a crash', async () => {
    const asked = await ask({ validation_pattern: 'a' });
    expect((await asked.intake({ value: 'a'.repeat(200_000) })).failures).toMatchObject([{ id: 'text_invalid' }]);
  });

  it('14.1 an answer equal to the trigger keyword is a retry', async () => {
    const asked = await ask({ retry_trigger_keyword: 'again' });
    expect((await asked.intake({ value: ' again ' })).departure).toEqual({ mode: 'retry' });
    expect(await asked.intake({ value: 'again and again' })).not.toHaveProperty('departure');
  });

  it('12.3 a legacy menu becomes jump options', async () => {
    const retry_options = {
      '1': { description: 'Back to the city', target_step_id: 'place', target_module_name: 'pick' },
      '2': {},
    };
    const asked = await ask({ retry_options });
    expect(asked.draft.extra_options).toEqual([
      { id: '1', mode: 'jump', label: 'Back to the city', target_step: 'place', target_module: 'pick' },
      { id: '2', mode: 'jump', label: '2' },
    ]);
    expect((await asked.intake({ action_id: '1' })).departure).toEqual({ mode: 'jump', optionId: '1' });
    expect((await asked.intake({ jump_back_requested: true, jump_back_target: '2' })).departure).toEqual({
      mode: 'jump',
      optionId: '2',
    });
    expect(await asked.intake({ value: '1' })).not.toHaveProperty('departure');
  });

  it.each([[5], [['a']], [{ text: 'a' }], [true]])(
    '10.4 a value that is no text is response_invalid: %j',
    async (value) => {
      await expect((await ask({})).intake({ value })).rejects.toMatchObject({ code: 'response_invalid' });
    },
  );

  it.each([
    [{}, /^text$/],
    [{ default: 'Porto' }, /^Porto$/],
    [{ allow_empty: true }, /^$/],
    [{ validation_pattern: '\\w+', validation_separator: ',' }, /^text$/],
    [{ validation_pattern: '^#\\w+$', validation_separator: ',' }, /^#\w+$/],
    [{ validation_pattern: '^\\d{4}-\\d\\d-\\d\\d$' }, /^\d{4}-\d\d-\d\d$/],
    [{ validation_pattern: '(?P<w>\\d+)x(?P<h>\\d+)' }, /^\d+x\d+/],
  ])('11.5 the sample is the default, else a text that matches, always the same: %j', async (inputs, form) => {
    const asked = await ask(inputs);
    expect(asked.sample().value).toMatch(form);
    expect(asked.sample()).toEqual((await ask(inputs)).sample());
    expect((await asked.intake(asked.sample())).failures).toEqual([]);
  });
});
