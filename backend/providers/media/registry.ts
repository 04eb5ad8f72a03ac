import { hasCode, WfmError } from '@wfm/workflow-engine/errors';
import type { JsonObject } from '@wfm/workflow-engine/models';
import type {
  CredentialStore,
  MediaAction,
  MediaCatalogue,
  MediaContext,
  MediaInput,
  MediaModel,
  MediaProvider,
  MediaProviderInfo,
} from '@wfm/workflow-engine/ports';
import { builtInSample } from './catalogue/built-in-samples.ts';
import { createMetadataCache } from './metadata-cache.ts';
import { checkRequest, findModel, isRetired } from './support/check-request.ts';

export interface MediaProvidersOptions {
  /** Ids differ; several implementations of one id are merged before (`mergeProviders`). */
  providers: readonly MediaProvider[];
  /** The server's own keys by provider id. */
  keys: Readonly<Record<string, string | undefined>>;
  /** Users' own keys, which go before the server's. */
  credentials?: Pick<CredentialStore, 'get'>;
  now?: () => Date;
}

export interface MediaProviders {
  catalogue: MediaCatalogue;
  /** Null for an unknown provider. */
  provider(id: string): MediaProvider | null;
  /** Null where the server has none, or the provider needs none. */
  serverKey(id: string): string | null;
}

type Asked = Omit<Parameters<MediaCatalogue['estimate']>[0], 'userId'>;

/** An estimate is asked while a person waits. */
const estimateMs = 10_000;

/**
 * All media providers of a program: the catalogue that modules ask, and the providers that a worker calls. Reads
 * nothing but what it is given. Throws a `TypeError` when two providers share an id.
 */
export function createMediaProviders(options: MediaProvidersOptions): MediaProviders {
  const { providers, keys, credentials, now = () => new Date() } = options;
  const byId = new Map(providers.map((provider) => [provider.info().id, provider]));
  if (byId.size !== providers.length) throw new TypeError('two media providers share one id');
  const serverKey = (id: string): string | null => (Object.hasOwn(keys, id) ? (keys[id] ?? null) : null);
  const keyFor = async (id: string, userId: string | undefined): Promise<string | null> => {
    const own = userId === undefined ? null : await credentials?.get({ userId, provider: id });
    return own ?? serverKey(id);
  };
  const cache = createMetadataCache(now);

  const checked = ({ provider: id, inputs, ...asked }: Asked) => {
    const provider = byId.get(id);
    const info = provider?.info();
    const { action } = asked;
    const offers = info?.models.some((model) => model.action === action) ?? false;
    if (provider === undefined || info === undefined || !(offers || info.retiredActions?.[action] !== undefined))
      throw unsupported(id, action, whoOffers(byId.values(), action, now()), info?.label);
    const model = usableModel(info, action, asked.model, now());
    const request = { ...asked, model: model.id, inputs: inputs ?? fewestInputs(model) };
    const { params } = checkRequest(info, request, now());
    return { provider, info, request: { ...request, params } };
  };

  const catalogue: MediaCatalogue = {
    list: () => [...byId.values()].map((provider) => provider.info()),
    find: (id) => byId.get(id)?.info() ?? null,
    metadata: async (id, action) => {
      const provider = byId.get(id);
      if (provider === undefined) return { metadata: {} };
      const sample = () => builtInSample(provider.info(), action, now());
      if (provider.metadata === undefined) return { metadata: sample() };
      const ask = (signal: AbortSignal) => provider.metadata!(action, contextOf(serverKey(id), now(), signal));
      return cache.read(`${id} ${action}`, provider.info().label, ask, sample);
    },
    check: (request) => {
      const { model, params } = checked({ ...request, inputs: undefined }).request;
      return { model, params };
    },
    estimate: async ({ userId, ...asked }) => {
      const { provider, info, request } = checked(asked);
      const apiKey = await keyFor(info.id, userId);
      if (!info.ready && apiKey === null) throw notConfigured(info);
      return provider.estimate(request, contextOf(apiKey, now(), AbortSignal.timeout(estimateMs)));
    },
  };
  return { catalogue, provider: (id) => byId.get(id) ?? null, serverKey };
}

/** What is asked for the catalogue belongs to no run, so its calls are kept nowhere. */
function contextOf(apiKey: string | null, now: Date, signal: AbortSignal): MediaContext {
  return { signal, apiKey, now, report: () => undefined, recordCall: () => undefined };
}

/** Stands for files that are not chosen yet: as few as the model asks for. An estimate reads none of them. */
function fewestInputs(model: MediaModel): MediaInput[] {
  return (model.inputs ?? []).flatMap(({ role, mime, min }) =>
    Array.from({ length: min }, () => ({
      role,
      mime: (mime[0] ?? '').replace('/*', '/png'),
      bytes: 0,
      sha256: '',
      read: () => Promise.reject(new TypeError('an estimate reads no files')),
    })),
  );
}

/** To whoever asks beforehand, a retired model is an action that is not offered any more (format.md 15.1). */
function usableModel(info: MediaProviderInfo, action: MediaAction, id: string | null, now: Date): MediaModel {
  try {
    return findModel(info, action, id, now);
  } catch (thrown) {
    if (!hasCode(thrown, 'model_unknown') || thrown.params['reason'] !== 'retired') throw thrown;
    const alternatives = [thrown.params['replaced_by']].filter((model) => typeof model === 'string');
    throw new WfmError('provider_action_unsupported', thrown.message, { params: { ...thrown.params, alternatives } });
  }
}

function whoOffers(providers: Iterable<MediaProvider>, action: MediaAction, now: Date): string[] {
  const offers = (model: MediaModel) => model.action === action && !isRetired(model, now);
  return [...providers]
    .map((provider) => provider.info())
    .filter((info) => info.models.some(offers))
    .map((info) => info.id);
}

function unsupported(id: string, action: MediaAction, alternatives: string[], label?: string): WfmError {
  const name = label ?? id.slice(0, 60);
  const why = label === undefined ? `There is no media provider "${name}".` : `${name} does not offer ${action}.`;
  const others = alternatives.length === 0 ? '' : ` Providers that offer ${action}: ${alternatives.join(', ')}.`;
  const params: JsonObject = { provider: id.slice(0, 60), action, alternatives };
  return new WfmError('provider_action_unsupported', `${why}${others}`, { params });
}

function notConfigured({ id, label, reason }: MediaProviderInfo): WfmError {
  return new WfmError('provider_not_configured', reason ?? `${label} is not configured on this server.`, {
    params: { provider: id },
  });
}
