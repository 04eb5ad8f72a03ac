import { describe, expect, it } from 'vitest';
import { askModule } from '../testing/module-context.ts';
import { userForm } from './form.ts';

const servings = {
  type: 'object',
  properties: {
    servings: { type: 'integer', minimum: 1, default: 4 },
    spice: { type: 'string', enum: ['mild', 'hot'] },
    note: { type: 'string' },
  },
  required: ['servings', 'spice'],
};
const dishes = [{ name: 'Dal', spice: 'hot' }, { name: 'Soup' }];
const ask = (inputs: Record<string, unknown>) => askModule(userForm, { data: dishes, schema: servings, ...inputs });
const row = { servings: 2, spice: 'mild' };

describe('user.form', () => {
  it('14.1 asks one row for each item, with start values: own value, else default (19.2)', async () => {
    const { draft } = await ask({});
    expect(draft).toMatchObject({
      interaction_type: 'form_input',
      title: 'Fill in',
      form_type: 'table',
      form_schema: servings,
      form_defaults: [{ servings: 4, spice: 'hot' }, { servings: 4 }],
      data: dishes,
    });
  });

  it('14.1 the schema is that of input_schema in any spelling, also of the list’s items', async () => {
    const spellings = [
      { input_schema: servings },
      { _ux: { input_schema: servings } },
      { '_ux.input_schema': servings },
      { type: 'array', items: { type: 'object', _ux: { input_schema: servings } } },
      { type: 'array', items: servings },
    ];
    for (const schema of spellings) expect((await ask({ schema })).draft).toMatchObject({ form_schema: servings });
  });

  it('14.1 rows come back with their item and place', async () => {
    const asked = await ask({});
    expect(await asked.complete({ form_data: [row, { ...row, spice: 'hot', _index: 9, _item: 'x' }] })).toEqual({
      form_data: [
        { servings: 2, spice: 'mild', _item: dishes[0], _index: 0 },
        { servings: 2, spice: 'hot', _item: dishes[1], _index: 1 },
      ],
    });
  });

  it('11.2 rows keyed by number are the same; fields left out take their start value', async () => {
    const asked = await ask({});
    expect((await asked.intake({ form_data: { '1': { spice: 'hot' }, '0': {} } })).response).toEqual({
      form_data: [
        { servings: 4, spice: 'hot' },
        { servings: 4, spice: 'hot' },
      ],
    });
  });

  it('14.1 form_invalid names row and field', async () => {
    const asked = await ask({});
    const { failures } = await asked.intake({ form_data: [{ servings: 0 }, { servings: 1.5 }, row] });
    expect(new Set(failures.map(({ field }) => field))).toEqual(
      new Set(['form_data[0].servings', 'form_data[1].servings', 'form_data[1].spice', 'form_data[2]']),
    );
    for (const failure of failures)
      expect(failure).toMatchObject({ id: 'form_invalid', rule: 'form_invalid', severity: 'error' });
    expect(failures.find(({ field }) => field === 'form_data[0].servings')?.params).toMatchObject({
      row: 0,
      field: 'servings',
      keyword: 'minimum',
    });
  });

  it('19.4 hidden fields are neither validated nor filled in', async () => {
    const when = { show: { properties: { value: { properties: { own: { const: true } }, required: ['own'] } } } };
    const schema = {
      type: 'object',
      properties: {
        own: { type: 'boolean', default: false },
        colour: { type: 'string', default: 'red', ui: { when } },
      },
      required: ['colour'],
    };
    const asked = await ask({ data: [{}], schema });
    const hidden = await asked.intake({ form_data: [{ own: false }] });
    expect([hidden.failures, hidden.response]).toEqual([[], { form_data: [{ own: false }] }]);
    const shown = await asked.intake({ form_data: [{ own: true }] });
    expect([shown.failures, shown.response]).toEqual([[], { form_data: [{ own: true, colour: 'red' }] }]);
    expect((await asked.intake({ form_data: [{ own: true, colour: 5 }] })).failures).toHaveLength(1);
  });

  it('19.5 the answer is under `to` names, and judged by the fields they stand for', async () => {
    const schema = {
      type: 'object',
      properties: {
        wide: { type: 'integer', ui: { to: 'size.w' } },
        label: { type: 'string', default: 'x', _ux: { destination_field: 'title' } },
      },
      required: ['wide'],
    };
    const asked = await ask({ data: [{}], schema });
    const { failures, response } = await asked.intake({ form_data: [{ size: { w: 5 } }] });
    expect([failures, response]).toEqual([[], { form_data: [{ title: 'x', size: { w: 5 } }] }]);
    expect((await asked.intake({ form_data: [{ size: { w: 'wide' } }] })).failures).toMatchObject([
      { field: 'form_data[0].wide' },
    ]);
  });

  it('18.5 19.4 what an older form hides by a control is not asked for', async () => {
    const schema = {
      _ux: { display: true },
      input_schema: {
        type: 'object',
        properties: {
          kind: {
            type: 'string',
            default: 'plain',
            '_ux.controls': { frame: { type: 'visibility', visible_when: 'framed' } },
          },
          frame: { type: 'string', _ux: { required: true } },
        },
      },
    };
    const asked = await ask({ data: [{}], schema });
    expect((await asked.intake({ form_data: [{}] })).failures).toEqual([]);
    const framed = await asked.intake({ form_data: [{ kind: 'framed' }] });
    expect(framed.failures).toMatchObject([{ params: { keyword: 'required' } }]);
  });

  it('25.8 older spellings in a form do not stop it: option objects, required flags, hint properties', async () => {
    const schema = {
      type: 'object',
      properties: {
        _ux: { hidden: true },
        style: { type: 'string', enum: [{ id: 'a', label: 'A' }], required: true },
        sizes: { enum: null },
        text: 'not a schema',
      },
    };
    const asked = await ask({ data: [{}], schema });
    expect((await asked.intake({ form_data: [{ style: 'a', sizes: 3 }] })).failures).toEqual([]);
    expect((await asked.intake({ form_data: [{}] })).failures).toMatchObject([{ params: { keyword: 'required' } }]);
  });

  it.each([[undefined], ['rows'], [{ first: {} }], [['row']], [[[]]]])(
    '10.4 rows that are no rows are response_invalid: %j',
    async (form_data) => {
      await expect((await ask({})).intake({ form_data: form_data as never })).rejects.toMatchObject({
        code: 'response_invalid',
      });
    },
  );

  it('23 over 1000 rows is response_too_large', async () => {
    const asked = await ask({});
    await expect(asked.intake({ form_data: Array.from({ length: 1001 }, () => ({})) })).rejects.toMatchObject({
      code: 'response_too_large',
    });
    await expect(asked.intake({ form_data: { '100000': {} } })).rejects.toMatchObject({ code: 'response_too_large' });
  });

  it('19.6 an unsound form schema is said when the question is asked, and in the definition', async () => {
    const schema = { type: 'object', properties: { a: { type: 'nonsense' } } };
    await expect(ask({ schema })).rejects.toMatchObject({ code: 'schema_invalid' });
    expect(userForm.check?.({ schema })).toMatchObject([{ code: 'schema_invalid', path: 'schema.properties.a.type' }]);
    expect(userForm.check?.({ schema: { properties: { a: { enum: '{{ state.x }}' } } } })).toEqual([]);
  });

  it('11.5 the sample holds the start values and fills required gaps', async () => {
    const asked = await ask({});
    const sample = asked.sample();
    expect(sample.form_data).toMatchObject([{ servings: 4, spice: 'hot' }, { servings: 4 }]);
    expect((await asked.intake(sample)).failures).toEqual([]);
    expect((await ask({})).sample()).toEqual(sample);
  });
});
