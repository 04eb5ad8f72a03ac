import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printMarkdown } from './print-markdown.ts';
import { printText } from './print-text.ts';
import { compileView, type ViewRequest } from './view-tree.ts';
import type { ViewNode } from './view-model.ts';

const view = (request: ViewRequest): ViewNode => {
  const { root } = compileView(request);
  if (!root) throw new Error('nothing is drawn');
  return root;
};
const all = (node: ViewNode): ViewNode[] => [node, ...(node.children ?? []).flatMap(all)];
const at = (root: ViewNode, ...path: (string | number)[]): ViewNode | undefined =>
  all(root).find((node) => node.extra === undefined && JSON.stringify(node.path) === JSON.stringify(path));

describe('18.2 keys of hints', () => {
  const recipe = {
    type: 'array',
    ui: { as: 'grid', layout: { columns: { base: 1, md: 3 } }, select: { max: 2 } },
    items: {
      type: 'object',
      ui: { extra: { time: { text: '{{ prep + cook }} min', slot: 'badge' } } },
      properties: {
        id: { type: 'string', ui: { show: 'no' } },
        name: { type: 'string', ui: { slot: 'title', actions: ['copy', 'fly'], tone: 'accent' } },
        prep: { type: 'integer', ui: { show: 'no' } },
        cook_time: { type: 'integer', ui: { order: 1 } },
        cook: { type: 'integer', ui: { show: 'no' } },
      },
    },
  };
  const data = [{ id: 'a', name: 'Dal', prep: 10, cook: 20, cook_time: 20 }];

  it('18.1 18.2 draws kinds, slots, labels, actions, tones, layout and extras; hidden members are not there', () => {
    const root = view({ schema: recipe, data, selecting: true });
    expect(root).toEqual({
      kind: 'grid',
      path: [],
      slot: 'body',
      layout: { columns: { base: 1, md: 3 } },
      children: [
        {
          kind: 'stack',
          path: [0],
          slot: 'body',
          select: true,
          children: [
            { kind: 'number', path: [0, 'cook_time'], slot: 'body', label: 'Cook time', value: 20, text: '20' },
            {
              kind: 'text',
              path: [0, 'name'],
              slot: 'title',
              label: 'Name',
              actions: ['copy'],
              tone: 'accent',
              value: 'Dal',
              text: 'Dal',
            },
            { kind: 'text', path: [0], slot: 'badge', extra: 'time', label: 'Time', text: '30 min' },
          ],
        },
      ],
    });
  });

  it('18.2 templates read own fields, value, state, item and data', () => {
    const schema = {
      items: {
        properties: {
          x: { ui: { text: '{{ value }} {{ item.y }} {{ data | length }} {{ state.z }}', label: '{{ item.y }}!' } },
          y: { ui: { show: 'no' } },
        },
      },
    };
    const root = view({ schema, data: [{ x: 1, y: 2 }], state: { z: 3 } });
    expect(at(root, 0, 'x')).toMatchObject({ text: '1 2 1 3', label: '2!' });
  });

  it('18.2 a template that fails shows the raw value with a mark', () => {
    const schema = {
      properties: { x: { ui: { text: '{{ value | nonsense }}' } }, y: { ui: { text: '{{ 1 / 0 }}' } } },
    };
    const root = view({ schema, data: { x: 'raw', y: 5 } });
    expect(at(root, 'x')).toMatchObject({ text: 'raw', marks: ['template_failed'] });
    expect(at(root, 'y')).toMatchObject({ text: '5', marks: ['template_failed'] });
  });

  it('18.2 a frame can be unwrapped, a condition can hide or disable', () => {
    const schema = {
      properties: {
        a: { ui: { show: 'unwrap' }, properties: { b: {} } },
        c: { ui: { when: { show: { properties: { value: { properties: { d: { const: 1 } } } } } } } },
        d: { ui: { when: { enable: { properties: { state: { required: ['on'] } } } } } },
      },
    };
    const root = view({ schema, data: { a: { b: 'x' }, c: 'y', d: 2 } });
    expect(root.children?.map(({ path }) => path)).toEqual([['a', 'b'], ['d']]);
    expect(at(root, 'd')?.enabled).toBe(false);
  });
});

describe('18.7 inference and order', () => {
  it('18.7 leaves by format, title of an option, references inside the schema', () => {
    const schema = {
      $defs: { link: { format: 'uri', title: 'Site' } },
      properties: {
        when: { format: 'date' },
        site: { $ref: '#/$defs/link', ui: { order: 1 } },
        size: { oneOf: [{ const: 's', title: 'Small' }] },
        pic: { contentMediaType: 'image/png' },
      },
    };
    const root = view({ schema, data: { when: '2026-01-02', site: 'https://a.example', size: 's', pic: 'x' } });
    expect(root.children?.map(({ kind, label, text }) => [kind, label, text])).toEqual([
      ['link', 'Site', 'https://a.example'],
      ['date', 'When', '2026-01-02'],
      ['text', 'Size', 'Small'],
      ['image', 'Pic', 'x'],
    ]);
  });

  it('18.7 an unknown kind and one that does not fit are drawn by type, and say so', () => {
    const schema = {
      properties: { a: { ui: { as: 'hologram' } }, b: { ui: { as: 'table' } }, c: { ui: { as: 'rating' } } },
    };
    const root = view({ schema, data: { a: 'x', b: 1, c: [{ d: 1 }] } });
    expect(at(root, 'a')).toMatchObject({ kind: 'text', text: 'x', marks: ['kind_unknown'] });
    expect(at(root, 'b')).toMatchObject({ kind: 'number', marks: ['kind_unfit'] });
    expect(at(root, 'c', 0, 'd')).toMatchObject({ text: '1' });
  });

  it('18.7 a generated content of which the author says nothing is seen or heard; several pictures are a gallery', () => {
    const content = (mime: string) => ({ content_id: mime, url: `/media/${mime}`, mime, seed: 7 });
    const data = {
      picture: content('image/png'),
      sounds: [content('audio/wav'), content('audio/wav')],
      films: [content('video/mp4'), content('image/png')],
      written: content('image/png'),
      file: content('application/pdf'),
    };
    const schema = { properties: { written: { properties: { url: {} }, additionalProperties: false } } };
    const kinds = (compileView({ schema, data }).root?.children ?? []).map(({ kind, path }) => [path.at(-1), kind]);
    expect(Object.fromEntries(kinds)).toEqual({
      written: 'stack',
      picture: 'image',
      sounds: 'stack',
      films: 'gallery',
      file: 'stack',
    });
  });

  it('18.7 no data and no input is nothing; an input without data is drawn', () => {
    const schema = { properties: { a: {}, b: { ui: { input: 'text' } } } };
    expect(view({ schema, data: {} }).children).toEqual([
      { kind: 'text', path: ['b'], slot: 'body', label: 'B', input: { kind: 'text' } },
    ]);
    expect(compileView({ schema: {}, data: undefined }).root).toBeNull();
  });

  it('18.5 18.7 an older schema shows what it marks, a hidden title titles', () => {
    const schema = {
      type: 'object',
      _ux: { render_as: 'tabs' },
      additionalProperties: {
        type: 'object',
        '_ux.display': true,
        _ux: { tab_label_field: 'name' },
        properties: { name: {}, text: { display: 'visible' } },
      },
    };
    const root = view({ schema, data: { one: { name: 'First', text: 'x', secret: 's' } } });
    expect(root).toMatchObject({ kind: 'tabs', children: [{ label: 'First', children: [{ text: 'x' }] }] });
    expect(JSON.stringify(root)).not.toContain('secret');
  });

  it('18.4 18.6 blocks lie at their node, several under tabs', () => {
    const blocks = [
      { id: 'a', path: ['shots', '*'], generate: { action: 'x', kind: 'image' } },
      { id: 'b', path: ['shots', '*'], generate: { action: 'y', kind: 'video' }, label: 'Film' },
    ];
    const root = view({ schema: {}, data: { shots: [{ text: 'sea' }] }, blocks });
    expect(at(root, 'shots', 0)?.children?.at(-1)).toMatchObject({
      kind: 'tabs',
      children: [
        { kind: 'block', block: { id: 'a', path: ['shots', 0] } },
        { kind: 'block', label: 'Film' },
      ],
    });
    const only = view({ schema: {}, data: 'sea', blocks: [{ ...blocks[0], path: [] }] });
    expect(only).toMatchObject({ kind: 'panel', children: [{ kind: 'text', text: 'sea' }, { kind: 'block' }] });
  });

  it('18.7 a view is bounded in nodes and depth, and says what it leaves out', () => {
    const wide = view({ schema: {}, data: Array.from({ length: 60_000 }, (_, index) => index) });
    expect(wide.children).toHaveLength(49_999);
    expect(wide).toMatchObject({ marks: ['cut'], omitted: 10_001 });
    let deep: unknown = 'bottom';
    for (let level = 0; level < 200; level += 1) deep = [deep];
    const nodes = all(view({ schema: {}, data: deep }));
    expect(nodes).toHaveLength(64);
    expect(nodes.at(-1)).toMatchObject({ kind: 'json', marks: ['too_deep'] });
  });

  it('18.7 every leaf that has data and is not hidden appears exactly once', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const kind = fc.constantFrom(
      'stack',
      'grid',
      'list',
      'table',
      'tabs',
      'sections',
      'panel',
      'text',
      'chips',
      'json',
      'image',
      'rating',
      'wat',
    );
    const ui = fc.record(
      {
        as: kind,
        show: fc.constantFrom('yes', 'unwrap', 'no'),
        slot: fc.constantFrom('title', 'body'),
        order: fc.integer({ min: -2, max: 2 }),
        text: fc.constantFrom('{{ value }}', '{{ a }}', '{{ broken'),
      },
      { requiredKeys: [] },
    );
    const { data } = fc.letrec((tie) => ({
      data: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom('t', 1, true, null),
        fc.array(tie('data'), { maxLength: 3 }),
        fc.dictionary(name, tie('data'), { maxKeys: 3 }),
      ),
    }));
    const { schema } = fc.letrec((tie) => ({
      schema: fc.oneof(
        { maxDepth: 3 },
        fc.record({ ui }, { requiredKeys: [] }),
        fc.record(
          {
            ui,
            properties: fc.dictionary(name, tie('schema'), { maxKeys: 3 }),
            items: tie('schema'),
            additionalProperties: tie('schema'),
          },
          { requiredKeys: [] },
        ),
      ),
    }));
    fc.assert(
      fc.property(data, schema as fc.Arbitrary<Drawn>, (given, drawn) => {
        const { root } = compileView({ schema: drawn, data: given });
        const leaves = root
          ? all(root).filter(({ children, extra }) => children === undefined && extra === undefined)
          : [];
        for (const { path, isHidden } of leavesOf(given, drawn, [], false)) {
          const covering = leaves.filter((leaf) => leaf.path.every((key, index) => key === path[index]));
          const own = leaves.filter((leaf) => leaf.path.length === path.length && covering.includes(leaf));
          expect((isHidden ? own : covering).length).toBe(isHidden ? 0 : 1);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('18.1 whatever schema and data are', () => {
  it('18.1 compiling and printing never fail, change nothing, and give plain JSON', () => {
    const words =
      '_ux _ux.display _ux.render_as _ux.computed.a _ux.controls.b ui as text extra when show properties items additionalProperties $ref $defs input_schema oneOf a b __proto__';
    const word = fc.constantFrom(...words.split(' '));
    const plain = fc.constantFrom(
      true,
      false,
      null,
      1,
      'yes',
      'visible',
      'tabs',
      'tab.media[image_generation]',
      '#',
      '#/$defs/a',
      '{{ a.b }}',
      '{{ x | }}',
    );
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 5 },
        plain,
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(word, tie('json'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(json, json, fc.array(json, { maxLength: 2 }), (schema, data, blocks) => {
        const before = JSON.stringify([schema, data, blocks]);
        const { root } = compileView({ schema, data, blocks, selecting: true });
        expect(JSON.parse(JSON.stringify(root))).toEqual(root);
        expect([typeof printText(root), typeof printMarkdown(root)]).toEqual(['string', 'string']);
        expect(JSON.stringify([schema, data, blocks])).toBe(before);
      }),
      { numRuns: 500 },
    );
  });
});

interface Leaf {
  path: (string | number)[];
  isHidden: boolean;
}

type Drawn = {
  ui?: { show?: string };
  properties?: Record<string, Drawn>;
  items?: Drawn;
  additionalProperties?: Drawn;
};

/** Leaves of the data by the letter of the rule, and whether a hint on their way hides them. */
function leavesOf(data: unknown, schema: Drawn | undefined, path: Leaf['path'], hidden: boolean): Leaf[] {
  const isHidden = hidden || schema?.ui?.show === 'no';
  if (data === null) return [];
  if (Array.isArray(data))
    return data.flatMap((item, index) => leavesOf(item, schema?.items, [...path, index], isHidden));
  if (typeof data !== 'object') return [{ path, isHidden }];
  return Object.entries(data).flatMap(([name, value]) => {
    return leavesOf(value, schema?.properties?.[name] ?? schema?.additionalProperties, [...path, name], isHidden);
  });
}
