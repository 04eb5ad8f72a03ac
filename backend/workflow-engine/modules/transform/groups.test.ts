import { describe, expect, it } from 'vitest';
import { promptBuildGroupedPrompt } from '../prompt/build-grouped-prompt.ts';
import { moduleContext, runModule } from '../testing/module-context.ts';
import { transformBuildDynamicSchema } from './build-dynamic-schema.ts';

const schemaOf = (field: string) => ({
  type: 'object',
  properties: { prompts: { type: 'object', properties: { [field]: { type: 'string' } }, required: [field] } },
});
const data = {
  photo: { schema: schemaOf('camera'), prompt_instructions: 'Think of light.' },
  sketch: {
    schema: schemaOf('pencil'),
    prompt_instructions: { content: 'Think of lines.', type: 'text', cache_ttl: 60 },
  },
  plain: { label: 'no schema' },
};
const closed = (names: string[]) => ({
  type: 'object',
  properties: {
    prompts: {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
      required: names,
      additionalProperties: false,
    },
  },
  required: ['prompts'],
  additionalProperties: false,
});

describe('transform.build_dynamic_schema', () => {
  const run = (inputs: Record<string, unknown>, test = moduleContext()) =>
    runModule(transformBuildDynamicSchema, inputs, test);

  it.each([
    [{ data, selected_indices: ['sketch', 'photo'] }, ['pencil', 'camera']],
    [{ data, selected_indices: ['sketch'] }, ['pencil']],
    [{ data: [data.photo, data.sketch], selected_indices: [1] }, ['pencil']],
    [{ data: { media: data }, selected_indices: ['media', 'photo'] }, ['camera']],
    [
      {
        data: { media: data },
        selected_indices: [
          ['media', 'photo'],
          ['media', 'sketch'],
        ],
      },
      ['camera', 'pencil'],
    ],
    [{ schema_paths: { a: schemaOf('x'), b: schemaOf('y') }, selected_indices: ['b'] }, ['y']],
    [{ schema_paths: { a: schemaOf('x'), b: schemaOf('y') } }, ['x', 'y']],
    [{ selected_group_configs: [data.photo, data.sketch] }, ['camera', 'pencil']],
    [{ selected_group_configs: data.photo, data, selected_indices: ['sketch'] }, ['camera']],
  ])('14.4 merges what was chosen into a closed object with one root: %#', async (inputs, names) => {
    expect((await run(inputs))['merged_schema']).toEqual(closed(names));
  });

  it('14.4 a group without schema is skipped with a warning', async () => {
    const test = moduleContext();
    expect((await run({ data, selected_indices: ['plain', 'photo'] }, test))['merged_schema']).toEqual(
      closed(['camera']),
    );
    expect(test.told.warnings).toMatchObject([{ params: { group: 'plain' } }]);
  });

  it('14.4 puts the fields into the wrapper, which keeps its own', async () => {
    const wrapper_schema = {
      title: 'Answer',
      properties: {
        note: { type: 'string' },
        prompts: { type: 'object', properties: { mood: { type: 'string' } }, required: ['mood'] },
      },
      required: ['prompts', 'note'],
    };
    const { merged_schema } = await run({ data, selected_indices: ['photo'], wrapper_schema });
    expect(merged_schema).toEqual({
      title: 'Answer',
      properties: {
        note: { type: 'string' },
        prompts: {
          type: 'object',
          properties: { mood: { type: 'string' }, camera: { type: 'string' } },
          required: ['mood', 'camera'],
        },
      },
      required: ['prompts', 'note'],
    });
    expect(wrapper_schema.properties.prompts.required).toEqual(['mood']);
  });

  it('14.4 another root and another key; nothing chosen gives an empty root', async () => {
    const styles = { a: { form: { properties: { styles: { properties: { ink: {} }, required: [5, 'ink'] } } } } };
    expect((await run({ data: styles, schema_key: 'form', root_property: 'styles' }))['merged_schema']).toMatchObject({
      properties: { styles: { properties: { ink: {} }, required: ['ink'] } },
    });
    expect((await run({}))['merged_schema']).toEqual(closed([]));
    await expect(run({ root_property: '__proto__' })).rejects.toMatchObject({ code: 'input_invalid' });
  });
});

describe('prompt.build_grouped_prompt', () => {
  const run = (inputs: Record<string, unknown>) => runModule(promptBuildGroupedPrompt, inputs);

  it('14.5 shared text, then each chosen group’s, a blank line between; groups without are skipped', async () => {
    expect(
      await run({ shared_instructions: 'Be brief.', data, selected_indices: ['plain', 'sketch', 'photo'] }),
    ).toEqual({
      merged_prompt: 'Be brief.\n\nThink of lines.\n\nThink of light.',
    });
  });

  it('14.5 the chosen groups can be given themselves', async () => {
    expect(
      await run({
        shared_instructions: { content: 'Be brief.', type: 'text' },
        selected_group_configs: [data.photo, null],
      }),
    ).toEqual({
      merged_prompt: 'Be brief.\n\nThink of light.',
    });
  });

  it('14.5 without groups the shared text stands alone; blank texts leave no gap', async () => {
    expect(await run({ shared_instructions: ['A', '', { content: null }, 'B'] })).toEqual({ merged_prompt: 'A\n\nB' });
  });
});
