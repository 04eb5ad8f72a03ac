/** Modules and workflows to be measured. */
export type Make = (name: string) => Record<string, unknown>;

export const computeStep: Make = (name) => ({
  module_id: 'transform.extract',
  name,
  inputs: { value: 'some text {{ state.seed }}' },
  outputs_to_state: { value: name },
});

export const effectStep: Make = (name) => ({
  module_id: 'bench.effect',
  name,
  inputs: { value: 'some text {{ state.seed }}' },
  outputs_to_state: { value: name },
});

export const modelStep: Make = (name) => ({
  module_id: 'api.llm',
  name,
  inputs: { input: 'say ok, {{ state.seed }}' },
  outputs_to_state: { response: name },
});

export const question: Make = (name) => ({
  module_id: 'user.text_input',
  name,
  inputs: { prompt: 'Go on?' },
  outputs_to_state: { value: `answer_${name}` },
});

export const many = (make: Make, count: number, prefix = 'm'): Record<string, unknown>[] =>
  Array.from({ length: count }, (_value, index) => make(`${prefix}${index}`));

/** Modules in steps of 25, since a step may hold 50. */
export function workflowOf(modules: Record<string, unknown>[]): Record<string, unknown> {
  const steps = [];
  for (let index = 0; index < modules.length; index += 25) {
    steps.push({ step_id: `s${index}`, modules: modules.slice(index, index + 25) });
  }
  return { format: 2, workflow_id: 'bench', initial_state: { seed: 'seed' }, steps };
}
