import type { Diagnostic } from '../models/diagnostic.ts';
import { isJsonObject } from '../models/json.ts';
import type { RetryOption, ValidationRule } from '../models/workflow.ts';
import { checkSound } from './check-schemas.ts';
import type { CheckedModule } from './checked-module.ts';
import type { Suggest } from './suggest.ts';
import { at } from './place.ts';
import { finding } from './report.ts';

/** Where things are in a definition: steps by id, and in each its modules by name. */
export type Layout = ReadonlyMap<string, ReadonlyMap<string, CheckedModule>>;

/** The layout of a definition's modules; steps without modules are in it too. */
export function layoutOf(stepIds: Iterable<string>, modules: readonly CheckedModule[]): Layout {
  const layout = new Map<string, Map<string, CheckedModule>>();
  for (const stepId of stepIds) layout.set(stepId, new Map());
  for (const module of modules) layout.get(module.stepId)?.set(module.name, module);
  return layout;
}

const rules = new Set([
  'response_field_required',
  'response_field_not_empty',
  'response_field_equals',
  'min_selections',
]);

/** Buttons of a module: their targets exist (format.md 12, 12.3), their rules are known (12.2). */
export function checkRetryable(module: CheckedModule, layout: Layout): Diagnostic[] {
  const { retryable } = module.node;
  const found = checkLegacyMenu(module, layout);
  if (!retryable) return found;
  const place = at(module.place, 'retryable');
  for (const [index, option] of retryable.options.entries()) {
    const here = at(at(place, 'options'), index);
    if (option.mode !== 'continue') found.push(...checkOption(option, here, module, layout));
    for (const [rule, validation] of (option.validations ?? []).entries()) {
      found.push(...checkRule(validation, at(at(here, 'validations'), rule), module));
    }
  }
  const chosen = retryable.default_option;
  const ids = retryable.options.map(({ id }) => id);
  if (chosen !== undefined && ids.length > 0 && !ids.includes(chosen)) {
    const near = module.suggest(chosen, () => ids);
    const message = `The default option "${chosen}" is not one of the options.`;
    const params = { option: chosen, options: ids, ...near.params };
    const extra = { params, hint: near.hint, severity: 'warning' } as const;
    found.push(finding('retry_target_unknown', at(place, 'default_option'), message, extra));
  }
  return found;
}

function checkOption(option: RetryOption, here: string, module: CheckedModule, layout: Layout): Diagnostic[] {
  const stepId = option.target_step ?? module.stepId;
  const name = option.target_module ?? (stepId === module.stepId ? module.name : undefined);
  const places = { step: at(here, 'target_step'), module: at(here, 'target_module') };
  return checkTarget(layout, stepId, name, places, module.suggest);
}

/** The older menus of texts and files (format.md 12.3). */
function checkLegacyMenu(module: CheckedModule, layout: Layout): Diagnostic[] {
  const menu = module.node.inputs['retry_options'];
  if (!isJsonObject(menu) || !module.module || !Object.hasOwn(module.module.inputs.shape, 'retry_options')) return [];
  return Object.entries(menu).flatMap(([id, entry]) => {
    if (!isJsonObject(entry)) return [];
    const here = at(at(module.inputsPlace, 'retry_options'), id);
    const { target_step_id: step, target_module_name: name } = entry;
    const stepId = typeof step === 'string' ? step : module.stepId;
    const target = typeof name === 'string' ? name : undefined;
    const places = { step: at(here, 'target_step_id'), module: at(here, 'target_module_name') };
    return checkTarget(layout, stepId, target, places, module.suggest);
  });
}

/** `retry_target_unknown`, unless the step and (when named) the module exist. */
function checkTarget(
  layout: Layout,
  stepId: string,
  name: string | undefined,
  places: { step: string; module: string },
  suggest: Suggest,
): Diagnostic[] {
  const step = layout.get(stepId);
  if (!step) {
    const near = suggest(stepId, () => layout.keys());
    const params = { step_id: stepId, ...near.params };
    return [
      finding('retry_target_unknown', places.step, `There is no step "${stepId}" to go to.`, {
        params,
        hint: near.hint,
      }),
    ];
  }
  if (name !== undefined && step.has(name)) return [];
  if (name === undefined) {
    // Another step is named without a module in it: there is nothing to go to.
    const message = `A target in the step "${stepId}" needs the name of a module there.`;
    return [finding('retry_target_unknown', places.module, message, { params: { step_id: stepId } })];
  }
  const near = suggest(name, () => step.keys());
  const message = `There is no module "${name}" in the step "${stepId}" to go to.`;
  const params = { step_id: stepId, module_name: name, ...near.params };
  return [finding('retry_target_unknown', places.module, message, { params, hint: near.hint })];
}

function checkRule(validation: ValidationRule, place: string, { format, suggest }: CheckedModule): Diagnostic[] {
  const { rule } = validation;
  if (rule === 'json_schema' && format === 2) return checkSound(validation.value, at(place, 'value'));
  if (rules.has(rule)) return [];
  const near = suggest(rule, () => (format === 2 ? [...rules, 'json_schema'] : rules));
  const message = `There is no validation rule "${rule}"; it is ignored.`;
  return [finding('rule_unknown', at(place, 'rule'), message, { params: { rule, ...near.params }, hint: near.hint })];
}
