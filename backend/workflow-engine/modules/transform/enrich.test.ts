import { describe, expect, it } from 'vitest';
import { moduleContext, runModule } from '../testing/module-context.ts';
import { transformEnrich } from './enrich.ts';

const leaf = (source_field: string) => ({
  type: 'enrichment_map',
  document_data_id_field: 'id',
  enrichment_data_id_field: 'ref',
  source_field,
});
const mapping = {
  type: 'object',
  properties: {
    menu: { type: 'array', items: { type: 'object', properties: { wine: leaf('wine'), story: leaf('text') } } },
  },
};
const data = {
  title: 'Menu',
  menu: [
    { id: 1, name: 'Dal' },
    { id: '2', name: 'Soup', story: 'old' },
  ],
};
const enrichments = [
  { ref: '1', wine: 'Riesling', text: 'A' },
  { ref: 2, wine: null, text: 'B' },
];
const run = (inputs: Record<string, unknown> = {}, test = moduleContext()) =>
  runModule(transformEnrich, { data, enrichments, mapping_schema: mapping, ...inputs }, test);

describe('transform.enrich', () => {
  it('14.9 sets each mapped property from the enrichment of the same id; ids compare as text', async () => {
    const before = structuredClone(data);
    expect(await run()).toEqual({
      enriched_data: {
        title: 'Menu',
        menu: [
          { id: 1, name: 'Dal', wine: 'Riesling', story: 'A' },
          { id: '2', name: 'Soup', wine: null, story: 'B' },
        ],
      },
    });
    expect(data).toEqual(before);
  });

  it.each([
    ['enrich_duplicate_id', { enrichments: [...enrichments, { ref: 1, wine: 'x', text: 'C' }] }, ['1']],
    ['enrich_missing', { enrichments: [enrichments[0]] }, ['2']],
    ['enrich_unused', { enrichments: [...enrichments, { ref: 3, wine: 'x', text: 'C' }] }, ['3']],
    ['enrich_unused', { data: { menu: [{ id: 1 }, { id: 2 }] }, enrichments: [...enrichments, { ref: 'x' }] }, ['x']],
    ['enrich_field_missing', { enrichments: [{ ref: 1, wine: 'x' }, enrichments[1]] }, ['1.text']],
    ['enrich_field_missing', { enrichments: [...enrichments, { wine: 'x' }] }, ['[2]']],
    ['enrich_field_missing', { enrichments: [...enrichments, 'text'] }, ['[2]']],
    ['enrich_missing', { data: { menu: [{ name: 'no id' }] } }, ['inputs.data.menu[0]']],
  ])('14.9 %s: %#', async (code, inputs, ids) => {
    await expect(run(inputs)).rejects.toMatchObject({ code, params: { ids } });
  });

  it('14.9 a node of another type than mapped is skipped with a warning', async () => {
    const test = moduleContext();
    const odd = { menu: [5, { id: 1 }, { id: 2 }], title: 'x' };
    expect((await run({ data: odd }, test))['enriched_data']).toMatchObject({
      menu: [5, { wine: 'Riesling' }, { wine: null }],
    });
    expect(test.told.warnings).toMatchObject([{ place: 'inputs.data.menu[0]' }]);
    const list = moduleContext();
    expect(await run({ data: { menu: 'none' } }, list)).toEqual({ enriched_data: { menu: 'none' } });
    expect(list.told.warnings).toMatchObject([{ place: 'inputs.data.menu' }]);
  });

  it('14.9 nothing in the data and no enrichments is fine; a leaf needs its names', async () => {
    expect(await run({ data: { menu: [] }, enrichments: [] })).toEqual({ enriched_data: { menu: [] } });
    const nameless = { type: 'object', properties: { a: { type: 'enrichment_map', source_field: 'x' } } };
    await expect(run({ mapping_schema: nameless })).rejects.toMatchObject({ code: 'input_invalid' });
  });
});
