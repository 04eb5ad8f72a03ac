/** Read-only tables that the server's settings open to `db.query` (format.md 14.5). */

export interface TableDescription {
  name: string;
  title: string;
  fields: { name: string; type: 'text' | 'number' | 'boolean' | 'time'; title: string }[];
}

export type TableOperator = 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'contains';

/** A query whose names were checked against the description; every value is a plain scalar or a list of them. */
export interface TableQuery {
  table: string;
  where: { field: string; operator: TableOperator; value: unknown }[];
  fields: string[];
  sort: { field: string; descending: boolean }[];
  limit: number;
}

export interface TableStore {
  describe(): TableDescription[];
  /** Rows of that owner alone; the owner filter is added here and cannot be overridden. */
  query(params: { userId: string; query: TableQuery }): Promise<Record<string, unknown>[]>;
}
