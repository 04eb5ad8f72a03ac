import { describe, expect, it } from 'vitest';
import { moduleContext, runModule } from '../testing/module-context.ts';
import { ioRenderTemplate } from './render-template.ts';
import { ioValidate } from './validate.ts';

const schema = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1 } },
  required: ['city'],
};
const inState = (state: Record<string, unknown>) => moduleContext({ state });

describe('io.validate', () => {
  it('14.3 checks the chosen state values, absent ones as null', async () => {
    const given = { schema, state_keys: ['city', 'days'] };
    expect(await runModule(ioValidate, given, inState({ city: 'Porto', days: 2, other: 1 }))).toEqual({
      valid: true,
      errors: [],
    });
    const { valid, errors } = await runModule(ioValidate, given, inState({ city: 5 }));
    expect([valid, errors]).toEqual([
      false,
      ['city: This must be text, not a number.', 'days: This must be a whole number, not null.'],
    ]);
  });

  it('14.3 strict and invalid is state_invalid with the author’s message', async () => {
    const given = { schema, state_keys: ['city'], strict: 'true', error_message: 'Choose a city first.' };
    await expect(runModule(ioValidate, given, inState({}))).rejects.toMatchObject({
      code: 'state_invalid',
      message: 'Choose a city first.',
    });
    expect(await runModule(ioValidate, given, inState({ city: 'Faro' }))).toMatchObject({ valid: true });
  });

  it('10.6 declares the state values that it reads', () => {
    expect(ioValidate.reads?.({ state_keys: ['city', 'toString'] }, { city: 'Faro', other: 1 })).toEqual({
      city: 'Faro',
      toString: null,
    });
    expect(ioValidate.readsState?.({ state_keys: ['city', 5] })).toEqual(['city']);
    expect(ioValidate.readsState?.({ state_keys: '{{ state.keys }}' })).toEqual([]);
  });

  it('4 an unsound schema is found in the definition', () => {
    expect(ioValidate.check?.({ schema: { minimum: 'x' } })).toMatchObject([
      { code: 'schema_invalid', path: 'schema.minimum' },
    ]);
  });
});

describe('io.render_template', () => {
  it('14.3 gives the rendered text; a text node is returned as it is', async () => {
    expect(await runModule(ioRenderTemplate, { template: 'Hi' })).toEqual({ rendered: 'Hi' });
    const node = { type: 'text', content: '{{ kept }}', cache_ttl: 60 };
    expect(await runModule(ioRenderTemplate, { template: node })).toEqual({ rendered: '{{ kept }}' });
  });

  it.each([[5], [['a']], [{ a: 1 }]])('14.3 what is no text is input_invalid: %j', async (template) => {
    await expect(runModule(ioRenderTemplate, { template })).rejects.toMatchObject({ code: 'input_invalid' });
  });
});
