import { describe, expect, it } from 'vitest';
import { hasCode, WfmError } from '../../errors/index.ts';
import type { HttpRequest, LlmCallOptions, LlmRequest } from '../../ports/index.ts';
import { namedModels, type Ports, type RecordedCall, recordingPorts, replayingPorts } from './recorded-ports.ts';

const request: LlmRequest = { provider: 'p', model: 'm', messages: [] };
const options: LlmCallOptions = { signal: new AbortController().signal, idempotencyKey: 'k' };
const address: HttpRequest = {
  url: 'https://example.org/',
  method: 'GET',
  headers: {},
  timeoutMs: 1,
  maxBytes: 1,
  signal: options.signal,
};

/** A model that fails once in passing, and an address that answers bytes. */
function livePorts(): Ports {
  let calls = 0;
  return {
    llm: {
      defaultProvider: 'p',
      list: () => [],
      async generate() {
        calls += 1;
        if (calls === 1) throw new WfmError('llm_rate_limited', 'Slow down.', { transient: true });
        return { text: `reply ${calls}`, model: 'm-1', usage: { total_tokens: calls } };
      },
    },
    http: { fetch: async ({ url }) => ({ url, status: 200, headers: {}, body: new Uint8Array([0, 255, 7]) }) },
  };
}

describe('recorded calls', () => {
  it('come back in order, faults as faults, bytes as bytes, and through JSON', async () => {
    const calls: RecordedCall[] = [];
    const recording = recordingPorts(livePorts(), calls);
    await expect(recording.llm.generate(request, options)).rejects.toThrow('Slow down.');
    const fetched = await recording.http.fetch(address);
    const said = await recording.llm.generate(request, options);
    const replaying = replayingPorts(livePorts().llm, JSON.parse(JSON.stringify(calls)) as RecordedCall[]);
    await expect(replaying.llm.generate(request, options)).rejects.toMatchObject({
      code: 'llm_rate_limited',
      transient: true,
    });
    expect(await replaying.llm.generate(request, options)).toEqual(said);
    expect(await replaying.http.fetch(address)).toEqual(fetched);
  });

  it('a call that was not recorded is an error that says so, and asks nobody', async () => {
    const { llm, http } = replayingPorts(livePorts().llm, []);
    await expect(llm.generate(request, options)).rejects.toSatisfy((error) => hasCode(error, 'llm_unavailable'));
    await expect(http.fetch(address)).rejects.toSatisfy((error) => hasCode(error, 'http_failed'));
  });

  it('the model that a module gets without naming one is the one of the recording', () => {
    const named = namedModels(livePorts().llm, { default_provider: 'other', default_models: { other: 'o-2' } });
    expect([named.defaultProvider, named.list()[0]?.default_model]).toEqual(['other', 'o-2']);
  });
});
