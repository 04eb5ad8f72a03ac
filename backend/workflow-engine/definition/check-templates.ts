import { isWfmError } from '../errors/index.ts';
import type { Diagnostic } from '../models/diagnostic.ts';
import { isJsonObject } from '../models/json.ts';
import type { CheckedModule } from './checked-module.ts';
import { hasTemplate, type InputPlan, isClientDisplayKey, planRendered, templatesOf } from './input-plan.ts';
import { at } from './place.ts';
import type { DefinitionView } from './read-definition.ts';
import { finding } from './report.ts';
import type { Suggest } from './suggest.ts';
import { parseTemplate, readsOf } from './template/index.ts';

/** Roots of the templates that the server renders for a module (format.md 5.8), and of `status_display` (2.4). */
const moduleRoots = new Set(['state', 'step', 'config']);
const statusRoots = new Set(['state', 'current_step_name']);

/** What is wrong with a template's source: `template_syntax`, `template_unsupported`, `filter_unknown`, `template_limit`. */
function checkSource(source: string, place: string, severity?: Diagnostic['severity']): Diagnostic[] {
  try {
    parseTemplate(source);
    return [];
  } catch (thrown) {
    if (!isWfmError(thrown)) throw thrown;
    return [finding(thrown.code, place, thrown.message, { params: thrown.params, ...(severity ? { severity } : {}) })];
  }
}

/** The same, and names that stand for nothing: reading one gives undefined, which is a warning. */
function checkTemplate(source: string, place: string, roots: ReadonlySet<string>, suggest: Suggest): Diagnostic[] {
  const faults = checkSource(source, place);
  if (faults.length > 0) return faults;
  return readsOf(parseTemplate(source))
    .filter(({ root, guarded }) => !guarded && !roots.has(root))
    .map(({ root, path, line, column }) => {
      const near = suggest(root, () => roots);
      const params = { key: [root, ...path].join('.'), line, column, ...near.params };
      const message = `A template here knows ${[...roots].join(', ')}, but no "${root}".`;
      return finding('undefined_reference', place, message, { params, hint: near.hint });
    });
}

function checkPlan(plan: InputPlan, suggest: Suggest): Diagnostic[] {
  return [...templatesOf(plan)].flatMap(({ source, place }) => checkTemplate(source, place, moduleRoots, suggest));
}

/** Templates that the server renders for a module, and as warnings those of its display schemas. */
export function checkModuleTemplates(module: CheckedModule): Diagnostic[] {
  const { node, place, inputsPlace, plans, suggest } = module;
  const found = plans.flatMap(([, plan]) => checkPlan(plan, suggest));
  for (const name of module.module?.displaySchemaInputs ?? []) {
    for (const template of displayTemplates(node.inputs[name], at(inputsPlace, name), false)) {
      found.push(...checkSource(template.source, template.place, 'warning'));
    }
  }
  found.push(...checkPlan(planRendered(node.mock_output, at(place, 'mock_output')), suggest));
  for (const [index, addon] of (node.addons ?? []).entries()) {
    const plan = planRendered(addon['inputs'], at(at(at(place, 'addons'), index), 'inputs'));
    found.push(...checkPlan(plan, suggest));
  }
  return found;
}

/** Templates of a definition's own fields. */
export function checkTopTemplates({ top }: DefinitionView, suggest: Suggest): Diagnostic[] {
  const fields = top.status_display?.fields ?? [];
  return fields.flatMap(({ value }, index) =>
    checkTemplate(value, `status_display.fields[${index}].value`, statusRoots, suggest),
  );
}

/** The templates of a display schema that the client renders (format.md 5.7). */
export function* displayTemplates(
  value: unknown,
  place: string,
  client: boolean,
): Generator<{ source: string; place: string }> {
  if (typeof value === 'string') {
    if (client && hasTemplate(value)) yield { source: value, place };
  } else if (Array.isArray(value)) {
    for (const [index, item] of (value as unknown[]).entries()) yield* displayTemplates(item, at(place, index), client);
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      yield* displayTemplates(item, at(place, key), client || isClientDisplayKey(key));
    }
  }
}
