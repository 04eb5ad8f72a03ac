import fc from 'fast-check';
import type { JsonObject } from '../models/json.ts';

const word = fc.stringMatching(/^[a-z]{2,6}$/);
const choices = fc.uniqueArray(word, { minLength: 3, maxLength: 6 });

interface Draft {
  kind: 'list' | 'several' | 'groups' | 'map' | 'form' | 'text' | 'review' | 'confirm' | 'write';
  words: string[];
  keyed: boolean;
  reads: number;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  kind: fc.constantFrom('list', 'several', 'groups', 'map', 'form', 'text', 'review', 'confirm', 'write'),
  words: choices,
  keyed: fc.boolean(),
  reads: fc.nat({ max: 20 }),
});

/** Random workflows of questions and texts between them: two to four steps of up to four modules, some of which show what earlier ones wrote. */
export const generatedQuestions: fc.Arbitrary<JsonObject> = fc
  .array(fc.array(draft, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 })
  .map((steps) => {
    const keys = ['seed'];
    return {
      format: 2,
      workflow_id: 'questions',
      initial_state: { seed: 'seed' },
      steps: steps.map((modules, step) => ({
        step_id: `s${step}`,
        modules: modules.map((one, index) => {
          const read = keys[one.reads % keys.length] ?? 'seed';
          const built = moduleOf(one, `m${step}_${index}`, `k${step}_${index}`, `{{ state.${read} }}`);
          keys.push(`k${step}_${index}`);
          return built;
        }),
      })),
    };
  });

/** An option of a question, or an item of a form. */
export const option = (id: string): JsonObject => ({ id, label: `The ${id}` });
/** The one button of every question. */
export const buttons = { default_option: 'go', options: [{ id: 'go', mode: 'continue', label: 'Go' }] };

function moduleOf({ kind, words, keyed, reads }: Draft, name: string, key: string, shown: string): JsonObject {
  const hints = keyed ? { ui: { select: { key: 'id' } } } : {};
  const ask = (module_id: string, inputs: JsonObject, output: string): JsonObject => ({
    module_id,
    name,
    inputs,
    outputs_to_state: { [output]: key },
    retryable: structuredClone(buttons),
  });
  const select = (data: unknown, schema: JsonObject, more: JsonObject = {}): JsonObject =>
    ask(
      'user.select',
      { prompt: `Which? ${words[0]}`, data, schema: { ...schema, ...hints }, ...more },
      'selected_data',
    );
  switch (kind) {
    case 'list':
      // Now and then one option is what an earlier module wrote.
      return select([...words.map(option), ...(reads % 3 === 0 ? [option(shown)] : [])], { type: 'array' });
    case 'several':
      return select(words.map(option), { type: 'array' }, { multi_select: true, min_selections: 1 });
    case 'groups':
      return select(
        { first: words.slice(0, 2).map(option), second: words.slice(2).map(option) },
        { type: 'object' },
        { multi_select: reads % 2 === 0 },
      );
    case 'map':
      return select(Object.fromEntries(words.map((id) => [id, option(id)])), { type: 'object' });
    case 'form':
      return ask(
        'user.form',
        {
          prompt: 'Fill in',
          data: words.slice(0, 2).map(option),
          schema: {
            type: 'object',
            properties: {
              name: { type: 'string', title: 'Name', minLength: 1, default: words[0] },
              servings: { type: 'integer', minimum: 1, maximum: 12, default: 4 },
              size: { type: 'string', enum: ['small', 'large', 'huge'], default: 'small' },
            },
            required: ['name', 'servings'],
          },
        },
        'form_data',
      );
    case 'text':
      return ask(
        'user.text_input',
        { prompt: `About ${shown}?`, default: words[0], ...(keyed ? { validation_pattern: '[a-z ]+$' } : {}) },
        'value',
      );
    case 'review':
      return ask(
        'user.select',
        { mode: 'review', prompt: 'Good?', data: [shown, words[0]], schema: { type: 'array' } },
        'selected_data',
      );
    case 'confirm':
      return ask('user.pause', { message: keyed ? `Print ${shown}?` : 'Print it?' }, 'confirmed');
    case 'write':
      return {
        module_id: 'api.llm',
        name,
        inputs: { input: `Say ${words[0]} about ${shown}` },
        outputs_to_state: { response: key },
      };
  }
}
