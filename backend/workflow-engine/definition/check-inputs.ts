import { isWfmError } from '../errors/index.ts';
import type { Diagnostic } from '../models/diagnostic.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import { parseInputs } from '../modules/parse-inputs.ts';
import { type CheckedModule, OpenPlaces, probeInputs } from './checked-module.ts';
import { at, joinPlaces } from './place.ts';
import { finding } from './report.ts';

/** Inputs of a module against what it says of them (format.md 4, 5.6, 5.9, 25.27); a template counts as any type. */
export function checkInputs(module: CheckedModule): Diagnostic[] {
  const found = checkResolvers(module.node.inputs['resolver_schema'], at(module.inputsPlace, 'resolver_schema'));
  if (!module.module) return found;
  const open = new OpenPlaces(module.plans.map(([, plan]) => plan));
  const probe = probeInputs(module.plans);
  found.push(...checkNames(module, probe), ...checkValues(module, probe, open), ...checkByModule(module, probe, open));
  return found;
}

function checkNames(
  { module, moduleId, inputsPlace, format, suggest }: CheckedModule,
  probe: JsonObject,
): Diagnostic[] {
  if (!module || module.inputs.def.catchall !== undefined) return [];
  const known = Object.keys(module.inputs.shape);
  const unknown = Object.keys(probe).filter(
    (name) => !known.includes(name) && name !== 'comment' && !name.startsWith('_'),
  );
  return unknown.map((name) => {
    const near = suggest(name, () => known);
    const params = { module_id: moduleId, input: name, inputs: known, ...near.params };
    const severity = format === 2 ? 'error' : 'warning';
    return finding('input_unknown', at(inputsPlace, name), `${moduleId} has no input "${name}".`, {
      params,
      hint: near.hint,
      severity,
    });
  });
}

/** The run-time check itself, on what is known now. */
function checkValues({ module, inputsPlace }: CheckedModule, probe: JsonObject, open: OpenPlaces): Diagnostic[] {
  if (!module) return [];
  try {
    parseInputs(module, probe, inputsPlace);
    return [];
  } catch (thrown) {
    // A schema's own refinement may stumble over a template where it expects more than a text.
    if (!isWfmError(thrown)) return [];
    return thrown.errors
      .filter((item) => !open.covers(item.path))
      .map((item) => finding(item.code, item.path, item.message, { params: item.params }));
  }
}

function checkByModule(
  { module, inputsPlace, format }: CheckedModule,
  probe: JsonObject,
  open: OpenPlaces,
): Diagnostic[] {
  if (!module?.check) return [];
  let findings: ReturnType<NonNullable<typeof module.check>>;
  try {
    findings = module.check(probe, format);
  } catch {
    // Inputs of a wrong type can upset a check that looks inside them; they are reported as such.
    return [];
  }
  return findings
    .map(({ code, path, message, params, severity }) => {
      const extra = { ...(params ? { params } : {}), ...(severity ? { severity } : {}) };
      return finding(code, joinPlaces(inputsPlace, path), message, extra);
    })
    .filter((diagnostic) => !open.covers(diagnostic.place));
}

/** Rule 5.6: what is neither `server` nor `client` counts as `client`. */
function checkResolvers(schema: unknown, place: string): Diagnostic[] {
  if (!isJsonObject(schema) || !isJsonObject(schema['properties'])) return [];
  return Object.entries(schema['properties']).flatMap(([name, entry]) => {
    if (!isJsonObject(entry)) return [];
    const here = at(at(place, 'properties'), name);
    const { resolver } = entry;
    const nested = checkResolvers(entry, here);
    if (resolver === undefined || resolver === 'server' || resolver === 'client') return nested;
    const message = `There is no resolver ${JSON.stringify(resolver)}; the input is left to the client.`;
    return [finding('resolver_unknown', at(here, 'resolver'), message, { params: { resolver } }), ...nested];
  });
}
