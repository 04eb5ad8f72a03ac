import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../models/json.ts';
import { type ValidationRule, validationRuleSchema } from '../models/workflow.ts';
import { validateAnswer } from './validation.ts';

const rule = (own: object): ValidationRule => validationRuleSchema.parse({ id: 'r', ...own });
const passes = (own: object, response: JsonObject, question?: { multi_select: boolean }): boolean =>
  validateAnswer(response, [rule(own)], [], question).errors.length === 0;

describe('12.2 rules', () => {
  const rows: [object, JsonObject, boolean][] = [
    [{ rule: 'response_field_required', field: 'value' }, { value: '' }, true],
    [{ rule: 'response_field_required', field: 'value' }, { value: 0 }, true],
    [{ rule: 'response_field_required', field: 'value' }, { value: false }, true],
    [{ rule: 'response_field_required', field: 'value' }, { value: null }, false],
    [{ rule: 'response_field_required', field: 'value' }, {}, false],
    [{ rule: 'response_field_required', field: 'toString' }, {}, false],
    [{ rule: 'response_field_required', field: 'a.b.c' }, { a: { b: { c: 1 } } }, true],
    [{ rule: 'response_field_required', field: 'a.b.c' }, { a: { b: null } }, false],
    [{ rule: 'response_field_required', field: 'rows.1.name' }, { rows: [{}, { name: 'x' }] }, true],
    [{ rule: 'response_field_required', field: 'rows.length' }, { rows: [] }, true],
    [{ rule: 'response_field_required', field: 'value.length' }, { value: 'text' }, false],
    [{ rule: 'response_field_required' }, { value: 1 }, false],
    [{ rule: 'response_field_not_empty', field: 'v' }, { v: [] }, false],
    [{ rule: 'response_field_not_empty', field: 'v' }, { v: [0] }, true],
    [{ rule: 'response_field_not_empty', field: 'v' }, { v: {} }, false],
    [{ rule: 'response_field_not_empty', field: 'v' }, { v: { a: null } }, true],
    [{ rule: 'response_field_not_empty', field: 'v' }, { v: '' }, false],
    [{ rule: 'response_field_not_empty', field: 'v' }, { v: ' ' }, true],
    [{ rule: 'response_field_not_empty', field: 'v' }, { v: 0 }, false],
    [{ rule: 'response_field_not_empty', field: 'v' }, { v: false }, false],
    [{ rule: 'response_field_not_empty', field: 'v' }, {}, false],
    [{ rule: 'response_field_equals', field: 'v', value: 1 }, { v: 1 }, true],
    [{ rule: 'response_field_equals', field: 'v', value: 1 }, { v: '1' }, false],
    [{ rule: 'response_field_equals', field: 'v', value: null }, { v: null }, true],
    [{ rule: 'response_field_equals', field: 'v', value: null }, { v: {} }, false],
    [{ rule: 'response_field_equals', field: 'v', value: { a: 1, b: [2] } }, { v: { b: [2], a: 1 } }, true],
    [{ rule: 'response_field_equals', field: 'v', value: [1, 2] }, { v: [2, 1] }, false],
    [{ rule: 'response_field_equals', field: 'v', value: [1] }, { v: '[1]' }, false],
    [{ rule: 'min_selections' }, { selected_indices: [0] }, true],
    [{ rule: 'min_selections' }, { selected_indices: [] }, false],
    [{ rule: 'min_selections' }, {}, false],
    [{ rule: 'min_selections', min: 2 }, { selected_indices: [0, 2] }, true],
    [{ rule: 'min_selections', min: 3 }, { selected_indices: [0, 2] }, false],
    [{ rule: 'min_selections', min: 0 }, {}, true],
    [{ rule: 'json_schema', value: { required: ['value'] } }, { value: 1 }, true],
    [{ rule: 'json_schema', value: { properties: { value: { minLength: 2 } } } }, { value: 'x' }, false],
  ];
  it.each(rows)('12.2 %j on %j: %s', (own, response, expected) => {
    expect(passes(own, response)).toBe(expected);
  });

  it('11.4 where one item is chosen its path is one selection, however deep', () => {
    expect(
      passes({ rule: 'min_selections', min: 2 }, { selected_indices: ['mains', 1] }, { multi_select: false }),
    ).toBe(false);
    expect(passes({ rule: 'min_selections' }, { selected_indices: ['mains', 1] }, { multi_select: false })).toBe(true);
    expect(
      passes({ rule: 'min_selections', min: 2 }, { selected_indices: [['mains', 1]] }, { multi_select: true }),
    ).toBe(false);
  });

  it('12.2 a failure says which rule, on which field, and how grave', () => {
    const rules = [
      rule({ rule: 'response_field_required', field: 'name' }),
      rule({ id: 'own', rule: 'min_selections', min: 3, message: 'Take three.', severity: 'warning' }),
      rule({ id: 'eq', rule: 'response_field_equals', field: 'x', value: 1 }),
      rule({ id: 'min', rule: 'min_selections', min: 2 }),
    ];
    expect(validateAnswer({}, rules, [])).toEqual({
      errors: [
        { id: 'r', field: 'name', rule: 'response_field_required', message: 'name is required.', severity: 'error' },
        {
          id: 'eq',
          field: 'x',
          rule: 'response_field_equals',
          message: 'The answer does not pass the rule eq.',
          severity: 'error',
        },
        { id: 'min', rule: 'min_selections', message: 'Choose at least 2.', severity: 'error' },
      ],
      unconfirmed: [{ id: 'own', rule: 'min_selections', message: 'Take three.', severity: 'warning' }],
      notes: [],
    });
  });

  it('12.2 a warning blocks until its id is confirmed; an error cannot be confirmed away', () => {
    const rules = [
      rule({ id: 'w1', rule: 'min_selections', severity: 'warning' }),
      rule({ id: 'w2', rule: 'response_field_required', field: 'x', severity: 'warning' }),
      rule({ id: 'e1', rule: 'response_field_required', field: 'x' }),
    ];
    const ids = (confirmed: string[]) => {
      const verdict = validateAnswer({}, rules, confirmed);
      return [verdict.errors.map(({ id }) => id), verdict.unconfirmed.map(({ id }) => id)];
    };
    expect(ids([])).toEqual([['e1'], ['w1', 'w2']]);
    expect(ids(['w1'])).toEqual([['e1'], ['w2']]);
    expect(ids(['w1', 'w2', 'e1'])).toEqual([['e1'], []]);
  });

  it('12.2 the server runs the rules that name it', () => {
    const of = (validator: string[]) => passes({ rule: 'response_field_required', field: 'x', validator }, {});
    expect(of(['webui'])).toBe(true);
    expect(of(['server'])).toBe(false);
    expect(of(['webui', 'server'])).toBe(false);
    expect(of([])).toBe(true);
  });

  it('12.2 any other rule is ignored with a note, wherever it would block', () => {
    const verdict = validateAnswer({}, [rule({ rule: 'response_is_nice' }), rule({ rule: 'toString' })], []);
    expect(verdict.errors).toEqual([]);
    expect(verdict.notes).toMatchObject([
      { code: 'rule_unknown', params: { rule: 'response_is_nice' } },
      { code: 'rule_unknown', params: { rule: 'toString' } },
    ]);
  });
});
