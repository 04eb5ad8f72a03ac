import type { Filter } from './filter.ts';
import { listFilters } from './lists.ts';
import { numberFilters } from './numbers.ts';
import { generalFilters } from './select.ts';
import { textFilters } from './text.ts';

const filters = new Map<string, Filter>();
for (const entry of [...textFilters, ...numberFilters, ...listFilters, ...generalFilters(findFilter)]) {
  filters.set(entry.name, entry);
}

/** Names of all filters, sorted, for completion. */
export const templateFilters: readonly string[] = [...filters.keys()].sort();

/** The filter of that name, or undefined. */
export function findFilter(name: string): Filter | undefined {
  return filters.get(name);
}
