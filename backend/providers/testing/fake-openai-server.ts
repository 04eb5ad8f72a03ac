import { type FakeReply, type FakeVendor, startFake, type Wire } from './fake-reply.ts';

const responseId = 'resp_1';
const itemId = 'msg_1';

/** The Responses API: https://platform.openai.com/docs/api-reference/responses-streaming */
const responses: Wire = {
  named: true,
  open: (model) => {
    const response = {
      id: responseId,
      object: 'response',
      created_at: 1_700_000_000,
      status: 'in_progress',
      model,
      output: [],
    };
    return [
      { type: 'response.created', sequence_number: 0, response },
      { type: 'response.in_progress', sequence_number: 1, response },
      { type: 'response.output_item.added', sequence_number: 2, output_index: 0, item: message('in_progress', []) },
      {
        type: 'response.content_part.added',
        sequence_number: 3,
        item_id: itemId,
        output_index: 0,
        content_index: 0,
        part: { type: 'output_text', text: '', annotations: [] },
      },
    ];
  },
  chunk: (delta, at) => ({
    type: 'response.output_text.delta',
    sequence_number: 4 + at,
    item_id: itemId,
    output_index: 0,
    content_index: 0,
    delta,
    logprobs: [],
  }),
  close: (reply, text) => {
    const refused = reply.finish === 'refusal';
    const content = refused
      ? { type: 'refusal', refusal: 'I cannot help with that.' }
      : { type: 'output_text', text, annotations: [] };
    const refusal = { item_id: itemId, output_index: 0, content_index: 0 };
    const incomplete = reply.finish === 'length';
    return [
      ...(refused
        ? [
            { type: 'response.refusal.delta', sequence_number: 900, ...refusal, delta: content.refusal },
            { type: 'response.refusal.done', sequence_number: 901, ...refusal, refusal: content.refusal },
          ]
        : []),
      {
        type: 'response.output_item.done',
        sequence_number: 902,
        output_index: 0,
        item: message('completed', [content]),
      },
      {
        type: incomplete ? 'response.incomplete' : 'response.completed',
        sequence_number: 903,
        response: {
          id: responseId,
          object: 'response',
          status: incomplete ? 'incomplete' : 'completed',
          incomplete_details: incomplete ? { reason: 'max_output_tokens' } : null,
          usage: {
            input_tokens: reply.usage?.input ?? 10,
            input_tokens_details: { cached_tokens: reply.usage?.cached ?? 0 },
            output_tokens: reply.usage?.output ?? 5,
            output_tokens_details: { reasoning_tokens: reply.usage?.reasoning ?? 0 },
            total_tokens: (reply.usage?.input ?? 10) + (reply.usage?.output ?? 5),
          },
        },
      },
    ];
  },
  failure: (error) => ({ sequence_number: 800, code: null, param: null, ...error, type: 'error' }),
  errorBody: (error) => ({ error: { type: null, code: null, param: null, ...error } }),
};

function message(status: string, content: object[]): object {
  return { id: itemId, type: 'message', role: 'assistant', status, content };
}

/** Chat completions, as compatible servers speak them. */
const completions: Wire = {
  named: false,
  last: 'data: [DONE]\n\n',
  open: (model) => [completion(model, { role: 'assistant', content: '' })],
  chunk: (content) => completion('served-model', { content }),
  close: (reply) => [
    { ...completion('served-model', {}, finishReason(reply)) },
    {
      ...completion('served-model', {}),
      choices: [],
      usage: {
        prompt_tokens: reply.usage?.input ?? 10,
        completion_tokens: reply.usage?.output ?? 5,
        total_tokens: (reply.usage?.input ?? 10) + (reply.usage?.output ?? 5),
        prompt_tokens_details: { cached_tokens: reply.usage?.cached ?? 0 },
        completion_tokens_details: { reasoning_tokens: reply.usage?.reasoning ?? 0 },
      },
    },
  ],
  failure: (error) => ({ error }),
  errorBody: (error) => ({ error }),
};

function finishReason(reply: FakeReply): string {
  return reply.finish === 'refusal' ? 'content_filter' : (reply.finish ?? 'stop');
}

function completion(model: string, delta: object, finish: string | null = null): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model,
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
}

/** A fake OpenAI: `POST /v1/responses` and `POST /v1/chat/completions`. */
export function startFakeOpenai(reply: (body: Record<string, unknown>) => FakeReply): Promise<FakeVendor> {
  return startFake({ '/v1/responses': responses, '/v1/chat/completions': completions }, reply);
}
