/** One step of the schema. Once it has shipped it never changes; a correction is a new one. */
export interface Migration {
  /** 1, 2, 3 …; `user_version` holds the newest that was applied. */
  number: number;
  name: string;
  sql: string;
}
