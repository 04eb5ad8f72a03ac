/** Small definitions for tests of previews. */

/** A question, a model, a choice, and a last text. */
export function postcard(changes: { ask?: string } = {}): Record<string, unknown> {
  return {
    format: 2,
    workflow_id: 'postcard',
    name: 'Postcard',
    steps: [
      {
        step_id: 'place',
        modules: [
          {
            module_id: 'user.text_input',
            name: 'ask_city',
            inputs: { prompt: changes.ask ?? 'Where to?', default: 'Lisbon' },
            outputs_to_state: { value: 'city' },
          },
        ],
      },
      {
        step_id: 'words',
        modules: [
          {
            module_id: 'api.llm',
            name: 'write_lines',
            inputs: {
              input: 'Three lines about {{ state.city }}',
              output_schema: lines,
            },
            outputs_to_state: { response: 'proposal' },
          },
          {
            module_id: 'user.select',
            name: 'pick_line',
            inputs: {
              prompt: 'Which one?',
              data: '{{ state.proposal.lines }}',
              schema: { type: 'array', items: { type: 'string' } },
            },
            outputs_to_state: { selected_data: 'line' },
          },
        ],
      },
      {
        step_id: 'end',
        modules: [
          {
            module_id: 'transform.conditional_text',
            name: 'sign',
            inputs: {
              condition_value: '{{ state.line }}',
              text_if_not_empty: 'Greetings! $state.condition_value',
            },
            outputs_to_state: { result: 'card' },
          },
        ],
      },
    ],
  };
}

const lines = {
  type: 'object',
  properties: { lines: { type: 'array', minItems: 3, maxItems: 3, items: { type: 'string' } } },
  required: ['lines'],
  additionalProperties: false,
};

export const targets = {
  askCity: { target_step_id: 'place', target_module_name: 'ask_city' },
  writeLines: { target_step_id: 'words', target_module_name: 'write_lines' },
  pickLine: { target_step_id: 'words', target_module_name: 'pick_line' },
  sign: { target_step_id: 'end', target_module_name: 'sign' },
};
