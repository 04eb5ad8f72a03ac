import { z } from 'zod';
import { WfmError } from '../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
import { chosenGroups } from '../support/chosen-groups.ts';

const groups = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);

export const transformBuildDynamicSchema = defineModule({
  id: 'transform.build_dynamic_schema',
  kind: 'compute',
  revision: 1,
  title: 'Build a schema',
  description: 'Merges the schemas of chosen groups into one, for a model to answer under.',
  inputs: z.object({
    schema_paths: field(groups.optional(), 'Schemas', 'The schema of each group, by key or in a list.'),
    data: field(groups.optional(), 'Groups', 'All groups, each with its schema, by key or in a list.'),
    selected_indices: field(z.array(z.unknown()).optional(), 'Chosen', 'Which groups were chosen; absent takes all.'),
    selected_group_configs: field(groups.optional(), 'Chosen groups', 'The chosen groups themselves, instead of data.'),
    schema_key: field(z.string().min(1).default('schema'), 'Schema key', 'Where a group keeps its schema.'),
    root_property: field(
      z.string().min(1).default('prompts'),
      'Root property',
      'The property whose fields are merged.',
    ),
    wrapper_schema: field(
      z.record(z.string(), z.unknown()).optional(),
      'Wrapper',
      'The schema into which the merged fields go.',
    ),
  }),
  outputs: z.object({
    merged_schema: field(z.record(z.string(), z.unknown()), 'Schema', 'One schema for all chosen groups.'),
  }),
  run(given, context) {
    const root = given.root_property;
    if (['__proto__', 'constructor', 'prototype'].includes(root)) {
      throw new WfmError('input_invalid', `No property may be called ${root}.`, { place: 'inputs.root_property' });
    }
    const chosen = chosenGroups({
      groups: given.schema_paths ?? given.data,
      selectedIndices: given.selected_indices,
      selectedConfigs: given.selected_group_configs,
    });
    const properties: JsonObject = {};
    const required = new Set<string>();
    for (const { name, group } of chosen) {
      const part = rootPart(group, given.schema_key, root);
      if (!part) {
        context.warn(
          'undefined_reference',
          `The group "${name}" has no schema with the property "${root}" and was skipped.`,
          { group: name },
        );
        continue;
      }
      Object.assign(properties, part.properties);
      for (const field of part.required) required.add(field);
    }
    return { merged_schema: wrap(given.wrapper_schema, root, properties, [...required]) };
  },
});

/** `properties.<root>` of a group's schema; the group may be that schema itself. */
function rootPart(
  group: JsonObject,
  schemaKey: string,
  root: string,
): { properties: JsonObject; required: string[] } | undefined {
  const schema = Object.hasOwn(group, schemaKey) ? group[schemaKey] : group;
  const node = member(member(schema, 'properties'), root);
  const properties = member(node, 'properties');
  if (!isJsonObject(properties)) return undefined;
  const required = member(node, 'required');
  return { properties, required: Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [] };
}

function member(node: unknown, key: string): unknown {
  return isJsonObject(node) && Object.hasOwn(node, key) ? node[key] : undefined;
}

function wrap(wrapper: JsonObject | undefined, root: string, properties: JsonObject, required: string[]): JsonObject {
  const merged = { type: 'object', properties, required, additionalProperties: false };
  if (!wrapper)
    return { type: 'object', properties: { [root]: merged }, required: [root], additionalProperties: false };
  const outer = member(wrapper, 'properties');
  const own = member(outer, root);
  const kept = isJsonObject(own) ? own : { type: 'object', additionalProperties: false };
  const ownRequired = member(own, 'required');
  const inner = {
    ...kept,
    properties: { ...(member(own, 'properties') as JsonObject | undefined), ...properties },
    required: [...new Set([...(Array.isArray(ownRequired) ? (ownRequired as string[]) : []), ...required])],
  };
  return { ...wrapper, properties: { ...(isJsonObject(outer) ? outer : {}), [root]: inner } };
}
