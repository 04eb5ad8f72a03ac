import type { CompiledModule } from '../../definition/compile-version.ts';
import { WfmError } from '../../errors/index.ts';
import type { JsonObject } from '../../models/json.ts';

const refused = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Throws `request_invalid` for inputs edited by hand that the module does not have (format.md 10.5): they would be
 * dropped, and the record would say otherwise. Their values are checked where all inputs are, when the module starts.
 */
export function assertOverride({ module }: CompiledModule, override: JsonObject): void {
  const { inputs } = module ?? {};
  const takesAny = !inputs || inputs.def.catchall !== undefined;
  const unknown = Object.keys(override).find(
    (name) => refused.has(name) || (!takesAny && !Object.hasOwn(inputs.shape, name)),
  );
  if (unknown === undefined) return;
  const known = Object.keys(inputs?.shape ?? {});
  throw new WfmError('request_invalid', `The module has no input "${unknown}". Its inputs: ${known.join(', ')}.`, {
    place: `inputs_override.${unknown}`,
    params: { input: unknown, known },
  });
}
