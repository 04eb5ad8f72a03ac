import { describe, expect, it } from 'vitest';
import { moduleContext, runModule } from '../testing/module-context.ts';
import { transformRenderTemplateArray } from './render-template-array.ts';

const items = [{ name: 'Dal', _secret: 1 }, { name: 'Soup' }];
const run = (inputs: Record<string, unknown>, test = moduleContext()) =>
  runModule(transformRenderTemplateArray, inputs, test);

describe('transform.render_template_array', () => {
  it('14.4 one render an item, joined', async () => {
    expect(await run({ items, template: '{{ index }}: {{ item.name }}' })).toEqual({
      rendered: '0: Dal\n\n1: Soup',
      sections: ['0: Dal', '1: Soup'],
      count: 2,
    });
  });

  it('14.4 names, separator, loop, own fields and extras; extras last', async () => {
    const template =
      '{{ loop.index }}/{{ loop.length }} {{ dish.name }} {{ name }} {{ at }}{% if not loop.last %};{% endif %}';
    const given = {
      items,
      template,
      item_variable: 'dish',
      index_variable: 'at',
      separator: '|',
      extra_context: { name: 'extra' },
    };
    expect(await run(given)).toMatchObject({ rendered: '1/2 Dal extra 0;|2/2 Soup extra 1' });
  });

  it('14.4 fields that begin with an underscore are not put among the names', async () => {
    expect(await run({ items, template: '{{ _secret is defined }}' })).toMatchObject({ sections: ['False', 'False'] });
  });

  it('14.4 a failing item yields a visible note and a warning, the others stay', async () => {
    const test = moduleContext();
    const outputs = await run({ items: [{ n: 2 }, { n: 0 }, 5], template: '{{ 10 / item.n }}' }, test);
    expect(outputs['sections']).toEqual(['5', expect.stringContaining('Item 2 could not be rendered'), '']);
    expect(test.told.warnings.map(({ code }) => code)).toEqual(['template_error', 'undefined_reference']);
  });

  it('14.4 no items give an empty text', async () => {
    expect(await run({ items: [], template: 'x' })).toEqual({ rendered: '', sections: [], count: 0 });
  });

  it('6 a template that cannot be parsed fails the module', async () => {
    await expect(run({ items, template: '{{ x' })).rejects.toMatchObject({ code: 'template_syntax' });
  });

  it('4 the template is checked in the definition, as text or as a node', () => {
    for (const template of ['{{ x', { type: 'jinja2', content: '{{ x' }]) {
      expect(transformRenderTemplateArray.check?.({ template })).toMatchObject([
        { code: 'template_syntax', path: 'template' },
      ]);
    }
    expect(transformRenderTemplateArray.check?.({ template: '{{ item.x }}' })).toEqual([]);
  });

  it('6.8 all items share one budget', async () => {
    const many = Array.from({ length: 200 }, () => 1);
    const template = '{% for i in range(10000) %}{% for j in range(9) %}{% endfor %}{% endfor %}';
    await expect(run({ items: many, template })).rejects.toMatchObject({ code: 'template_limit' });
  });

  it('2 its template is the client’s: format 2 does not render it before', () => {
    expect(transformRenderTemplateArray.clientInputs).toEqual(['template']);
  });
});
