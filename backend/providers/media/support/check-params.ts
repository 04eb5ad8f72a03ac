import { type ErrorItem, WfmError } from '@wfm/workflow-engine/errors';
import { isJsonObject, type JsonObject } from '@wfm/workflow-engine/models';
import { validateAgainst } from '@wfm/workflow-engine/schema';
import type { MediaModel } from '@wfm/workflow-engine/ports';

/**
 * Parameters with the schema's defaults filled in, checked by the model's closed schema. In: as entered. Out: a new
 * object. Throws `input_invalid` with an entry per fault below `params`; an unknown parameter is a fault, never dropped.
 */
export function checkParams(model: MediaModel, params: JsonObject): JsonObject {
  const filled = withDefaults(model.params, params);
  const faults = validateAgainst(model.params, filled, { place: 'params', faults: 20 });
  if (faults.length === 0) return filled;
  const errors = faults.map(
    (fault): ErrorItem => ({
      path: `params${fault.path === '' || fault.path.startsWith('[') ? '' : '.'}${fault.path}`,
      code: 'input_invalid',
      params: { keyword: fault.keyword, ...fault.params },
      message: fault.message,
    }),
  );
  const first = errors[0]!;
  throw new WfmError('input_invalid', `The parameters do not fit ${model.label}. ${first.path}: ${first.message}`, {
    place: first.path,
    params: { model: model.id, keyword: faults[0]!.keyword },
    errors,
  });
}

/** Fills what is absent, at the top level only: no vendor here has defaults further down. */
function withDefaults(schema: JsonObject, params: JsonObject): JsonObject {
  const filled: [string, unknown][] = Object.entries(params);
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  for (const [name, property] of Object.entries(properties)) {
    if (Object.hasOwn(params, name) || !isJsonObject(property) || !Object.hasOwn(property, 'default')) continue;
    filled.push([name, structuredClone(property['default'])]);
  }
  // `fromEntries` defines, so that a parameter called `__proto__` stays one and is refused as unknown.
  return Object.fromEntries(filled);
}
