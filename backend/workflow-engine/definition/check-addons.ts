import { isWfmError } from '../errors/index.ts';
import type { Diagnostic } from '../models/diagnostic.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import type { Addon } from '../modules/addons/addon.ts';
import { findAddon, standardAddons } from '../modules/addons/standard-addons.ts';
import { parseInputs } from '../modules/parse-inputs.ts';
import { type CheckedModule, OpenPlaces } from './checked-module.ts';
import { planRendered, probeOf } from './input-plan.ts';
import { at } from './place.ts';
import { finding } from './report.ts';

/** An addon fails softly (format.md 16), so what is wrong with one is a warning and stops nothing. */
export function checkAddons({ node, module, place, suggest }: CheckedModule): Diagnostic[] {
  const addons = node.addons ?? [];
  if (addons.length > 0 && module && !(module.kind === 'interactive' && module.addonItems)) {
    const message = `${module.id} takes no addons; they mark the items of user.select.`;
    return [finding('definition_invalid', at(place, 'addons'), message, { severity: 'warning' })];
  }
  return addons.flatMap((node, index) => {
    const here = at(at(place, 'addons'), index);
    const id = node['addon_id'];
    const addon = findAddon(id);
    if (addon) return checkAddonInputs(addon, node['inputs'], at(here, 'inputs'));
    const near = suggest(typeof id === 'string' ? id : '', () => standardAddons.map((known) => known.id));
    const message = `There is no such addon: ${typeof id === 'string' ? `"${id}"` : 'it has no "addon_id"'}.`;
    const params = { addon_id: id ?? null, ...near.params };
    return [finding('module_not_registered', here, message, { params, hint: near.hint, severity: 'warning' })];
  });
}

function checkAddonInputs(addon: Addon, written: unknown, place: string): Diagnostic[] {
  if (written !== undefined && !isJsonObject(written)) {
    return [finding('input_invalid', place, 'The inputs of an addon are an object.', { severity: 'warning' })];
  }
  const plan = planRendered(written ?? {}, place);
  const open = new OpenPlaces([plan]);
  const unknown = Object.keys(written ?? {}).filter((name) => !Object.hasOwn(addon.inputs.shape, name));
  const found = unknown.map((name) => {
    const params = { addon_id: addon.id, input: name, inputs: Object.keys(addon.inputs.shape) };
    const message = `${addon.id} has no input "${name}".`;
    return finding('input_unknown', at(place, name), message, { params, severity: 'warning' });
  });
  try {
    parseInputs(addon, probeOf(plan) as JsonObject, place);
  } catch (thrown) {
    if (!isWfmError(thrown)) throw thrown;
    const faults = (thrown.errors ?? []).filter(({ path }) => !open.covers(path));
    found.push(
      ...faults.map(({ path, params, message }) =>
        finding('input_invalid', path, message, { params, severity: 'warning' }),
      ),
    );
  }
  return found;
}
