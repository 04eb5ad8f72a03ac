import { LRUCache } from 'lru-cache';
import { compileVersion, type CompiledVersion } from '../definition/compile-version.ts';
import { WfmError } from '../errors/index.ts';
import type { ModuleRegistry } from '../modules/registry.ts';
import type { DefinitionStore } from '../ports/definition-store.ts';

/** Versions of one process kept compiled; the others are compiled again when they are needed. */
const KEPT = 100;

/** Definitions are immutable: each is read and compiled once a process. */
export class CompiledVersions {
  readonly #definitions: DefinitionStore;
  readonly #registry: ModuleRegistry;
  readonly #kept = new LRUCache<string, CompiledVersion>({ max: KEPT });

  constructor(definitions: DefinitionStore, registry: ModuleRegistry) {
    this.#definitions = definitions;
    this.#registry = registry;
  }

  /** Throws `version_not_found`, and the structural faults of a definition. */
  async get(versionId: string): Promise<CompiledVersion> {
    const known = this.#kept.get(versionId);
    if (known) return known;
    const definition = await this.#definitions.readDefinition({ versionId });
    if (definition === null)
      throw new WfmError('version_not_found', 'There is no such version.', { params: { version_id: versionId } });
    const compiled = compileVersion(definition, versionId, this.#registry);
    this.#kept.set(versionId, compiled);
    return compiled;
  }
}
