import { z } from 'zod';
import { contentHash } from '../execution/hash.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import type { Module } from '../modules/module.ts';
import { sampleValue } from '../schema/index.ts';
import { readableName } from '../schema/sample-text.ts';

/** What a schema may say without saying anything about the value. */
const annotations = new Set(['$schema', 'title', 'description', '$comment', 'examples', 'default']);

/** Output schemas of a module as JSON Schema, by output name. */
const schemasOf = new WeakMap<Module, JsonObject>();

/**
 * Outputs of a module that nobody calls: fixed ones and schemas by its mock data rules, the others from its output
 * schema (format.md 17.2). Each output draws from the seed and its own pointer, so that one more output leaves the
 * others alone (17.3). Throws `mock_schema_unsupported`, naming the output.
 *
 * @param only the outputs that are wanted; all by default
 */
export function generateOutputs(
  module: Module,
  inputs: JsonObject,
  seed: string,
  only?: (name: string) => boolean,
): JsonObject {
  const rules = ('mock' in module ? module.mock?.(inputs) : undefined) ?? {};
  const fixed = rules.outputs ?? {};
  const own = rules.schemas ?? {};
  const declared = outputSchemas(module);
  const outputs: JsonObject = {};
  for (const name of new Set([...Object.keys(declared), ...Object.keys(fixed), ...Object.keys(own)])) {
    if (only && !only(name)) continue;
    if (Object.hasOwn(fixed, name)) outputs[name] = fixed[name];
    else {
      const schema = Object.hasOwn(own, name) ? own[name] : declared[name];
      outputs[name] = sampleValue(titled(schema, name), { seed: contentHash([seed, `/${name}`]) });
    }
  }
  return sayTheSame(outputs, (name) => !Object.hasOwn(fixed, name) && (!only || only(name)));
}

/**
 * `x_text` beside `x` is the text of x, as `api.llm` has them: two drawn apart would contradict each other, in a
 * preview and in the conversation of a retry (format.md 12.4). `mayChange` says which outputs were generated.
 */
export function sayTheSame(outputs: JsonObject, mayChange: (name: string) => boolean): JsonObject {
  for (const [name, value] of Object.entries(outputs)) {
    const twin = `${name}_text`;
    if (!Object.hasOwn(outputs, twin) || !mayChange(twin)) continue;
    outputs[twin] = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  }
  return outputs;
}

function outputSchemas(module: Module): JsonObject {
  let schemas = schemasOf.get(module);
  if (!schemas) {
    const whole = z.toJSONSchema(module.outputs, { io: 'input', unrepresentable: 'any' }) as JsonObject;
    const definitions = whole['$defs'];
    schemas = {};
    for (const [name, schema] of Object.entries(whole['properties'] ?? {})) {
      // A local reference keeps its meaning when the property stands alone.
      schemas[name] = isJsonObject(schema) && definitions !== undefined ? { ...schema, $defs: definitions } : schema;
    }
    schemasOf.set(module, schemas);
  }
  return schemas;
}

/** A text of the value begins with its title, so that a reader sees which output it is (format.md 17.4). */
function titled(schema: unknown, name: string): unknown {
  if (saysNothing(schema)) return undefined;
  return isJsonObject(schema) ? { title: readableName(name), ...schema } : schema;
}

function saysNothing(schema: unknown): boolean {
  return schema === true || (isJsonObject(schema) && Object.keys(schema).every((key) => annotations.has(key)));
}
