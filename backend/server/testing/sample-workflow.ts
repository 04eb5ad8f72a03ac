import type { InteractionAnswer } from '@wfm/workflow-engine/models';

/** A choice, computing, a text, a language model, a file: enough for every route to have something to show. */
export function sampleWorkflow(changes: { workflow_id?: string; name?: string; question?: string } = {}) {
  return {
    format: 2,
    workflow_id: changes.workflow_id ?? 'sample',
    name: changes.name ?? 'Sample',
    status_display: { fields: [{ id: 'pick', label: 'Pick', value: '{{ state.colour }}' }], layout: [['pick']] },
    steps: [
      {
        step_id: 'ask',
        name: '{step_number}. Ask',
        modules: [
          {
            module_id: 'user.select',
            name: 'pick',
            inputs: {
              prompt: changes.question ?? 'Which one?',
              data: ['red', 'green', 'blue'],
              schema: { type: 'array', items: { type: 'string' } },
            },
            outputs_to_state: { selected_data: 'colour' },
          },
          {
            module_id: 'transform.concat_arrays',
            name: 'join',
            inputs: { arrays: [['{{ state.colour }}'], ['white']] },
            outputs_to_state: { result: 'colours' },
          },
        ],
      },
      {
        step_id: 'tell',
        name: '{step_number}. Tell',
        modules: [
          {
            module_id: 'user.text_input',
            name: 'note',
            inputs: { prompt: 'Say something about {{ state.colours }}' },
            outputs_to_state: { value: 'said' },
          },
          {
            module_id: 'api.llm',
            name: 'write',
            inputs: { input: 'Write about {{ state.said }} in {{ state.colour }}.' },
            outputs_to_state: { response: 'text' },
          },
          { module_id: 'io.write_text', name: 'keep', inputs: { content: '{{ state.text }}', file_path: 'text.txt' } },
        ],
      },
    ],
  };
}

export const firstAnswer: InteractionAnswer = { selected_indices: [1] };
export const secondAnswer: InteractionAnswer = { value: 'spring' };
