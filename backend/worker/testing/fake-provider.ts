import { WfmError } from '@wfm/workflow-engine/errors';
import type { MediaContext, MediaProvider, MediaRequest, MediaResult } from '@wfm/workflow-engine/ports';
import { PICTURE } from './fake-inspect.ts';

/** A provider whose answers a test writes; it remembers who asked for what under which key. */
export interface FakeProvider extends MediaProvider {
  submits: { request: MediaRequest; apiKey: string | null }[];
  polls: number;
  cancels: number;
}

export function pictureResult(text = 'one'): MediaResult {
  return {
    outputs: [{ source: { data: Buffer.from(PICTURE + text) }, mime: 'image/png', seed: 7 }],
    warnings: [],
    cost: { amount: '0.04', unit: 'USD' },
    vendorJobId: 'job-1',
    response: { id: 'job-1' },
  };
}

/** Answers at once with a picture unless told otherwise. */
export function fakeProvider(
  changes: Partial<Pick<MediaProvider, 'submit' | 'poll' | 'cancel' | 'mayRepeat'>> & { jobTimeoutMs?: number } = {},
): FakeProvider {
  const provider: FakeProvider = {
    submits: [],
    polls: 0,
    cancels: 0,
    mayRepeat: changes.mayRepeat ?? false,
    info: () => ({
      id: 'acme',
      label: 'Acme',
      ready: true,
      models: [],
      promptSchemas: {},
      limits: { atOnce: 3 },
      jobTimeoutMs: changes.jobTimeoutMs ?? 600_000,
    }),
    estimate: async () => ({ cost: null, basis: 'unknown', notes: [] }),
    async submit(request, context) {
      provider.submits.push({ request, apiKey: context.apiKey });
      record(context, 'POST acme/jobs', request.prompt);
      return (await changes.submit?.(request, context)) ?? { kind: 'done', result: pictureResult() };
    },
    async poll(operation, context) {
      provider.polls += 1;
      if (!changes.poll) throw new WfmError('provider_failed', 'There is nothing to look at.');
      return changes.poll(operation, context);
    },
    async cancel(operation, context) {
      provider.cancels += 1;
      return (await changes.cancel?.(operation, context)) ?? 'cancelled';
    },
  };
  return provider;
}

/** With the key in it, as a careless provider would. */
function record(context: MediaContext, target: string, prompt: string): void {
  const request = { prompt, headers: { authorization: `Bearer ${context.apiKey}` } };
  context.recordCall({ target, request, reply: { ok: true }, error: null, duration_ms: 3 });
}
