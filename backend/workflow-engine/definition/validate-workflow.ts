import { isWfmError } from '../errors/index.ts';
import type { Diagnostic } from '../models/diagnostic.ts';
import { limits } from '../models/limits.ts';
import type { ModuleRegistry } from '../modules/registry.ts';
import { identify } from './canonical-json.ts';
import { checkCredentials } from './check-credentials.ts';
import { checkGroups } from './check-groups.ts';
import { checkInputs } from './check-inputs.ts';
import { checkModule } from './check-modules.ts';
import { checkSchemas } from './check-schemas.ts';
import { checkState } from './check-state.ts';
import { checkSubActions } from './check-sub-actions.ts';
import { checkRetryable, layoutOf } from './check-targets.ts';
import { checkModuleTemplates, checkTopTemplates } from './check-templates.ts';
import { type CheckedModule, flattenModules } from './checked-module.ts';
import { isInside, joinPlaces } from './place.ts';
import { type DefinitionView, readDefinition } from './read-definition.ts';
import { finding, sortDiagnostics } from './report.ts';
import { checkWhole, resolveSource, unusedFiles, type WorkflowSource } from './load-workflow.ts';
import type { Resolution } from './resolve-references.ts';
import { withSources } from './source-map.ts';
import { analyseModules } from './state-keys.ts';
import { makeSuggest } from './suggest.ts';

/**
 * Everything that can be said about a resolved definition without running it (format.md 4): all faults at once (1000
 * at most), sorted by place. Errors stop publishing; structural ones (24, S) stop a preview anywhere. Never throws for a definition.
 */
export function validateWorkflow(resolved: unknown, registry: ModuleRegistry): Diagnostic[] {
  const { view, faults } = readDefinition(resolved);
  if (!view) return sortDiagnostics(faults);
  const tooLarge = checkSize(resolved);
  // Every check is linear in the size; beyond the limit none is worth its time.
  if (tooLarge.length > 0) return sortDiagnostics([...faults, ...tooLarge]);
  const modules = flattenModules(view, registry, faults);
  return mostSerious(sortDiagnostics([...faults, ...checkTop(view), ...checkAll(view, modules, registry)]));
}

/**
 * Loads a definition and validates it as far as it can be loaded, for someone who wants to mend it: nothing is thrown,
 * and for a package every finding has its file and pointer.
 */
export function inspectWorkflow(source: WorkflowSource, registry: ModuleRegistry): Diagnostic[] {
  let resolution: Resolution;
  try {
    resolution = resolveSource(source);
  } catch (thrown) {
    if (!isWfmError(thrown)) throw thrown;
    return [finding(thrown.code, '', thrown.message, { params: thrown.params })];
  }
  const { resolved, sources, faults, holes } = resolution;
  if (faults.length === 0) faults.push(...checkWhole(resolution));
  // What is missing was reported where its reference stands; nothing more can be said about it.
  const further = validateWorkflow(resolved, registry).filter(
    ({ place }) => !holes.some((hole) => isInside(place, hole)),
  );
  return sortDiagnostics(withSources([...faults, ...further, ...unusedFiles(sources)], sources));
}

/** More than anybody reads; what is cut are infos and warnings first. */
const mostDiagnostics = 1000;

function mostSerious(diagnostics: Diagnostic[]): Diagnostic[] {
  if (diagnostics.length <= mostDiagnostics) return diagnostics;
  const ranked = (['error', 'warning', 'info'] as const).flatMap((severity) =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity),
  );
  return sortDiagnostics(ranked.slice(0, mostDiagnostics));
}

function checkSize(resolved: unknown): Diagnostic[] {
  const { bytes } = identify(resolved);
  if (bytes <= limits.definitionBytes) return [];
  const message = `The definition has ${bytes} bytes; ${limits.definitionBytes} are allowed.`;
  return [finding('definition_too_large', '', message, { params: { limit: limits.definitionBytes, actual: bytes } })];
}

function checkTop(view: DefinitionView): Diagnostic[] {
  return [
    ...checkTopTemplates(view, makeSuggest()),
    ...checkTimezone(view),
    ...checkCredentials(view.top.config, 'config'),
  ];
}

function checkTimezone({ top }: DefinitionView): Diagnostic[] {
  const { timezone } = top.config;
  if (timezone === undefined) return [];
  try {
    if (typeof timezone === 'string' && Intl.DateTimeFormat('en', { timeZone: timezone })) return [];
    throw new RangeError('not a text');
  } catch {
    const message = 'The time zone must be a name of the IANA list, such as "Europe/Berlin".';
    return [finding('definition_invalid', joinPlaces('config', 'timezone'), message, { params: { timezone } })];
  }
}

function checkAll(view: DefinitionView, modules: CheckedModule[], registry: ModuleRegistry): Diagnostic[] {
  const layout = layoutOf(
    view.steps.map(({ stepId }) => stepId),
    modules,
  );
  const found = modules.flatMap((module) => [
    ...checkModule(module, registry),
    ...checkInputs(module),
    ...checkModuleTemplates(module),
    ...checkSchemas(module),
    ...checkRetryable(module, layout),
    ...checkSubActions(module, layout, registry),
    ...checkCredentials(module.node.inputs, module.inputsPlace),
  ]);
  return [...found, ...checkGroups(modules), ...checkState(analyseModules(view, modules), modules, makeSuggest())];
}
