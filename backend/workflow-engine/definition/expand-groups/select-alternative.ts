import { WfmError } from '../../errors/index.ts';
import type { ModuleRegistry } from '../../modules/registry.ts';
import { versionIdOf } from '../canonical-json.ts';
import { alternativesOf, chooseAlternative } from './expand-groups.ts';

/** A definition and the name of its version. */
interface NamedDefinition {
  resolved: unknown;
  versionId: string;
}

/**
 * The definition that runs where this one is started (format.md 20): itself, or the alternative that suits the
 * capabilities best. Without any named, they are the ids of all interactive modules. Throws `capabilities_unmet`, and
 * the faults of `alternativesOf`.
 */
export function selectAlternative<N extends NamedDefinition>(
  given: N,
  registry: ModuleRegistry,
  capabilities?: readonly string[],
): N {
  const alternatives = alternativesOf(given.resolved);
  if (alternatives.length === 0) return given;
  const there = capabilities ?? standardCapabilities(registry);
  const chosen = chooseAlternative(alternatives, there);
  if (!chosen) {
    const wanted = alternatives.flatMap(({ requires }) => requires.map(({ capability }) => capability));
    const missing = [...new Set(wanted)].filter((capability) => !there.includes(capability)).sort();
    throw new WfmError(
      'capabilities_unmet',
      `No version of this workflow runs with the capabilities given. Missing: ${missing.join(', ')}.`,
      { params: { missing }, place: 'capabilities' },
    );
  }
  const resolved = chosen.definition();
  return { ...given, resolved, versionId: versionIdOf(resolved) };
}

/** What a client can do that does not say: everything that asks a person. */
function standardCapabilities(registry: ModuleRegistry): string[] {
  return registry.list().flatMap((module) => (module.kind === 'interactive' ? [module.id] : []));
}
