import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCompound } from './import-compound.ts';
import { importHints } from './import-hints.ts';

type Node = Record<string, unknown>;

/** The hints of one member of an imported root that is shown. */
function member(hints: Node, more: Node = {}): Node {
  const { schema } = importHints({ _ux: { display: true }, properties: { x: { type: 'string', ...hints, ...more } } });
  return (schema['properties'] as { x: Node }).x;
}
const uiOf = (hints: Node, more: Node = {}): Node => member({ _ux: { display: true, ...hints } }, more)['ui'] as Node;

describe('18.5 the importer of older hints', () => {
  it('18.5 a schema without any older hint is native and comes back as it is', () => {
    const native = { type: 'object', properties: { display: { type: 'string', ui: { order: 1 } } } };
    expect(importHints(native)).toEqual({ schema: native, blocks: [], imported: false, diagnostics: [], changes: [] });
    expect(importHints(native).schema).toBe(native);
  });

  it('18.5 every row of the table of looks', () => {
    const show = (display: unknown) => (member({ _ux: { display } })['ui'] as Node)['show'];
    expect([true, 'visible', false, 'hidden', 'passthrough'].map(show)).toEqual(['yes', 'yes', 'no', 'no', 'unwrap']);
    expect(uiOf({ display_label: 'City', tab_label: 'No' })).toMatchObject({ label: 'City' });
    expect(uiOf({ tab_label: 'Tab' })).toMatchObject({ label: 'Tab' });
    expect(uiOf({ display_order: 2, order: 3 })).toMatchObject({ order: 2 });
    expect(uiOf({ order: 3 })).toMatchObject({ order: 3 });
    expect(uiOf({ display_format: '{{ value }}!' })).toMatchObject({ text: '{{ value }}!' });
    expect(uiOf({ display_format: '{{ value }}!', render_as: 'text' })).not.toHaveProperty('text');
    expect([uiOf({ display_mode: 'cards' })['as'], uiOf({ display_mode: 'list' })['as']]).toEqual(['stack', 'list']);
    expect(uiOf({ highlight: true })).toMatchObject({ tone: 'accent' });
    expect(uiOf({ highlight: true, highlight_color: '#aa0000' })).toMatchObject({ tone: '#aa0000' });
    expect(uiOf({ highlight: false, highlight_color: '#aa0000' })).not.toHaveProperty('tone');
    const nudges = ['copy', 'external-link', 'preview', 'download', 'index-badge', 'swatch'];
    expect(uiOf({ nudges })).toMatchObject({ actions: ['copy', 'open', 'zoom', 'download', 'number'], as: 'color' });
    expect(
      uiOf({ computed: { both: { display_format: '{{ a }}{{ b }}', render_as: 'card-subtitle' } } }),
    ).toMatchObject({
      extra: { both: { show: 'yes', text: '{{ a }}{{ b }}', slot: 'subtitle' } },
    });
  });

  it('18.5 every row of the table of fields', () => {
    expect(uiOf({ input_type: 'tag_input' })).toMatchObject({ input: { kind: 'tags' } });
    expect(uiOf({ rows: 4, placeholder: 'p', step: 2 })).toMatchObject({
      input: { kind: 'textarea', rows: 4, placeholder: 'p', step: 2 },
    });
    const labelled = member({ _ux: { enum_labels: { a: 'Ant' } }, enum: ['a', 'b'] });
    expect(labelled['oneOf']).toEqual([{ const: 'a', title: 'Ant' }, { const: 'b' }]);
    expect(labelled).not.toHaveProperty('enum');
    const listed = member({ _ux: { value_key: 'id', label_key: 'name' }, enum: [{ id: 1, name: 'One' }] });
    expect(listed['ui']).toMatchObject({
      options: { from: [{ id: 1, name: 'One' }], value: 'id', label: '{{ item.name }}', pick: 0, keep: true },
    });
    expect(
      uiOf({ enum_source: 'sizes.all', label_format: '{w} by {h.px}', default_index: -1, reset: true }),
    ).toMatchObject({
      options: { from: 'data.sizes.all', label: '{{ item.w }} by {{ item.h.px }}', pick: -1, keep: false },
    });
    expect(uiOf({ source_data: 'A {field} {{ state.x }}' })).toMatchObject({
      init: 'A {{ data.field }} {{ state.x }}',
    });
    expect(uiOf({ source_field: 'a.b' })).toMatchObject({ init: '{{ data.a.b }}' });
    expect(uiOf({ source_data: '{{ state.x }}', source_field: 'a' })).toMatchObject({
      init: '{{ (state.x) if (state.x) is defined else data.a }}',
    });
    expect(uiOf({ destination_field: 'style.ref' })).toMatchObject({ to: 'style.ref' });
    expect(member({ _ux: { minimum: 1, maximum: 5 }, maximum: 9 })).toMatchObject({ minimum: 1, maximum: 9 });
    const [mode] = uiOf({
      alternative: {
        compose: '{w}x{h}',
        layout: 'row',
        fields: [{ key: 'w', type: 'integer' }, { content: 'x' }, { key: 'h' }],
      },
    })['modes'] as Node[];
    expect(mode).toMatchObject({ format: { text: '{{ w }}x{{ h }}' }, layout: 'row' });
    expect(Object.keys((mode as { schema: { properties: Node } }).schema.properties)).toEqual(['w', 'static_2', 'h']);
  });

  it('18.5 required fields, chosen members and titles are written where they belong', () => {
    const { schema } = importHints({
      _ux: { display: true, tab_label_field: 'name' },
      properties: {
        name: { type: 'string', _ux: { required: true } },
        list: { type: 'array', _ux: { display: true }, items: { _ux: { selectable: true, display: true } } },
      },
    });
    expect(schema).toMatchObject({
      required: ['name'],
      properties: { name: { ui: { slot: 'title', show: 'no' } }, list: { ui: { select: {} } } },
    });
  });

  it('18.5 a control writes on the field that it controls', () => {
    const { schema } = importHints(
      {
        properties: {
          model: {
            '_ux.controls.size': { type: 'enum', enum_path: 'sizes', value_key: 'id' },
            '_ux.controls.gone': {},
          },
          style: {
            _ux: {
              controls: {
                hint: { type: 'value', value_path: 'text' },
                more: { type: 'visibility', visible_when: ['a'] },
              },
            },
          },
          size: {},
          hint: {},
          more: {},
        },
      },
      { role: 'form' },
    );
    const fields = schema['properties'] as Record<string, { ui: Node }>;
    expect(fields['size']?.ui).toMatchObject({ options: { from: 'selected.model.sizes', value: 'id', pick: 0 } });
    expect(fields['hint']?.ui).toMatchObject({ init: '{{ selected.style.text }}' });
    expect(fields['more']?.ui).toMatchObject({
      when: { show: { properties: { value: { properties: { style: { enum: ['a'] } }, required: ['style'] } } } },
    });
  });

  it('18.5 the layout of a container', () => {
    expect(
      uiOf({ layout_columns: 3, layout_columns_sm: 2, layout_gap: 'small', col_span: 'full', row_span: 2 }),
    ).toMatchObject({
      as: 'grid',
      layout: { columns: { base: 2, md: 3 }, gap: 'small', span: 'full', rows: 2 },
    });
  });

  it('18.5 a root and an item are shown by what they draw, a member only when it says so', () => {
    const { schema } = importHints({
      type: 'array',
      _ux: { render_as: 'table' },
      items: { properties: { a: { type: 'string' } }, '_ux.display_format': '{{ a }}' },
    });
    expect(schema['ui']).toEqual({ as: 'table' });
    expect(schema['items']).toMatchObject({ ui: { text: '{{ a }}' }, properties: { a: { ui: { show: 'no' } } } });
    const silent = importHints({ type: 'object', properties: { a: { _ux: { display: true } } } });
    expect(silent.schema['ui']).toEqual({ show: 'no' });
  });

  it('25.8 25.9 spellings are merged, flat wins, bare is lowest; what is no schema is skipped', () => {
    const { schema, diagnostics } = importHints({
      display: true,
      type: 'object',
      properties: {
        _ux: { type: 'string' },
        '_ux.display': true,
        odd: 'no schema',
        x: { display_label: 'bare', _ux: { display_label: 'nested', display: false }, '_ux.display': true },
      },
    });
    expect(Object.keys(schema['properties'] as Node)).toEqual(['x']);
    expect((schema['properties'] as { x: Node }).x['ui']).toEqual({ show: 'yes', label: 'nested' });
    expect(diagnostics).toEqual([]);
  });

  it('25.10 what means nothing is told and has no effect', () => {
    const { schema, diagnostics } = importHints(
      { _ux: { display: true, sparkle: 1 }, properties: { x: { _ux: { display: true, render_as: 'wheel' } } } },
      { place: 'steps[0]' },
    );
    expect(schema).toMatchObject({ properties: { x: { ui: { show: 'yes' } } } });
    expect(diagnostics.map(({ code, severity, place }) => [code, severity, place])).toEqual([
      ['hint_unknown', 'info', 'steps[0]._ux.sparkle'],
      ['hint_unknown', 'info', 'steps[0].properties.x._ux.render_as'],
    ]);
  });

  it('18.6 every name of render_as', () => {
    const table: [string, Node][] = [
      ['card-stack', { as: 'stack' }],
      ['section-list', { as: 'sections' }],
      ['tabs', { as: 'tabs' }],
      ['table', { as: 'table' }],
      ['card-title', { slot: 'title' }],
      ['section-summary', { slot: 'subtitle' }],
      ['section-badge', { slot: 'badge' }],
      ['content-panel', { as: 'panel' }],
      ['tab', { as: 'panel' }],
      ['url', { as: 'link' }],
      ['datetime', { as: 'date' }],
    ];
    for (const [name, ui] of table) expect(uiOf({ render_as: name })).toMatchObject(ui);
    expect(uiOf({ render_as: 'cell' })).toEqual({ show: 'yes' });
    const header = member({ _ux: { render_as: 'section-header' }, properties: { t: { _ux: { display: true } } } });
    expect(header).toMatchObject({ ui: { show: 'unwrap' }, properties: { t: { ui: { slot: 'title' } } } });
  });

  it('18.6 a compound makes a panel with one block, its form and its provider', () => {
    const form = { type: 'object', properties: { prompt: { type: 'string', _ux: { input_type: 'textarea' } } } };
    const { schema, blocks } = importHints(
      {
        _ux: { render_as: 'tabs' },
        properties: {
          leonardo: {
            _ux: {
              display: true,
              render_as: 'tab.media[input_schema,video_generation]',
              input_schema: form,
              prompt_id_field: 'id',
            },
          },
        },
      },
      { subActions: [{ id: 'make', type: 'self_sub_action' }, { id: 'video_generation' }] },
    );
    expect((schema['properties'] as Record<string, Node>)['leonardo']?.['ui']).toMatchObject({
      show: 'yes',
      as: 'panel',
    });
    expect(blocks).toEqual([
      {
        id: 'leonardo.video_generation',
        path: ['leonardo'],
        form: { type: 'object', properties: { prompt: { type: 'string', ui: { input: { kind: 'textarea' } } } } },
        generate: { action: 'video_generation', kind: 'video', provider: 'leonardo', prompt_id_field: 'id' },
      },
    ]);
  });

  it('18.6 the grammar of compounds', () => {
    expect(parseCompound('tab.media[input_schema, video_generation]')).toEqual([
      { name: 'tab', children: [] },
      { name: 'media', children: ['input_schema', 'video_generation'] },
    ]);
    for (const text of ['a..b', 'a[', 'a[]', 'a[b', 'a]b', 'a[b,]', '[b]', 'a[b]c', 'a[b[c]]', '.']) {
      expect(parseCompound(text)).toBeUndefined();
    }
    const { diagnostics, schema } = importHints({ _ux: { display: true, render_as: 'tab.[x' } });
    expect(diagnostics).toMatchObject([{ code: 'hint_unknown', severity: 'warning', place: '_ux.render_as' }]);
    expect(schema['ui']).toEqual({ show: 'yes' });
  });

  it('18.5 importing changes nothing given, and twice is once, whatever the schema', () => {
    const name = fc.constantFrom(
      '_ux',
      '_ux.display',
      '_ux.render_as',
      '_ux.computed.a',
      'display',
      'properties',
      'items',
      'enum',
      'required',
      'ui',
      'x',
      '__proto__',
      '_ux.__proto__.y',
      'controls',
    );
    const { schema } = fc.letrec((tie) => ({
      schema: fc.dictionary(
        name,
        fc.oneof(
          { maxDepth: 4 },
          fc.constantFrom(true, 'visible', 'tabs', 'a.b[c]', 'tab.media[input_schema]', 1, null),
          tie('schema'),
          fc.array(tie('schema'), { maxLength: 2 }),
        ),
        { maxKeys: 4 },
      ),
    }));
    fc.assert(
      fc.property(schema, (given) => {
        const before = JSON.stringify(given);
        const once = importHints(given).schema;
        expect(JSON.stringify(given)).toBe(before);
        expect(importHints(once).schema).toEqual(once);
        expect(({} as Node)['y']).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});
