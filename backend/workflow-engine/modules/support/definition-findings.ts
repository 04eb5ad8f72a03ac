import { isWfmError } from '../../errors/index.ts';
import { isJsonObject } from '../../models/json.ts';
import type { DefinitionFinding } from '../module.ts';

/** True when any text in the value holds a template: its real value is known only when the module starts. */
export function holdsTemplate(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{') || value.includes('{%');
  if (Array.isArray(value)) return value.some(holdsTemplate);
  return isJsonObject(value) && Object.values(value).some(holdsTemplate);
}

/** What a check that throws has to say, as findings; `path` where the error names no place itself. */
export function findingsOf(path: string, check: () => void): DefinitionFinding[] {
  try {
    check();
    return [];
  } catch (thrown) {
    if (!isWfmError(thrown)) throw thrown;
    if (thrown.errors.length > 0) {
      return thrown.errors.map(({ code, path: at, message, params }) => ({ code, path: at, message, params }));
    }
    return [{ code: thrown.code, path: thrown.place ?? path, message: thrown.message, params: thrown.params }];
  }
}

/** The same for one input of a definition: nothing when it is absent or holds a template. */
export function findingsFrom(
  value: unknown,
  path: string,
  check: (value: unknown, path: string) => void,
): DefinitionFinding[] {
  if (value === undefined || value === null || holdsTemplate(value)) return [];
  return findingsOf(path, () => check(value, path));
}

/** A literal credential that stands in a definition (format.md 5.10). */
export function credentialFinding(value: unknown, path: string): DefinitionFinding[] {
  if (typeof value !== 'string' || value === '' || holdsTemplate(value)) return [];
  const message = `A credential stands in the workflow at ${path}. Whoever can read the workflow can read it; keep it in the server's settings.`;
  return [{ code: 'credential_in_definition', path, message, params: { input: path }, severity: 'warning' }];
}
