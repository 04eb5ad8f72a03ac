/** A question, a model's answer to it, and a review that may retry the model or jump back to the question. */
export const branchWorkflow = {
  format: 2,
  workflow_id: 'branches',
  name: 'Branches',
  steps: [
    {
      step_id: 'ask',
      name: 'Topic',
      modules: [
        {
          module_id: 'user.text_input',
          name: 'topic_input',
          inputs: { prompt: 'About what?' },
          outputs_to_state: { value: 'topic' },
        },
      ],
    },
    {
      step_id: 'write',
      name: 'Write',
      modules: [
        {
          module_id: 'api.llm',
          name: 'writer',
          inputs: { input: 'A slogan about {{ state.topic }}' },
          outputs_to_state: { response: 'slogan' },
        },
        {
          module_id: 'user.select',
          name: 'review',
          inputs: { data: ['{{ state.slogan }}'], schema: { type: 'array' }, prompt: 'Good?' },
          outputs_to_state: { selected_data: 'chosen' },
          retryable: {
            default_option: 'ok',
            options: [
              { id: 'ok', mode: 'continue', label: 'Yes' },
              { id: 'again', mode: 'retry', label: 'Again', target_module: 'writer', feedback: { enabled: true } },
              { id: 'topic', mode: 'jump', label: 'Another topic', target_step: 'ask', target_module: 'topic_input' },
            ],
          },
        },
      ],
    },
  ],
};
