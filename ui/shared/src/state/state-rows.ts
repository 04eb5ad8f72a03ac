/** A line of the state's tree: a key, its value, how deep it lies. */
export interface StateRow {
  /** `state.proposal.taglines[0]`: what a template would say. */
  path: string;
  name: string;
  depth: number;
  value: unknown;
  /** How many lie below; undefined for a value that has none. */
  count: number | undefined;
  isOpen: boolean;
}

/** The rows that are to be seen: the root's keys, and what lies below those that are open. */
export function stateRows(entries: Iterable<readonly [string, unknown]>, open: ReadonlySet<string>): StateRow[] {
  const rows: StateRow[] = [];
  const visit = (name: string, path: string, value: unknown, depth: number): void => {
    const below = childrenOf(value);
    const isOpen = open.has(path);
    rows.push({ path, name, depth, value, count: below?.length, isOpen });
    if (below && isOpen) for (const [key, child] of below) visit(key, childPath(path, key, value), child, depth + 1);
  };
  for (const [name, value] of entries) visit(name, childPath('state', name, {}), value, 0);
  return rows;
}

const MOST_FOUND = 500;
const DEEPEST = 12;

/** Rows whose key, or whose text, holds the wanted text; at most 500. */
export function searchState(
  entries: Iterable<readonly [string, unknown]>,
  query: string,
): { rows: StateRow[]; more: boolean } {
  const wanted = query.trim().toLocaleLowerCase();
  const rows: StateRow[] = [];
  const fits = (text: string): boolean => text.toLocaleLowerCase().includes(wanted);
  const visit = (name: string, path: string, value: unknown, depth: number): void => {
    if (rows.length > MOST_FOUND) return;
    const below = childrenOf(value);
    if (fits(name) || fits(path) || (below === undefined && fits(String(value))))
      rows.push({ path, name: path, depth: 0, value, count: below?.length, isOpen: false });
    if (below && depth < DEEPEST)
      for (const [key, child] of below) visit(key, childPath(path, key, value), child, depth + 1);
  };
  for (const [name, value] of entries) visit(name, childPath('state', name, {}), value, 0);
  return { rows: rows.slice(0, MOST_FOUND), more: rows.length > MOST_FOUND };
}

function childrenOf(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Array.isArray(value) ? value.map((item, index) => [String(index), item as unknown]) : Object.entries(value);
}

function childPath(parent: string, key: string, of: unknown): string {
  if (Array.isArray(of)) return `${parent}[${key}]`;
  return /^[A-Za-z_]\w*$/.test(key) ? `${parent}.${key}` : `${parent}[${JSON.stringify(key)}]`;
}

const LONGEST = 200;

/** One line about a value that has no rows of its own. */
export function shortValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
