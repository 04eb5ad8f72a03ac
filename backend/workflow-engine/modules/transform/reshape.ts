import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
import { rendererFor } from '../support/render-texts.ts';
import { compileShape, shapeFindings } from './shape/compile-shape.ts';
import { variableName } from './shape/dollar-names.ts';

export const transformReshape = defineModule({
  id: 'transform.reshape',
  kind: 'compute',
  revision: 1,
  title: 'Reshape',
  description: 'Builds data of another shape, once or for each item of a list, from templates.',
  inputs: z.object({
    source: field(z.unknown(), 'Source', 'The data to reshape: $source, or item by item with _for_each.'),
    template: field(
      z.unknown(),
      'Template',
      'The new shape; its texts and keys may hold templates. { _for_each: "$item", _output: … } maps over the source.',
    ),
    context_vars: field(
      z.record(z.string(), z.unknown()).default({}),
      'Variables',
      'More values that the templates may read.',
    ),
  }),
  outputs: z.object({
    result: field(z.unknown(), 'Result', 'The reshaped data.'),
  }),
  clientInputs: ['template'],
  check: (written) => shapeFindings(written['template'], 'template'),
  run(given, context) {
    const renderer = rendererFor(context);
    const { source, template, context_vars: variables } = given;
    const warn = (code: Parameters<typeof context.warn>[0], message: string, place: string) =>
      context.warn(code, message, {}, place);
    const mapping = isJsonObject(template) && Object.hasOwn(template, '_for_each') ? template : undefined;
    if (!mapping) {
      const shape = compileShape(template, { renderer, warn, place: 'inputs.template' });
      return { result: shape({ ...named(variables), source, _source: source }) };
    }
    const item = variableName(typeof mapping['_for_each'] === 'string' ? mapping['_for_each'] : '$item');
    const shape = compileShape(mapping['_output'] ?? null, { renderer, warn, place: 'inputs.template._output' });
    const items: unknown[] = Array.isArray(source) ? source : [source];
    const shared = { ...named(variables), source, _source: source };
    return { result: items.map((value, index) => shape({ ...shared, [item]: value, _index: index })) };
  },
});

/** Variables under the names that templates read them by: `$tone` and `tone` alike. */
function named(variables: JsonObject): JsonObject {
  const roots: JsonObject = {};
  for (const [name, value] of Object.entries(variables)) {
    roots[variableName(name)] = value;
    if (!name.startsWith('$')) roots[`_${name}`] = value;
  }
  return roots;
}
