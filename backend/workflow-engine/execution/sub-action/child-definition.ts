import type { CompiledModule, CompiledVersion } from '../../definition/compile-version.ts';
import { WfmError } from '../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import type { ModuleRegistry } from '../../modules/registry.ts';
import { REFERRED } from '../workflow-context.ts';
import type { FoundSubAction } from './find-sub-action.ts';

const refused = new Set(['__proto__', 'constructor', 'prototype']);
/** What belongs to a question, or to a module of the main line, and means nothing in a child run. */
const dropped = ['sub_actions', 'retryable', 'addons', 'groups'] as const;

/**
 * The definition that a child run follows: all actions of a sub-action as the modules of one step (format.md 13). It is
 * kept like any other, so that whoever resumes the child can compile it. Throws `sub_action_target_missing` and
 * `sub_action_interactive`.
 */
export function childDefinition(parent: CompiledVersion, found: FoundSubAction, registry: ModuleRegistry): JsonObject {
  const modules = modulesOf(parent, found.actions, found.place);
  for (const [index, node] of modules.entries()) assertAsksNobody(node, registry, `${found.place}.actions[${index}]`);
  return {
    format: parent.format,
    workflow_id: parent.workflow.workflow_id,
    steps: [{ step_id: found.id, name: found.label, modules }],
  };
}

/** Paths of the modules that sub-actions of a version bring to child runs, `sub_action_id/module_name`. */
export function childPaths(version: CompiledVersion): string[] {
  const subActions = version.steps.flatMap((step) => step.modules.flatMap(({ node }) => node.sub_actions ?? []));
  return subActions.flatMap(({ id, actions }) => {
    const nodes = (Array.isArray(actions) ? (actions as unknown[]) : []).filter(isJsonObject);
    try {
      return modulesOf(version, nodes, '').map(({ name }) => `${String(id)}/${name}`);
    } catch {
      // A sub-action that cannot be carried out says so when it is started; one of its own module has no child modules.
      return [];
    }
  });
}

function modulesOf(parent: CompiledVersion, actions: readonly JsonObject[], place: string) {
  const taken = new Set<string>();
  return actions.map((action, index): JsonObject & { name: string } => {
    const node = moduleOf(parent, action, `${place}.actions[${index}]`);
    return { ...node, name: freeName(String(node.name ?? node.module_id), taken) };
  });
}

function moduleOf(parent: CompiledVersion, action: JsonObject, place: string): JsonObject {
  const { type: _type, ref, overrides, ...inline } = action;
  let node: JsonObject = {};
  if (isJsonObject(ref)) node = referred(parent, ref, place);
  else if (typeof inline.module_id !== 'string') {
    throw new WfmError(
      'sub_action_target_missing',
      'The action needs a "ref" to a module, or a "module_id" of its own.',
      { place },
    );
  }
  const merged = deepMerge(deepMerge(node, inline), isJsonObject(overrides) ? overrides : {}) as JsonObject;
  for (const key of dropped) delete merged[key];
  return merged;
}

function referred(parent: CompiledVersion, ref: JsonObject, place: string): JsonObject {
  const { step_id: stepId, module_name: name } = ref;
  const target: CompiledModule | undefined =
    typeof stepId === 'string' && typeof name === 'string' ? parent.find(stepId, name) : undefined;
  if (target) return { ...(target.node as JsonObject), name: target.name, [REFERRED]: target.path };
  throw new WfmError('sub_action_target_missing', `There is no module ${String(stepId)}/${String(name)}.`, {
    params: { step_id: String(stepId), module_name: String(name) },
    place: `${place}.ref`,
  });
}

function assertAsksNobody(node: JsonObject, registry: ModuleRegistry, place: string): void {
  const moduleId = String(node.module_id);
  if (registry.find(moduleId)?.kind !== 'interactive') return;
  throw new WfmError('sub_action_interactive', `A sub-action may not ask a person, and ${moduleId} does.`, {
    params: { module_id: moduleId },
    place,
  });
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}_${number}`;
  taken.add(name);
  return name;
}

/** `over` laid on `base`: objects merge at every level, everything else is replaced. Names of prototypes are left out. */
export function deepMerge(base: unknown, over: unknown): unknown {
  if (!isJsonObject(base) || !isJsonObject(over)) return over;
  const merged: JsonObject = {};
  for (const key of new Set([...Object.keys(base), ...Object.keys(over)])) {
    if (refused.has(key)) continue;
    if (!Object.hasOwn(over, key)) merged[key] = base[key];
    else merged[key] = Object.hasOwn(base, key) ? deepMerge(base[key], over[key]) : deepMerge({}, over[key]);
  }
  return merged;
}
