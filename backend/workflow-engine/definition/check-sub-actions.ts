import type { Diagnostic } from '../models/diagnostic.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import { moduleSchema } from '../models/workflow.ts';
import type { ModuleRegistry } from '../modules/registry.ts';
import { checkInputs } from './check-inputs.ts';
import { checkModule } from './check-modules.ts';
import type { Layout } from './check-targets.ts';
import { checkModuleTemplates } from './check-templates.ts';
import { type CheckedModule, checkedModule } from './checked-module.ts';
import { at } from './place.ts';
import { finding } from './report.ts';

const kinds = ['self_sub_action', 'target_sub_action'];

/** Sub-actions of a module (format.md 13): one kind of action each, with a target that exists and asks nobody. */
export function checkSubActions(module: CheckedModule, layout: Layout, registry: ModuleRegistry): Diagnostic[] {
  return (module.node.sub_actions ?? []).flatMap((subAction, index) => {
    const place = at(at(module.place, 'sub_actions'), index);
    const { id, actions } = subAction;
    const found: Diagnostic[] = [];
    if (typeof id !== 'string' || id === '') {
      found.push(finding('definition_invalid', at(place, 'id'), 'A sub-action needs an "id".'));
    }
    if (!Array.isArray(actions) || actions.length === 0) {
      found.push(finding('definition_invalid', at(place, 'actions'), 'A sub-action needs a list of "actions".'));
      return found;
    }
    const types = new Set<string>();
    for (const [number, action] of (actions as unknown[]).entries()) {
      const here = at(at(place, 'actions'), number);
      const type = isJsonObject(action) ? action['type'] : undefined;
      if (!isJsonObject(action) || typeof type !== 'string' || !kinds.includes(type)) {
        const message = `An action must have the type ${kinds.join(' or ')}.`;
        found.push(finding('definition_invalid', at(here, 'type'), message, { params: { types: kinds } }));
        continue;
      }
      types.add(type);
      if (type === 'target_sub_action') found.push(...checkTargetAction(action, here, { module, layout, registry }));
    }
    if (types.size > 1) {
      const message = 'A sub-action may not mix calls of its own module with calls of others.';
      found.push(finding('sub_action_mixed', at(place, 'actions'), message, { params: { types: [...types] } }));
    }
    return [...found, ...checkMapping(subAction, place)];
  });
}

interface Context {
  module: CheckedModule;
  layout: Layout;
  registry: ModuleRegistry;
}

function checkTargetAction(action: JsonObject, place: string, context: Context): Diagnostic[] {
  const { layout, registry } = context;
  const { ref } = action;
  const inline = typeof action['module_id'] === 'string';
  if (!isJsonObject(ref)) {
    if (inline) return checkInline(action, place, context);
    const message = 'The action needs a "ref" to a module, or a "module_id" of its own.';
    return [finding('sub_action_target_missing', place, message)];
  }
  const { step_id: stepId, module_name: name } = ref;
  const target = layout.get(String(stepId))?.get(String(name));
  if (!target) {
    const wanted = `${String(stepId)}/${String(name)}`;
    const near = context.module.suggest(wanted, () => pathsOf(layout));
    const params = { step_id: stepId ?? null, module_name: name ?? null, ...near.params };
    return [
      finding('sub_action_target_missing', at(place, 'ref'), `There is no module ${wanted}.`, {
        params,
        hint: near.hint,
      }),
    ];
  }
  const overrides = isJsonObject(action['overrides']) ? action['overrides'] : {};
  const written = action['module_id'] ?? overrides['module_id'];
  return checkInteractive(typeof written === 'string' ? written : target.moduleId, at(place, 'ref'), registry);
}

function* pathsOf(layout: Layout): Generator<string> {
  for (const [step, modules] of layout) for (const name of modules.keys()) yield `${step}/${name}`;
}

/** A module that the action itself describes is checked like any other. */
function checkInline(action: JsonObject, place: string, context: Context): Diagnostic[] {
  const { module, registry } = context;
  const { type: _type, ref: _ref, overrides: _overrides, ...fields } = action;
  const parsed = moduleSchema.safeParse(fields);
  if (!parsed.success) {
    return [finding('definition_invalid', place, 'The module of this action has the wrong shape.')];
  }
  const node = parsed.data;
  const { stepId, stepName, format, order, suggest } = module;
  const view = {
    place,
    stepId,
    index: 0,
    name: node.name ?? node.module_id,
    named: true,
    moduleId: node.module_id,
    node,
  };
  const checked = checkedModule(view, { format, registry, stepName, order, suggest });
  return [
    ...checkModule(checked, registry),
    ...checkInteractive(node.module_id, at(place, 'module_id'), registry),
    ...checkInputs(checked),
    ...checkModuleTemplates(checked),
  ];
}

function checkInteractive(moduleId: string, place: string, registry: ModuleRegistry): Diagnostic[] {
  if (registry.find(moduleId)?.kind !== 'interactive') return [];
  const message = `A sub-action may not ask a person, and ${moduleId} does.`;
  return [finding('sub_action_interactive', place, message, { params: { module_id: moduleId } })];
}

function checkMapping(subAction: JsonObject, place: string): Diagnostic[] {
  const mapping = subAction['result_mapping'];
  if (mapping === undefined) return [];
  const base = at(place, 'result_mapping');
  if (!Array.isArray(mapping)) return [finding('definition_invalid', base, `"${base}" must be a list.`)];
  return (mapping as unknown[]).flatMap((entry, index) => {
    const sound =
      isJsonObject(entry) &&
      typeof entry['source'] === 'string' &&
      typeof entry['target'] === 'string' &&
      (entry['mode'] === undefined || entry['mode'] === 'replace' || entry['mode'] === 'merge');
    if (sound) return [];
    const message = 'A result mapping needs a "source", a "target", and "replace" or "merge" as its "mode".';
    return [finding('definition_invalid', at(base, index), message)];
  });
}
