import { WfmError } from '../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import { groupModuleId } from '../checked-module.ts';
import { type ModuleView, readDefinition } from '../read-definition.ts';

/** Execution groups (format.md 20): a definition that holds alternatives, and the definitions without any that it stands for. */

/** Most definitions that one may expand to (format.md 20, 23). */
export const mostAlternatives = 64;

/** What a path wants of whoever runs it, and how much having it counts. */
export interface Requirement {
  capability: string;
  priority: number;
}

/** One path of every group. */
export interface Alternative {
  requires: Requirement[];
  /** Makes the definition, which holds no groups any more; equal choices make equal definitions. */
  definition(): JsonObject;
}

interface Group {
  view: ModuleView;
  paths: JsonObject[];
}

/**
 * Every combination of one path per group, in the order of the definition: the last group changes fastest. None for a
 * definition without groups. Throws `groups_too_many`, and `definition_invalid` for groups of the wrong shape.
 */
export function alternativesOf(resolved: unknown): Alternative[] {
  const groups = groupsOf(resolved);
  if (groups.length === 0 || !isJsonObject(resolved)) return [];
  const count = groups.reduce((product, { paths }) => product * paths.length, 1);
  if (count > mostAlternatives) {
    throw new WfmError('groups_too_many', `The execution groups expand to more than ${mostAlternatives} versions.`, {
      params: { limit: mostAlternatives, actual: count },
    });
  }
  return Array.from({ length: count }, (_, number) => {
    const chosen = choose(groups, number);
    return {
      requires: [...chosen.values()].flatMap(({ path }) => requirementsOf(path)),
      definition: () => withPaths(resolved, chosen),
    };
  });
}

/**
 * The alternative that runs with these capabilities: of those whose requirements are all met, the one with the highest
 * sum of priorities, and of equal ones the first. Undefined when none qualifies.
 */
export function chooseAlternative(
  alternatives: readonly Alternative[],
  capabilities: Iterable<string>,
): Alternative | undefined {
  const there = new Set(capabilities);
  let best: { alternative: Alternative; score: number } | undefined;
  for (const alternative of alternatives) {
    if (!alternative.requires.every(({ capability }) => there.has(capability))) continue;
    const score = alternative.requires.reduce((sum, { priority }) => sum + priority, 0);
    if (best === undefined || score > best.score) best = { alternative, score };
  }
  return best?.alternative;
}

type Chosen = Map<string, { view: ModuleView; path: JsonObject }>;

/** The `number`-th combination, by the place of its group. */
function choose(groups: readonly Group[], number: number): Chosen {
  const chosen: [string, { view: ModuleView; path: JsonObject }][] = [];
  let rest = number;
  for (const { view, paths } of groups.toReversed()) {
    const path = paths[rest % paths.length];
    rest = Math.floor(rest / paths.length);
    if (path) chosen.push([view.place, { view, path }]);
  }
  return new Map(chosen.toReversed());
}

function groupsOf(resolved: unknown): Group[] {
  if (!mayHoldGroups(resolved)) return [];
  const modules = readDefinition(resolved).view?.steps.flatMap((step) => step.modules) ?? [];
  return modules.flatMap((view) => {
    if (view.moduleId !== groupModuleId) return [];
    const paths = view.node['groups'];
    if (!Array.isArray(paths) || paths.length === 0 || !paths.every(isPath)) {
      throw new WfmError('definition_invalid', 'Execution groups need a list of "groups", each with "modules".', {
        place: view.place,
      });
    }
    return [{ view, paths }];
  });
}

/** A look that costs next to nothing, since hardly any definition has groups. */
function mayHoldGroups(resolved: unknown): boolean {
  const steps = isJsonObject(resolved) ? resolved['steps'] : undefined;
  if (!Array.isArray(steps)) return false;
  return (steps as unknown[]).some((step) => {
    const modules = isJsonObject(step) ? step['modules'] : undefined;
    return (
      Array.isArray(modules) && modules.some((module) => isJsonObject(module) && module['module_id'] === groupModuleId)
    );
  });
}

function isPath(value: unknown): value is JsonObject {
  if (!isJsonObject(value) || !Array.isArray(value['modules'])) return false;
  return value['modules'].every((module) => isJsonObject(module) && module['module_id'] !== groupModuleId);
}

function requirementsOf(path: JsonObject): Requirement[] {
  const written = Array.isArray(path['requires']) ? (path['requires'] as unknown[]) : [];
  return written.flatMap((value) => {
    if (!isJsonObject(value) || typeof value['capability'] !== 'string') return [];
    return [
      { capability: value['capability'], priority: typeof value['priority'] === 'number' ? value['priority'] : 0 },
    ];
  });
}

function withPaths(resolved: JsonObject, chosen: Chosen): JsonObject {
  const steps = resolved['steps'] as JsonObject[];
  const expanded = steps.map((step, stepIndex) => {
    const modules = step['modules'] as JsonObject[];
    const inline = modules.flatMap((module, index) => {
      const choice = chosen.get(`steps[${stepIndex}].modules[${index}]`);
      return choice ? inlined(choice.view, choice.path) : [module];
    });
    return { ...step, modules: inline };
  });
  return { ...resolved, steps: expanded };
}

/** The modules of a path as they stand in the step, each saying where it is from. */
function inlined({ name, node }: ModuleView, path: JsonObject): JsonObject[] {
  const origin = { group_name: name, path_name: path['name'] ?? null, requires: requirementsOf(path) };
  const modules = (path['modules'] as JsonObject[]).map((module, index) => {
    const metadata = isJsonObject(module['_metadata']) ? module['_metadata'] : {};
    return {
      ...module,
      _metadata: { ...metadata, expanded_from: name, expanded_index: index, group_origin: origin },
    };
  });
  const schema = node['output_schema'];
  return isJsonObject(schema) ? [...modules, validatorOf(name, schema, modules.length)] : modules;
}

/** Holds every path to what its group promises: the state values that the schema names. */
function validatorOf(group: string, schema: JsonObject, index: number): JsonObject {
  const required = Array.isArray(schema['required']) ? schema['required'].filter((key) => typeof key === 'string') : [];
  const named = isJsonObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  return {
    module_id: 'io.validate',
    name: `_${group}_validator`,
    inputs: {
      schema,
      state_keys: [...new Set([...named, ...required])],
      strict: true,
      error_message: `The path of "${group}" that was chosen did not give what the group promises.`,
    },
    _metadata: { expanded_from: group, expanded_index: index },
  };
}
