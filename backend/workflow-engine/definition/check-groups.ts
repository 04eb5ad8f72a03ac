import type { Diagnostic } from '../models/diagnostic.ts';
import { isJsonObject } from '../models/json.ts';
import { checkSound } from './check-schemas.ts';
import { type CheckedModule, groupModuleId } from './checked-module.ts';
import { at } from './place.ts';
import { mostAlternatives } from './expand-groups/expand-groups.ts';
import { finding } from './report.ts';

/** Execution groups (format.md 20): their shape, paths that require nothing, and how many versions they make together. */
export function checkGroups(modules: readonly CheckedModule[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  let versions = 1;
  for (const module of modules) {
    if (module.moduleId !== groupModuleId) continue;
    const { groups, output_schema: schema } = module.node;
    const base = at(module.place, 'groups');
    if (module.group !== undefined) {
      const message = 'A path of an execution group cannot hold another group; give the group more paths instead.';
      found.push(finding('definition_invalid', module.place, message));
      continue;
    }
    if (!Array.isArray(groups) || groups.length === 0) {
      found.push(finding('definition_invalid', base, 'Execution groups need a list of "groups".'));
      continue;
    }
    for (const [index, group] of (groups as unknown[]).entries()) found.push(...checkPath(group, at(base, index)));
    if (schema !== undefined) found.push(...checkSound(schema, at(module.place, 'output_schema')));
    versions *= groups.length;
    if (versions > mostAlternatives) {
      const message = `The execution groups expand to more than ${mostAlternatives} versions.`;
      found.push(finding('groups_too_many', base, message, { params: { limit: mostAlternatives, actual: versions } }));
      break;
    }
  }
  return found;
}

function checkPath(group: unknown, place: string): Diagnostic[] {
  if (!isJsonObject(group)) return [finding('definition_invalid', place, `"${place}" must be an object.`)];
  const found: Diagnostic[] = [];
  const { name, requires } = group;
  if (typeof name !== 'string' || name === '') {
    found.push(finding('definition_invalid', at(place, 'name'), 'A path of an execution group needs a "name".'));
  }
  if (requires !== undefined && !(Array.isArray(requires) && requires.every(isRequirement))) {
    const message = '"requires" must be a list of { capability, priority }.';
    found.push(finding('definition_invalid', at(place, 'requires'), message));
  } else if (requires === undefined || (requires as unknown[]).length === 0) {
    const message = 'This path requires nothing, so it always qualifies.';
    found.push(finding('group_requires_empty', place, message, { params: { name: name ?? null } }));
  }
  return found;
}

function isRequirement(value: unknown): boolean {
  if (!isJsonObject(value) || typeof value['capability'] !== 'string') return false;
  return value['priority'] === undefined || typeof value['priority'] === 'number';
}
