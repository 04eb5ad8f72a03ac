/** Small definitions for tests: one question each, or a few in a row. */

type Json = Record<string, unknown>;
export interface Question extends Json {
  module_id: string;
  name: string;
  inputs: Json;
}

/** A workflow of one step that asks these, one after the other. */
export function asking(name: string, ...modules: Question[]): object {
  return {
    format: 2,
    workflow_id: `test-${name}`,
    name,
    steps: [{ step_id: 'asking', name: 'Asking', modules }],
  };
}

export const textQuestion = (inputs: Json = {}, more: Json = {}): Question => ({
  module_id: 'user.text_input',
  name: 'say',
  inputs: { prompt: 'What shall the sign say?', ...inputs },
  outputs_to_state: { value: 'said' },
  ...more,
});

/** Ends the run with what was said before it. */
export const afterwards = textQuestion({ prompt: 'And then?' }, { name: 'afterwards', outputs_to_state: {} });

const dishes = {
  starters: [
    { id: 's1', name: 'Leek soup', note: 'With a spoon of mustard and yesterday’s bread.' },
    { id: 's2', name: 'Beetroot', note: 'Roasted whole, with horseradish.' },
  ],
  mains: [
    { id: 'm1', name: 'Dal', note: 'Red lentils, lime, a hot spoon of butter.' },
    { id: 'm2', name: 'Risotto', note: 'Saffron, and nothing else.' },
    { id: 'm3', name: 'Trout', note: 'From the river behind the house.' },
  ],
};

const dishView = {
  type: 'object',
  additionalProperties: {
    type: 'array',
    ui: { select: { key: 'id' }, as: 'grid', layout: { columns: { base: 1, md: 2 } } },
    items: {
      type: 'object',
      properties: {
        id: { type: 'string', ui: { show: 'no' } },
        name: { type: 'string', ui: { slot: 'title' } },
        note: { type: 'string' },
      },
    },
  },
};

export const selectQuestion = (inputs: Json = {}, more: Json = {}): Question => ({
  module_id: 'user.select',
  name: 'pick',
  inputs: {
    prompt: 'Which dishes go on the card?',
    data: dishes,
    schema: dishView,
    multi_select: true,
    min_selections: 1,
    max_selections: 3,
    ...inputs,
  },
  outputs_to_state: { selected_data: 'picked' },
  ...more,
});

/** Words of a local model, looked at; it can be asked for others. */
export const draftAndReview: Question[] = [
  {
    module_id: 'api.llm',
    name: 'write',
    inputs: {
      system: 'You write shop signs.',
      input: 'Write a sign for a bakery that opens at midnight.',
      output_schema: {
        type: 'object',
        properties: { title: { type: 'string' }, text: { type: 'string' }, tone: { type: 'string' } },
        required: ['title', 'text', 'tone'],
      },
    },
    outputs_to_state: { response: 'sign' },
  },
  {
    module_id: 'user.select',
    name: 'review',
    inputs: {
      prompt: 'Is the sign good?',
      mode: 'review',
      data: '{{ state.sign }}',
      schema: {
        type: 'object',
        properties: {
          title: { type: 'string', ui: { slot: 'title' } },
          text: { type: 'string', title: 'Text' },
          tone: { type: 'string', title: 'Tone' },
        },
      },
    },
    outputs_to_state: { selected_data: 'reviewed' },
    retryable: {
      default_option: 'good',
      options: [
        { id: 'good', mode: 'continue', label: 'It is good' },
        {
          id: 'again',
          mode: 'retry',
          label: 'Write another',
          target_module: 'write',
          feedback: { enabled: true, prompt: 'What should be different?', default_message: 'Another angle.' },
        },
      ],
    },
  },
];

const orderForm = {
  type: 'object',
  properties: {
    servings: { type: 'integer', title: 'Servings', minimum: 1, maximum: 40, default: 4 },
    spice: { type: 'string', title: 'Spice', enum: ['mild', 'medium', 'hot'], default: 'mild' },
    note: { type: 'string', title: 'Note for the kitchen', maxLength: 80 },
  },
  required: ['servings', 'spice'],
};

export const formQuestion = (inputs: Json = {}, more: Json = {}): Question => ({
  module_id: 'user.form',
  name: 'order',
  inputs: {
    prompt: 'How many of each?',
    data: [{ dish: 'Dal' }, { dish: 'Risotto' }, { dish: 'Trout' }],
    schema: {
      type: 'array',
      items: { type: 'object', properties: { dish: { type: 'string', ui: { slot: 'title' } } } },
      input_schema: orderForm,
    },
    form_type: 'table',
    ...inputs,
  },
  outputs_to_state: { form_data: 'orders' },
  ...more,
});

export const confirmQuestion = (inputs: Json = {}, more: Json = {}): Question => ({
  module_id: 'user.pause',
  name: 'confirm',
  inputs: { message: 'The card goes to the printer now.', ...inputs },
  ...more,
});

export const fileQuestion = (inputs: Json = {}, more: Json = {}): Question => ({
  module_id: 'user.file_input',
  name: 'photo',
  inputs: { prompt: 'A photo of the room', extensions: ['.png', '.jpg', '.txt'], ...inputs },
  outputs_to_state: { filename: 'photo_name' },
  ...more,
});

export const downloadQuestion = (inputs: Json = {}, more: Json = {}): Question => ({
  module_id: 'io.client_write',
  name: 'hand_out',
  inputs: { content: 'Dal for four\nRisotto for two\n', filename: 'card.txt', ...inputs },
  outputs_to_state: { file_path: 'card' },
  ...more,
});
