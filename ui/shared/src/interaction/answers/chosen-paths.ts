import type { DataPath } from '@wfm/workflow-engine/display';

/** The paths of an answer's choices, in any of the forms that are accepted (format.md 11.4). */
export function chosenPaths(indices: unknown, multi: boolean): DataPath[] {
  if (!Array.isArray(indices) || indices.length === 0) return [];
  if (!multi) return [indices.flat() as DataPath];
  return indices.map((entry: unknown) => (Array.isArray(entry) ? (entry as DataPath) : [entry as string | number]));
}
