import { WfmError } from '@wfm/workflow-engine/errors';
import { type JsonObject, jsonObjectSchema } from '@wfm/workflow-engine/models';
import type { MediaContext, MediaProvider } from '@wfm/workflow-engine/ports';

/** The prompt of an order that ends its worker's process. */
export const POISON = 'poison';

/** The client of `startFakeVendor`. */
export function httpProvider(url: string, options: { mayRepeat: boolean; pollAfterMs: number }): MediaProvider {
  const call = async (context: MediaContext, method: string, path: string, body?: object): Promise<JsonObject> => {
    const started = performance.now();
    let reply: JsonObject | null = null;
    try {
      const answer = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${context.apiKey}`, 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
        signal: context.signal,
      }).catch((cause: unknown) => {
        context.signal.throwIfAborted();
        throw new WfmError('provider_failed', 'The vendor cannot be reached.', { transient: true, cause });
      });
      reply = jsonObjectSchema.parse(await answer.json());
      if (!answer.ok)
        throw new WfmError('provider_failed', 'The vendor has a fault.', { transient: answer.status >= 500 });
      return reply;
    } finally {
      const duration_ms = Math.round(performance.now() - started);
      context.recordCall({ target: `${method} ${path}`, request: body ?? null, reply, error: null, duration_ms });
    }
  };
  return {
    mayRepeat: options.mayRepeat,
    info: () => ({
      id: 'acme',
      label: 'Acme',
      ready: true,
      models: [],
      promptSchemas: {},
      limits: { atOnce: 3 },
      jobTimeoutMs: 60_000,
    }),
    estimate: async () => ({ cost: null, basis: 'unknown', notes: [] }),
    async submit({ idempotencyKey: key, prompt }, context) {
      if (prompt === POISON) process.kill(process.pid, 'SIGKILL');
      const { id } = await call(context, 'POST', '/jobs', { key, prompt });
      return { kind: 'started', operation: { id }, pollAfterMs: options.pollAfterMs };
    },
    async poll({ id }, context) {
      const { status, url: file } = await call(context, 'GET', `/jobs/${String(id)}`);
      if (status !== 'done')
        return { kind: 'pending', progress: { phase: 'running' }, pollAfterMs: options.pollAfterMs };
      const outputs = [{ source: { url: String(file) }, mime: 'image/png' }];
      return { kind: 'done', result: { outputs, warnings: [], vendorJobId: String(id), response: { id } } };
    },
    async cancel({ id }, context) {
      await call(context, 'DELETE', `/jobs/${String(id)}`);
      return 'cancelled';
    },
  };
}
