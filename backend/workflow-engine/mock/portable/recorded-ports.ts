import { z } from 'zod';
import { fromStoredError, isErrorCode, toStoredError, WfmError } from '../../errors/index.ts';
import { jsonObjectSchema } from '../../models/json.ts';
import type { HttpClient, HttpReply } from '../../ports/http-client.ts';
import type { LlmProvider, LlmReply } from '../../ports/llm-provider.ts';

/** What leaves the house. */
export interface Ports {
  llm: LlmProvider;
  http: HttpClient;
}

export const savedModelsSchema = z.strictObject({
  default_provider: z.string(),
  default_models: z.record(z.string(), z.string()),
});
type SavedModels = z.output<typeof savedModelsSchema>;

export const failureSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  params: jsonObjectSchema,
  transient: z.boolean(),
});

/** What one call to the outside brought. */
export const recordedCallSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('llm'),
    reply: z
      .strictObject({ text: z.string(), model: z.string(), truncated: z.boolean().optional(), usage: jsonObjectSchema })
      .optional(),
    error: failureSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('http'),
    reply: z
      .strictObject({
        url: z.string(),
        status: z.number().int(),
        headers: z.record(z.string(), z.string()),
        /** Base64. */
        body: z.string(),
      })
      .optional(),
    error: failureSchema.optional(),
  }),
]);
export type RecordedCall = z.output<typeof recordedCallSchema>;

/** The same ports, with every reply and fault written down in `calls`, in order. */
export function recordingPorts({ llm, http }: Ports, calls: RecordedCall[]): Ports {
  return {
    llm: {
      defaultProvider: llm.defaultProvider,
      list: () => llm.list(),
      async generate(request, options) {
        const reply = await llm.generate(request, options).catch((error: unknown) => {
          calls.push({ kind: 'llm', error: failureOf(error) });
          throw error;
        });
        const { text, model, truncated, usage } = reply;
        calls.push({
          kind: 'llm',
          reply: { text, model, usage: { ...usage }, ...(truncated === undefined ? {} : { truncated }) },
        });
        return reply;
      },
    },
    http: {
      async fetch(request) {
        const reply = await http.fetch(request).catch((error: unknown) => {
          calls.push({ kind: 'http', error: failureOf(error) });
          throw error;
        });
        const { url, status, headers, body } = reply;
        calls.push({ kind: 'http', reply: { url, status, headers, body: Buffer.from(body).toString('base64') } });
        return reply;
      },
    },
  };
}

/** Models and addresses that say what was recorded, in order, and nothing else: no network is touched. */
export function replayingPorts(models: LlmProvider, calls: readonly RecordedCall[]): Ports {
  const next = <K extends RecordedCall['kind']>(kind: K): (() => Extract<RecordedCall, { kind: K }>) => {
    const own = calls.filter((call): call is Extract<RecordedCall, { kind: K }> => call.kind === kind);
    let position = 0;
    return () => {
      const call = own[position];
      position += 1;
      if (call) return call;
      const code = kind === 'llm' ? 'llm_unavailable' : 'http_failed';
      throw new WfmError(code, `The saved preview holds no reply for call ${position}; it was made without one.`, {
        params: { call: position },
      });
    };
  };
  const nextModel = next('llm');
  const nextAddress = next('http');
  return {
    llm: {
      defaultProvider: models.defaultProvider,
      list: () => models.list(),
      async generate(): Promise<LlmReply> {
        const { reply, error } = nextModel();
        if (!reply) throw thrownAgain(error);
        const { truncated, ...rest } = reply;
        return truncated === undefined ? rest : { ...rest, truncated };
      },
    },
    http: {
      async fetch(): Promise<HttpReply> {
        const { reply, error } = nextAddress();
        if (!reply) throw thrownAgain(error);
        return { ...reply, body: new Uint8Array(Buffer.from(reply.body, 'base64')) };
      },
    },
  };
}

/** What inputs show of the models that there are: which is asked where a module names none. */
export function modelsOf(llm: LlmProvider): SavedModels {
  return {
    default_provider: llm.defaultProvider,
    default_models: Object.fromEntries(llm.list().map((info) => [info.provider, info.default_model])),
  };
}

/** The models of this machine as far as inputs show them: which is asked where a module names none. */
export function namedModels(llm: LlmProvider, named?: SavedModels): LlmProvider {
  if (!named) return llm;
  const known = new Map(Object.entries(named.default_models));
  return {
    defaultProvider: named.default_provider,
    list: () =>
      [...known].map(([provider, model]) => ({
        provider,
        title: provider,
        configured: true,
        default_model: model,
        models: [],
        demo: false,
      })),
    generate: (request, options) => llm.generate(request, options),
  };
}

function failureOf(error: unknown): z.output<typeof failureSchema> {
  const { code, message, params, transient } = toStoredError(error);
  return { code, message, params, transient };
}

/** The fault as it was. */
export function thrownAgain(error: z.output<typeof failureSchema> | undefined): WfmError {
  const code = error && isErrorCode(error.code) ? error.code : 'module_failed';
  return fromStoredError({
    code,
    title: '',
    message: error?.message ?? 'The call failed when the preview was saved.',
    params: error?.params ?? {},
    transient: error?.transient ?? false,
  });
}
