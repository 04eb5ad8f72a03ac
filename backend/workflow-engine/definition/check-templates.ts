import { isWfmError } from '../errors/index.ts';
import type { Diagnostic } from '../models/diagnostic.ts';
import { isJsonObject } from '../models/json.ts';
import type { CheckedModule } from './checked-module.ts';
import { hasTemplate, isClientDisplayKey, planRendered, templatesOf } from './input-plan.ts';
import { at } from './place.ts';
import type { DefinitionView } from './read-definition.ts';
import { finding } from './report.ts';
import { parseTemplate } from './template/index.ts';

/** What is wrong with a template's source: `template_syntax`, `template_unsupported`, `filter_unknown`, `template_limit`. */
export function checkTemplate(source: string, place: string, severity?: Diagnostic['severity']): Diagnostic[] {
  try {
    parseTemplate(source);
    return [];
  } catch (thrown) {
    if (!isWfmError(thrown)) throw thrown;
    return [finding(thrown.code, place, thrown.message, { params: thrown.params, ...(severity ? { severity } : {}) })];
  }
}

/** Every template in a value that the server renders deeply. */
export function checkRendered(value: unknown, place: string): Diagnostic[] {
  return [...templatesOf(planRendered(value, place))].flatMap((template) =>
    checkTemplate(template.source, template.place),
  );
}

/** Templates that the server renders for a module, and as warnings those of its display schemas. */
export function checkModuleTemplates(module: CheckedModule): Diagnostic[] {
  const { node, place, inputsPlace, plans } = module;
  const found = plans.flatMap(([, plan]) =>
    [...templatesOf(plan)].flatMap((template) => checkTemplate(template.source, template.place)),
  );
  for (const name of module.module?.displaySchemaInputs ?? []) {
    const value = node.inputs[name];
    for (const template of displayTemplates(value, at(inputsPlace, name), false)) {
      found.push(...checkTemplate(template.source, template.place, 'warning'));
    }
  }
  found.push(...checkRendered(node.mock_output, at(place, 'mock_output')));
  for (const [index, addon] of (node.addons ?? []).entries()) {
    found.push(...checkRendered(addon['inputs'], at(at(at(place, 'addons'), index), 'inputs')));
  }
  return found;
}

/** Templates of a definition's own fields. */
export function checkTopTemplates({ top }: DefinitionView): Diagnostic[] {
  const fields = top.status_display?.fields ?? [];
  return fields.flatMap((field, index) => checkTemplate(field.value, `status_display.fields[${index}].value`));
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
