import type { Diagnostic } from '../models/diagnostic.ts';
import { describeIssue, valueAt } from '../modules/describe-issue.ts';
import type { ModuleRegistry } from '../modules/registry.ts';
import { checkAddons } from './check-addons.ts';
import { type CheckedModule, groupModuleId } from './checked-module.ts';
import { planRendered } from './input-plan.ts';
import { at, formatPlace, type PlaceSegments } from './place.ts';
import { finding } from './report.ts';

/** Keys of a module node (format.md 2.3). */
const knownKeys = new Set([
  'module_id',
  'name',
  'inputs',
  'outputs_to_state',
  'sub_actions',
  'retryable',
  'addons',
  'mock_output',
  'groups',
  'output_schema',
  'comment',
  'description',
]);
const refusedKeys = new Set(['', '__proto__', 'constructor', 'prototype']);

/** A module's own frame: does it exist, are its keys, outputs, addons and mock output what they should be. */
export function checkModule(module: CheckedModule, registry: ModuleRegistry): Diagnostic[] {
  return [
    ...checkId(module, registry),
    ...checkKeys(module),
    ...checkOutputs(module),
    ...checkMockOutput(module),
    ...checkAddons(module),
  ];
}

function checkId({ module, moduleId, place, suggest }: CheckedModule, registry: ModuleRegistry): Diagnostic[] {
  if (module || moduleId === groupModuleId) return [];
  const near = suggest(moduleId, () => registry.list().map(({ id }) => id));
  const message = `There is no module "${moduleId}".`;
  const params = { module_id: moduleId, ...near.params };
  return [finding('module_not_registered', at(place, 'module_id'), message, { params, hint: near.hint })];
}

function checkKeys({ node, place, format, suggest }: CheckedModule): Diagnostic[] {
  const unknown = Object.keys(node).filter((key) => !knownKeys.has(key) && !key.startsWith('_'));
  return unknown.map((key) => {
    const near = suggest(key, () => knownKeys);
    return finding('definition_invalid', at(place, key), `A module has no key "${key}".`, {
      params: { key, ...near.params },
      hint: near.hint,
      severity: format === 2 ? 'error' : 'warning',
    });
  });
}

function checkOutputs({ node, module, moduleId, place, format, suggest }: CheckedModule): Diagnostic[] {
  const found: Diagnostic[] = [];
  const open = module === undefined || module.outputs.def.catchall !== undefined;
  for (const [output, target] of Object.entries(node.outputs_to_state)) {
    const here = at(at(place, 'outputs_to_state'), output);
    if (target.split('.').some((part) => refusedKeys.has(part))) {
      found.push(
        finding('definition_invalid', here, `"${target}" cannot be a key of the state.`, { params: { key: target } }),
      );
    }
    if (open || Object.hasOwn(module.outputs.shape, output)) continue;
    const near = suggest(output, () => Object.keys(module.outputs.shape));
    const message = `${moduleId} has no output "${output}".`;
    const params = { module_id: moduleId, output, outputs: Object.keys(module.outputs.shape), ...near.params };
    const severity = format === 2 ? 'error' : 'warning';
    found.push(finding('output_unknown', here, message, { params, hint: near.hint, severity }));
  }
  return found;
}

/** A mock output without templates can be held against the module's outputs before any run does (format.md 17.2). */
function checkMockOutput({ node, module, place }: CheckedModule): Diagnostic[] {
  if (!module || node.mock_output === undefined) return [];
  const base = at(place, 'mock_output');
  const plan = planRendered(node.mock_output, base);
  if (plan.kind !== 'constant') return [];
  const parsed = module.outputs.safeParse(plan.value);
  return (parsed.error?.issues ?? []).map((issue) => {
    const { text, params } = describeIssue(issue, valueAt(plan.value, issue.path));
    const here = formatPlace(issue.path as PlaceSegments, base);
    return finding('mock_output_invalid', here, `The mock output does not fit: "${here}" ${text}.`, { params });
  });
}
