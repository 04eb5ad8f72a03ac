import { type FakeReply, type FakeVendor, startFake, type Wire } from './fake-reply.ts';

/** The Messages API: https://docs.anthropic.com/en/api/messages-streaming */
const messages: Wire = {
  named: true,
  open: (model) => [
    {
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
  ],
  chunk: (text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  close: (reply) => [
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: stopReason(reply), stop_sequence: null },
      usage: {
        input_tokens: (reply.usage?.input ?? 10) - (reply.usage?.cached ?? 0),
        cache_read_input_tokens: reply.usage?.cached ?? 0,
        cache_creation_input_tokens: 0,
        output_tokens: reply.usage?.output ?? 5,
      },
    },
    { type: 'message_stop' },
  ],
  failure: (error) => ({ type: 'error', error }),
  errorBody: (error) => ({ type: 'error', error }),
};

function stopReason(reply: FakeReply): string {
  if (reply.finish === 'refusal') return 'refusal';
  return reply.finish === 'length' ? 'max_tokens' : 'end_turn';
}

/** A fake Anthropic: `POST /v1/messages`. */
export function startFakeAnthropic(reply: (body: Record<string, unknown>) => FakeReply): Promise<FakeVendor> {
  return startFake({ '/v1/messages': messages }, reply);
}
