import { describe, expect, it } from 'vitest';
import {
  changeField,
  fieldOptions,
  formAnswer,
  type FormSource,
  inputSource,
  startForm,
  visibleFields,
} from './form.ts';
import { importHints } from './import-hints.ts';

const form = (properties: Record<string, unknown>, more: Partial<FormSource> = {}): FormSource => ({
  schema: { type: 'object', properties },
  ...more,
});
const names = (source: FormSource): string[] => visibleFields(startForm(source), source).map(({ name }) => name);

describe('19 forms', () => {
  it('19.1 fields stand by number, the others after them as written', () => {
    expect(names(form({ a: {}, b: { ui: { order: 2 } }, c: { ui: { order: 1 } }, d: {} }))).toEqual([
      'c',
      'b',
      'a',
      'd',
    ]);
  });

  it('19.2 a field starts with init, else the data, else its default, else empty', () => {
    const source = form(
      {
        lone: { ui: { init: '{{ data.n }}' } },
        mixed: { ui: { init: 'n is {{ n }} in {{ state.where }}' } },
        gone: { default: 'd', ui: { init: '{{ data.nowhere }}' } },
        kept: { ui: { init: '{{ data.nowhere }}' } },
        number: { type: 'integer', ui: { init: '{{ data.text }}' } },
        bad: { type: 'integer', default: 7, ui: { init: 'seven' } },
        blank: { type: 'number', default: 8, ui: { init: '{{ data.empty }}' } },
        literal: { ui: { init: 3 } },
        own: { default: 'x' },
        other: { default: 'y' },
        none: {},
      },
      { data: { n: 5, text: '12', kept: 'k', own: 'mine', empty: '', none: undefined }, state: { where: 'here' } },
    );
    expect(startForm(source).values).toEqual({
      lone: 5,
      mixed: 'n is 5 in here',
      gone: 'd',
      kept: 'k',
      number: 12,
      bad: 7,
      blank: 8,
      literal: 3,
      own: 'mine',
      other: 'y',
    });
  });

  const models = [
    { id: 'm1', name: 'One', sizes: [{ id: 's' }, { id: 'l' }], hint: 'first' },
    { id: 'm2', name: 'Two', sizes: [{ id: 'l' }, { id: 'xl' }], hint: 'second' },
  ];
  const dependent = form(
    {
      model: { ui: { options: { from: 'data.models', value: 'id', label: '{{ item.name }}', pick: 0 } } },
      size: { ui: { options: { from: 'selected.model.sizes', value: 'id', pick: 0, keep: true } } },
      fresh: { ui: { options: { from: 'selected.model.sizes', value: 'id', pick: 1, keep: false } } },
      free: { ui: { options: { from: 'selected.model.sizes', value: 'id', pick: -1 } } },
      hint: { ui: { init: '{{ selected.model.hint }}' } },
    },
    { data: { models } },
  );

  it('19.3 options follow what is chosen; a value is kept where it may be and is still offered', () => {
    const started = startForm(dependent);
    expect(started.values).toEqual({ model: 'm1', size: 's', fresh: 'l', hint: 'first' });
    expect(fieldOptions(started, 'model', dependent)).toMatchObject([{ value: 'm1', label: 'One' }, { label: 'Two' }]);
    const kept = changeField(started, 'size', 'l', dependent);
    const other = changeField(kept, 'model', 'm2', dependent);
    expect(other.values).toEqual({ model: 'm2', size: 'l', fresh: 'xl', hint: 'second' });
    const lost = changeField(changeField(other, 'size', 'xl', dependent), 'model', 'm1', dependent);
    expect(lost.values).toMatchObject({ size: 's', fresh: 'l' });
    expect(fieldOptions(lost, 'size', dependent)?.map(({ value }) => value)).toEqual(['s', 'l']);
  });

  it('19.3 a value that follows stops following once it is edited', () => {
    const edited = changeField(startForm(dependent), 'hint', 'mine', dependent);
    expect(changeField(edited, 'model', 'm2', dependent).values['hint']).toBe('mine');
  });

  it('19.4 a field whose condition does not hold is neither drawn nor sent', () => {
    const when = { show: { properties: { value: { properties: { kind: { const: 'b' } } } } } };
    const source = form({ kind: { default: 'a' }, more: { default: 1, ui: { when } } });
    const started = startForm(source);
    expect([names(source), formAnswer(started, source)]).toEqual([['kind'], { kind: 'a' }]);
    expect(formAnswer(changeField(started, 'kind', 'b', source), source)).toEqual({ kind: 'b', more: 1 });
  });

  it('19.5 the answer stands under its names, nested, with numbers as numbers; the drawn one of two wins', () => {
    const source = form({
      a: { type: 'integer', default: '4', ui: { to: 'size.width' } },
      b: { default: 'x', ui: { to: 'size.unit' } },
      seen: { default: 'seen', ui: { to: 'same' } },
      unseen: { default: 'unseen', ui: { to: 'same', show: 'no' } },
      bad: { default: 1, ui: { to: '__proto__.polluted' } },
    });
    expect(formAnswer(startForm(source), source)).toEqual({ size: { width: 4, unit: 'x' }, same: 'seen' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('18.5 19 a form of the older form behaves the same after its import', () => {
    const older = {
      type: 'object',
      properties: {
        model: {
          _ux: {
            enum_source: 'models',
            value_key: 'id',
            label_key: 'name',
            controls: {
              size: { type: 'enum', enum_path: 'sizes', value_key: 'id' },
              note: { type: 'visibility', visible_when: 'm2' },
            },
          },
        },
        size: { '_ux.destination_field': 'out.size' },
        note: { '_ux.source_data': 'about {topic}' },
      },
    };
    const source: FormSource = { schema: importHints(older, { role: 'form' }).schema, data: { models, topic: 'sea' } };
    const started = startForm(source);
    expect(formAnswer(started, source)).toEqual({ model: 'm1', out: { size: 's' } });
    const other = changeField(started, 'model', 'm2', source);
    expect(formAnswer(other, source)).toEqual({ model: 'm2', out: { size: 'l' }, note: 'about sea' });
  });
});

it('18.2 the source of an input is a path into data, state or what is chosen, or a template', () => {
  const source: FormSource = {
    schema: {
      type: 'object',
      properties: {
        picture: { type: 'string', ui: { options: { from: 'data.pictures', value: 'id' } } },
        chosen: { type: 'object', ui: { input: { kind: 'crop', source: 'selected.picture.url' } } },
        given: { type: 'object', ui: { input: { kind: 'crop', source: 'state.photo' } } },
        made: { type: 'object', ui: { input: { kind: 'crop', source: '/media/{{ picture }}' } } },
        none: { type: 'object', ui: { input: 'crop' } },
      },
    },
    data: { pictures: [{ id: 'a', url: '/a.png' }] },
    state: { photo: '/photo.png' },
  };
  const form = changeField(startForm(source), 'picture', 'a', source);
  const found = (name: string) => inputSource(form, name, source);
  expect(['chosen', 'given', 'made', 'none'].map(found)).toEqual(['/a.png', '/photo.png', '/media/a', undefined]);
});
