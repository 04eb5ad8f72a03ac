import type { RuleFailure } from '../../../models/execution.ts';

/** Too few are chosen, or too many (format.md 11.4). `max_selections` -1 is no limit. */
export function countFailures(
  actual: number,
  request: { min_selections: number; max_selections: number },
): RuleFailure[] {
  const { min_selections: min, max_selections: max } = request;
  if (actual >= min && (max < 0 || actual <= max)) return [];
  const wanted = actual < min ? `at least ${min}` : `at most ${max}`;
  const message = `Choose ${wanted}; ${actual} ${actual === 1 ? 'is' : 'are'} chosen.`;
  return [
    {
      id: 'selection_count',
      field: 'selected_indices',
      rule: 'selection_count',
      message,
      severity: 'error',
      params: { min, max, actual },
    },
  ];
}

/** Where one item is chosen the list is its path; where several are, a list of paths or of single keys (format.md 11.4). */
export function selectionCount(selected: unknown, several: boolean): number {
  if (!Array.isArray(selected) || selected.length === 0) return 0;
  return several ? selected.length : 1;
}
