import { describe, expect, it } from 'vitest';
import { createRegistry } from './registry.ts';
import { standardModules } from './standard-modules.ts';

/** Required inputs, defaults and kinds, as the tables of format.md 14 have them. */
const table: Record<string, { kind: 'C' | 'E' | 'Es' | 'I' | 'J'; required: string[]; outputs: string[] }> = {
  'user.select': {
    kind: 'I',
    required: ['data', 'schema'],
    outputs: [
      'selected_indices',
      'selected_data',
      'retry_requested',
      'retry_feedback',
      'retry_groups',
      'jump_back_requested',
      'jump_back_target',
    ],
  },
  'user.text_input': { kind: 'I', required: ['prompt'], outputs: ['value', 'jump_back_requested', 'jump_back_target'] },
  'user.form': { kind: 'I', required: ['data', 'schema'], outputs: ['form_data'] },
  'user.pause': { kind: 'I', required: [], outputs: ['confirmed'] },
  'user.file_input': {
    kind: 'I',
    required: ['prompt'],
    outputs: ['value', 'filename', 'jump_back_requested', 'jump_back_target'],
  },
  'api.llm': {
    kind: 'E',
    required: ['input'],
    outputs: ['response', 'response_text', 'model', 'usage', 'token_usage', 'token_usage_detailed'],
  },
  'api.fetch': { kind: 'E', required: ['url'], outputs: ['response', 'status_code', 'success'] },
  'io.client_write': { kind: 'I', required: ['content', 'filename'], outputs: ['file_path', 'filename', 'success'] },
  'io.render_template': { kind: 'C', required: ['template'], outputs: ['rendered'] },
  'io.weighted_keywords': { kind: 'Es', required: ['mode'], outputs: ['weighted_keywords', 'count', 'saved_count'] },
  'io.load_json': { kind: 'Es', required: ['file_path'], outputs: ['data', 'file_exists', 'file_id'] },
  'io.save_json': { kind: 'Es', required: ['data', 'file_path'], outputs: ['file_id', 'file_path', 'success'] },
  'io.write_text': {
    kind: 'Es',
    required: ['content', 'file_path'],
    outputs: ['file_id', 'file_path', 'bytes_written'],
  },
  'media.generate': {
    kind: 'I',
    required: ['prompts', 'schema'],
    outputs: ['selected_content_id', 'selected_content', 'generations'],
  },
  'media.generateV2': {
    kind: 'I',
    required: ['action_type', 'providers', 'prompt_config'],
    outputs: ['selected_content_id', 'selected_content', 'generations', 'generated_prompts'],
  },
  'media.render': {
    kind: 'J',
    required: ['provider', 'action_type', 'params'],
    outputs: ['content_ids', 'contents', 'metadata_id', 'text'],
  },
  'io.validate': { kind: 'C', required: ['schema', 'state_keys'], outputs: ['valid', 'errors'] },
  'transform.query': { kind: 'C', required: ['data', 'pipeline'], outputs: ['result'] },
  'transform.extract': { kind: 'C', required: [], outputs: [] },
  'transform.reshape': { kind: 'C', required: ['source', 'template'], outputs: ['result'] },
  'transform.enrich': { kind: 'C', required: ['data', 'enrichments', 'mapping_schema'], outputs: ['enriched_data'] },
  'transform.parse_pattern': {
    kind: 'C',
    required: ['input', 'pattern'],
    outputs: ['items', 'count', 'total', 'valid', 'errors'],
  },
  'transform.concat_arrays': { kind: 'C', required: ['arrays'], outputs: ['result'] },
  'transform.conditional_text': { kind: 'C', required: ['condition_value', 'text_if_not_empty'], outputs: ['result'] },
  'transform.render_template_array': {
    kind: 'C',
    required: ['items', 'template'],
    outputs: ['rendered', 'sections', 'count'],
  },
  'transform.build_dynamic_schema': { kind: 'C', required: [], outputs: ['merged_schema'] },
  'prompt.build_grouped_prompt': { kind: 'C', required: ['shared_instructions'], outputs: ['merged_prompt'] },
  'db.query': { kind: 'E', required: ['table_schema', 'query'], outputs: ['results', 'count'] },
};
const kinds = {
  C: ['compute', false],
  E: ['effect', false],
  Es: ['effect', true],
  I: ['interactive', false],
  J: ['job', false],
} as const;

interface Shape {
  properties?: Record<string, { title?: string; description?: string }>;
  required?: string[];
}

describe('standardModules', () => {
  const descriptions = createRegistry(standardModules).describe();

  it('14 all modules are there, and no others', () => {
    expect(descriptions.map(({ module_id }) => module_id).sort((a, b) => a.localeCompare(b))).toEqual(
      Object.keys(table).sort((a, b) => a.localeCompare(b)),
    );
  });

  it.each(Object.entries(table))('14 %s has the kind, required inputs and outputs of its row', (id, row) => {
    const described = descriptions.find(({ module_id }) => module_id === id);
    const [kind, ownStore] = kinds[row.kind];
    expect([described?.kind, described?.own_store, described?.revision]).toEqual([kind, ownStore, 1]);
    const inputs = described?.inputs as Shape | undefined;
    expect(new Set(inputs?.required)).toEqual(new Set(row.required));
    expect(Object.keys((described?.outputs as Shape | undefined)?.properties ?? {})).toEqual(row.outputs);
  });

  it.each(descriptions.map((description) => [description.module_id, description] as const))(
    'architecture 3.6 %s describes itself: a title and one line on it and on every input and output',
    (_id, { title, description, inputs, outputs }) => {
      const all = [
        { title, description },
        ...[inputs, outputs].flatMap((shape) => Object.values((shape as Shape).properties ?? {})),
      ];
      for (const entry of all) {
        expect(entry.title).toMatch(/^[A-Z]/);
        expect(entry.description).toMatch(/^[^\n]{10,140}$/);
      }
    },
  );

  it.each(standardModules.map((module) => [module.id, module] as const))(
    '4 %s checks any inputs without failing',
    (_id, module) => {
      const odd = [null, 5, 'text', '{{ state.x }}', [], [null], {}, { a: { b: [1] } }, [{ $match: 5 }]];
      const names = [...Object.keys(module.inputs.shape), 'other'];
      for (const value of odd) {
        const written = Object.fromEntries(names.map((name) => [name, value]));
        expect(Array.isArray(module.check?.(written) ?? [])).toBe(true);
        expect(Array.isArray(module.readsState?.(written) ?? [])).toBe(true);
      }
    },
  );
});
