/** A question with a sub-action that asks the model for one more colour, and merges it into those that are offered. */
export const colours = {
  format: 2,
  workflow_id: 'colours',
  initial_state: { colours: ['red'] },
  steps: [
    {
      step_id: 'ask',
      modules: [
        {
          module_id: 'user.select',
          name: 'pick',
          inputs: {
            prompt: 'Which?',
            data: '{{ state.colours }}',
            schema: { type: 'array', items: { type: 'string' } },
          },
          outputs_to_state: { selected_data: 'colour' },
          sub_actions: [
            {
              id: 'more',
              label: 'More',
              actions: [
                {
                  type: 'target_sub_action',
                  module_id: 'api.llm',
                  name: 'mix',
                  inputs: { input: 'Mix one' },
                  outputs_to_state: { response: 'mixed' },
                },
                {
                  type: 'target_sub_action',
                  module_id: 'transform.concat_arrays',
                  name: 'list',
                  inputs: { arrays: [['{{ state.mixed }}']] },
                  outputs_to_state: { result: 'fresh' },
                },
              ],
              result_mapping: [{ source: 'fresh', target: 'colours', mode: 'merge' }],
            },
          ],
        },
      ],
    },
  ],
};
