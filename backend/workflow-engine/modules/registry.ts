import { z } from 'zod';
import type { Module } from './module.ts';

/** What a module tells about itself over the wire (`GET /modules`). Schemas are JSON Schema 2020-12. */
export interface ModuleDescription {
  module_id: string;
  kind: 'compute' | 'effect' | 'interactive' | 'job';
  revision: number;
  title: string;
  description: string;
  own_store: boolean;
  inputs: unknown;
  outputs: unknown;
  client_inputs: string[];
  display_schema_inputs: string[];
}

export interface ModuleRegistry {
  find(moduleId: string): Module | undefined;
  /** By id. */
  list(): Module[];
  describe(): ModuleDescription[];
}

/** A registry of the given modules. Throws a TypeError when two share an id. */
export function createRegistry(modules: readonly Module[]): ModuleRegistry {
  const byId = new Map<string, Module>();
  for (const module of modules) {
    if (byId.has(module.id)) throw new TypeError(`two modules are called ${module.id}`);
    byId.set(module.id, module);
  }
  const sorted = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  let descriptions: ModuleDescription[] | undefined;
  return {
    find: (moduleId) => byId.get(moduleId),
    list: () => sorted,
    describe: () => {
      descriptions ??= sorted.map(describeModule);
      return descriptions;
    },
  };
}

function describeModule(module: Module): ModuleDescription {
  return {
    module_id: module.id,
    kind: module.kind,
    revision: module.revision,
    title: module.title,
    description: module.description,
    own_store: module.kind === 'effect' && module.ownStore === true,
    inputs: z.toJSONSchema(module.inputs, { io: 'input', unrepresentable: 'any' }),
    outputs: z.toJSONSchema(module.outputs, { io: 'output', unrepresentable: 'any' }),
    client_inputs: [...(module.clientInputs ?? [])],
    display_schema_inputs: [...(module.displaySchemaInputs ?? [])],
  };
}
