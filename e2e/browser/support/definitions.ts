/** Definitions of runs that tests are made of; a small one says what it is about better than an example. */

const text = (name: string, prompt: string, more: object = {}) => ({
  module_id: 'user.text_input',
  name,
  inputs: { prompt },
  outputs_to_state: { value: name },
  ...more,
});

const model = (name: string, input: string) => ({
  module_id: 'api.llm',
  name,
  inputs: { input },
  outputs_to_state: { response: name },
});

export function definition(workflowId: string, steps: { name: string; modules: object[] }[], more: object = {}) {
  return {
    format: 2,
    workflow_id: workflowId,
    name: `Workflow ${workflowId}`,
    steps: steps.map(({ name, modules }, index) => ({ step_id: `s${index + 1}`, name, modules })),
    ...more,
  };
}

/** A question, a model, a question, a file. */
export function askAndWrite(workflowId: string) {
  return definition(workflowId, [
    {
      name: 'Ask',
      modules: [text('subject', 'What is it about?'), model('draft', 'Write about {{ state.subject }}.')],
    },
    {
      name: 'Look',
      modules: [
        text('remark', 'What do you think of it?'),
        { module_id: 'io.write_text', name: 'keep', inputs: { content: '{{ state.draft }}', file_path: 'draft.txt' } },
      ],
    },
  ]);
}

/** A question, a model, and a module that fails until its inputs or the version are others. */
export function failsAfterModel(workflowId: string, required = true) {
  return definition(workflowId, [
    {
      name: 'Ask',
      modules: [text('subject', 'What is it about?'), model('draft', 'Write about {{ state.subject }}.')],
    },
    {
      name: 'Read',
      modules: [
        {
          module_id: 'io.load_json',
          name: 'read_list',
          inputs: { file_path: 'list-of-{{ state.subject }}.json', required },
          outputs_to_state: { data: 'list' },
        },
      ],
    },
  ]);
}

/** A question, and a picture that the worker makes without asking. */
export function asksAndRenders(workflowId: string) {
  const params = { prompt: 'A pier, {{ state.subject }}', width: 256, height: 256 };
  return definition(workflowId, [
    {
      name: 'Make',
      modules: [
        text('subject', 'At what time of day?'),
        { module_id: 'media.render', name: 'picture', inputs: { provider: 'local', action_type: 'txt2img', params } },
      ],
    },
  ]);
}

/** A step takes so many modules at most (format.md 23). */
const MOST_MODULES = 50;

/** So many questions, one after the other. */
export function manyQuestions(workflowId: string, count: number) {
  const names = Array.from({ length: Math.ceil(count / MOST_MODULES) }, (_, step) => step * MOST_MODULES);
  return definition(
    workflowId,
    names.map((first) => ({
      name: `From ${first + 1}`,
      modules: Array.from({ length: Math.min(MOST_MODULES, count - first) }, (_, index) =>
        text(`q${first + index + 1}`, `Question number ${first + index + 1}?`),
      ),
    })),
  );
}
