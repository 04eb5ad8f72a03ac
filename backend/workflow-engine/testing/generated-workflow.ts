import fc from 'fast-check';
import type { InteractionAnswer, InteractionRequest } from '../models/interaction.ts';

/** Random workflows that are sound: every module kind that needs no network, wired to what earlier modules wrote. */
export interface GeneratedWorkflow {
  workflow: Record<string, unknown>;
  /** What the person does at the n-th question. */
  choices: Choice[];
}

export type Choice = { kind: 'answer'; value: number } | { kind: 'retry'; feedback: string } | { kind: 'jump' };

interface Draft {
  kind:
    | 'text'
    | 'select'
    | 'pause'
    | 'extract'
    | 'concat'
    | 'conditional'
    | 'reshape'
    | 'llm'
    | 'llm_schema'
    | 'render'
    | 'keywords'
    | 'write';
  /** Which earlier key it reads, by position. */
  reads: number;
  word: string;
}

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const draft: fc.Arbitrary<Draft> = fc.record({
  kind: fc.constantFrom(
    'text',
    'select',
    'pause',
    'extract',
    'concat',
    'conditional',
    'reshape',
    'llm',
    'llm_schema',
    'render',
    'keywords',
    'write',
  ),
  reads: fc.nat({ max: 30 }),
  word,
});
const choice: fc.Arbitrary<Choice> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('answer' as const), value: fc.nat({ max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('retry' as const), feedback: word }) },
  { weight: 1, arbitrary: fc.constant<Choice>({ kind: 'jump' }) },
);

/** Up to `maxSteps` steps of up to five modules each. */
export function generatedWorkflow(maxSteps = 4): fc.Arbitrary<GeneratedWorkflow> {
  return fc
    .record({
      steps: fc.array(fc.array(draft, { minLength: 1, maxLength: 5 }), {
        minLength: 1,
        maxLength: maxSteps,
        size: 'max',
      }),
      choices: fc.array(choice, { minLength: 1, maxLength: 12 }),
      seed: word,
    })
    .map(({ steps, choices, seed }) => ({ workflow: build(steps, seed), choices }));
}

/** So many modules, any number between the bounds as likely as any other, in steps of one to five. */
export function workflowOfSize(bounds: { min: number; max: number }): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .integer(bounds)
    .chain((count) => fc.tuple(fc.array(draft, { minLength: count, maxLength: count, size: 'max' }), word))
    .map(([drafts, seed]) => {
      const steps: Draft[][] = [];
      for (let at = 0; at < drafts.length; ) {
        const length = 1 + ((drafts[at]?.reads ?? 0) % 5);
        steps.push(drafts.slice(at, at + length));
        at += length;
      }
      return build(steps, seed);
    });
}

function build(steps: Draft[][], seed: string): Record<string, unknown> {
  const keys: string[] = ['seed'];
  return {
    format: 2,
    workflow_id: `generated_${seed}`,
    name: 'Generated',
    initial_state: { seed, items: [] },
    status_display: {
      fields: [{ id: 'seed', label: 'Seed', value: '{{ state.seed }} at {{ current_step_name }}' }],
      layout: [['seed']],
    },
    steps: steps.map((modules, stepIndex) => ({
      step_id: `step_${stepIndex}`,
      name: '{step_number}. Step',
      modules: modules.map((module, index) => {
        const key = `k_${stepIndex}_${index}`;
        const read = keys[module.reads % keys.length] ?? 'seed';
        const built = buildModule(module, `m_${stepIndex}_${index}`, key, `state.${read}`);
        keys.push(key);
        return built;
      }),
    })),
  };
}

function buildModule({ kind, word: text }: Draft, name: string, key: string, source: string): Record<string, unknown> {
  const value = `{{ ${source} }}`;
  const mapped = (output: string) => ({ outputs_to_state: { [output]: key } });
  const buttons = {
    retryable: {
      default_option: 'go',
      options: [
        { id: 'go', mode: 'continue', label: 'Go' },
        { id: 'again', mode: 'retry', label: 'Again', feedback: { enabled: true } },
        { id: 'back', mode: 'jump', label: 'Back', target_module: name },
      ],
    },
  };
  switch (kind) {
    case 'text':
      return {
        module_id: 'user.text_input',
        name,
        inputs: { prompt: `About ${value}?`, default: text },
        ...mapped('value'),
        ...buttons,
      };
    case 'select':
      return {
        module_id: 'user.select',
        name,
        inputs: { data: [text, value, 'third'], schema: { type: 'array', items: {} }, multi_select: text.length > 4 },
        ...mapped('selected_data'),
        ...buttons,
      };
    case 'pause':
      return {
        module_id: 'user.pause',
        name,
        inputs: { message: `Seen ${value}`, show_state: ['seed'] },
        ...mapped('confirmed'),
      };
    case 'extract':
      return { module_id: 'transform.extract', name, inputs: { out: value }, ...mapped('out') };
    case 'concat':
      return {
        module_id: 'transform.concat_arrays',
        name,
        inputs: {
          arrays: [
            [value, text],
            [1, 2],
          ],
        },
        ...mapped('result'),
      };
    case 'conditional':
      return {
        module_id: 'transform.conditional_text',
        name,
        inputs: { condition_value: value, text_if_not_empty: `has ${text}` },
        ...mapped('result'),
      };
    case 'reshape':
      return {
        module_id: 'transform.reshape',
        name,
        inputs: { source: [value, text], template: { all: value, word: text } },
        ...mapped('result'),
      };
    case 'llm':
      return {
        module_id: 'api.llm',
        name,
        inputs: { system: 'Be brief.', input: `Say ${text} about ${value}` },
        ...mapped('response'),
      };
    case 'llm_schema':
      return {
        module_id: 'api.llm',
        name,
        inputs: {
          input: `Name ${text} for ${value}`,
          output_schema: {
            type: 'object',
            properties: { text: { type: 'string' } },
            required: ['text'],
            additionalProperties: false,
          },
        },
        ...mapped('response'),
      };
    case 'render':
      return {
        module_id: 'io.render_template',
        name,
        inputs: { template: `# ${text}\n{% if ${source} %}{{ ${source} }}{% else %}nothing{% endif %}` },
        ...mapped('rendered'),
      };
    case 'keywords':
      return {
        module_id: 'io.weighted_keywords',
        name,
        inputs: { mode: 'save', weighted_keywords: [{ keyword: text, weight: 1 }] },
        ...mapped('saved_count'),
      };
    case 'write':
      return {
        module_id: 'io.write_text',
        name,
        inputs: { content: `${text}: ${value}`, file_path: `${text}.txt` },
        ...mapped('bytes_written'),
      };
  }
}

/** The answer that a choice means for this question. A jump or retry is made once per question text, so every run ends. */
export function answerFor(request: InteractionRequest, choice: Choice | undefined): InteractionAnswer {
  const offered = request.retryable?.options.map((option) => option.id) ?? [];
  if (choice?.kind === 'retry' && offered.includes('again'))
    return { action_id: 'again', retry_feedback: choice.feedback };
  if (choice?.kind === 'jump' && offered.includes('back')) return { action_id: 'back' };
  const value = choice?.kind === 'answer' ? choice.value : 0;
  switch (request.interaction_type) {
    case 'text_input':
      return { value: value === 0 ? '' : `answer ${value}` };
    case 'select_from_structured': {
      const count = (request.data as unknown[]).length;
      return { selected_indices: request.multi_select ? [value % count, (value + 1) % count] : [value % count] };
    }
    default:
      return {};
  }
}
