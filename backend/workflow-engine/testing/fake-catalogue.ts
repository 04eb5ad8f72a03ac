import { WfmError } from '../errors/index.ts';
import type { JsonObject } from '../models/json.ts';
import type { MediaAction, MediaCatalogue, MediaProviderInfo } from '../ports/media-provider.ts';

const params: JsonObject = {
  type: 'object',
  properties: { num_images: { type: 'integer', minimum: 1, maximum: 4, default: 1 }, seed: { type: 'integer' } },
  additionalProperties: false,
};

/** One provider as a catalogue has it, for tests. */
export function fakeProvider(
  id: string,
  actions: MediaAction[],
  own: Partial<MediaProviderInfo> = {},
): MediaProviderInfo {
  return {
    id,
    label: `The ${id}`,
    ready: true,
    models: actions.map((action) => ({ id: `${id}-${action}`, label: `${id} ${action}`, action, params })),
    promptSchemas: {},
    limits: { atOnce: 2 },
    jobTimeoutMs: 60_000,
    ...own,
  };
}

/** A catalogue that knows the given providers, and refuses parameters that their models do not list. */
export function fakeCatalogue(
  providers: MediaProviderInfo[] = [
    fakeProvider('local', ['txt2img', 'img2vid', 'txt2audio', 'compose']),
    fakeProvider('leonardo', ['txt2img', 'img2vid']),
    fakeProvider('openai', ['txt2img'], {
      retiredActions: { img2vid: { explanation: 'It is gone.', alternatives: ['local'] } },
    }),
  ],
): MediaCatalogue {
  const find = (id: string): MediaProviderInfo | null => providers.find((info) => info.id === id) ?? null;
  return {
    list: () => providers,
    find,
    metadata: async (id) => ({ metadata: { aspect_ratio: ['1:1', '16:9'], of: id } }),
    check({ provider, action, model, params: given }) {
      const models = find(provider)?.models.filter((candidate) => candidate.action === action) ?? [];
      const found = model === null ? models[0] : models.find(({ id }) => id === model);
      if (!found) throw new WfmError('provider_action_unsupported', `${provider} cannot do ${action}.`);
      const known = found.params.properties as JsonObject;
      for (const name of Object.keys(given)) {
        if (Object.hasOwn(known, name)) continue;
        throw new WfmError('input_invalid', `${found.label} has no parameter "${name}".`, { place: `params.${name}` });
      }
      return { model: found.id, params: { num_images: 1, ...given } };
    },
    estimate: async () => ({ cost: null, basis: 'unknown', notes: [] }),
  };
}
