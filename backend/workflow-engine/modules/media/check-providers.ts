import type { JsonObject } from '../../models/json.ts';
import { isJsonObject } from '../../models/json.ts';
import { mediaActionSchema } from '../../models/media.ts';
import type { MediaAction, MediaCatalogue } from '../../ports/media-provider.ts';
import type { DefinitionFinding, Module } from '../module.ts';

/** Names of providers as an author wrote them, with their places. */
type Named = { provider: string; path: string }[];

/**
 * The given modules, with those of media checked against a catalogue when a definition is loaded: a provider that cannot
 * do the action is `provider_action_unsupported` with the alternatives, one whose action is retired is explained; in
 * format 1 that is only a warning (format.md 14.11, 15.1, 25.28).
 */
export function withProviderChecks(modules: readonly Module[], catalogue: MediaCatalogue): Module[] {
  return modules.map((module) => {
    const named = namesIn[module.id];
    if (!named) return module;
    const check: Module['check'] = (written, format = 2) => [
      ...(module.check?.(written, format) ?? []),
      ...findings(catalogue, named(written), written.action_type, format),
    ];
    return { ...module, check };
  });
}

const namesIn: Record<string, (written: JsonObject) => Named> = {
  'media.render': ({ provider }) => literal(provider, 'provider'),
  'media.generateV2': ({ providers }) =>
    Array.isArray(providers) ? providers.flatMap((name, index) => literal(name, `providers[${index}]`)) : [],
  'media.generate': ({ prompts }) =>
    Array.isArray(prompts)
      ? prompts.flatMap((item, index) =>
          isJsonObject(item) ? literal(item.provider, `prompts[${index}].provider`) : [],
        )
      : [],
};

function literal(value: unknown, path: string): Named {
  return typeof value === 'string' && value !== '' && !value.includes('{') ? [{ provider: value, path }] : [];
}

function findings(catalogue: MediaCatalogue, named: Named, actionType: unknown, format: 1 | 2): DefinitionFinding[] {
  const parsed = mediaActionSchema.safeParse(actionType ?? 'txt2img');
  if (!parsed.success) return [];
  const action = parsed.data;
  return named.flatMap(({ provider, path }) => {
    const wrong = whyNot(catalogue, provider, action);
    if (!wrong) return [];
    const { message, alternatives, retired } = wrong;
    const params = { provider, action, alternatives, retired };
    const severity = format === 1 && retired ? ('warning' as const) : ('error' as const);
    return [{ code: 'provider_action_unsupported' as const, path, message, params, severity }];
  });
}

function whyNot(
  catalogue: MediaCatalogue,
  provider: string,
  action: MediaAction,
): { message: string; alternatives: string[]; retired: boolean } | null {
  const info = catalogue.find(provider);
  const gone = info?.retiredActions?.[action];
  if (gone) return { message: gone.explanation, alternatives: gone.alternatives, retired: true };
  if (info?.models.some((model) => model.action === action)) return null;
  const able = catalogue.list().filter(({ models }) => models.some((model) => model.action === action));
  const alternatives = able.map(({ id }) => id);
  const those = alternatives.length > 0 ? ` Those that can: ${alternatives.join(', ')}.` : '';
  const message = info
    ? `${info.label} cannot do ${action}.${those}`
    : `There is no media provider "${provider.slice(0, 40)}".${those}`;
  return { message, alternatives, retired: false };
}
