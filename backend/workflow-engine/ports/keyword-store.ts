/** Weighted keywords, remembered across the runs of one owner and template (format.md 14.7). */
export interface KeywordRow {
  keyword: string;
  weight: number;
  /** ISO 8601. */
  last_used: string;
  /** Whatever else the author kept beside it. */
  fields: Record<string, unknown>;
}

export interface KeywordScope {
  userId: string;
  templateId: string;
}

export interface KeywordStore {
  /**
   * Adds (or with `accumulate: false` replaces) weights in one step. `key` makes it idempotent: a second save under it
   * changes nothing and answers the same. Throws `run_not_found`, and `keywords_limit` when the scope would exceed
   * 10 000. Answers how many were saved.
   */
  save(params: {
    scope: KeywordScope;
    key: string;
    runId: string;
    keywords: KeywordRow[];
    accumulate: boolean;
  }): Promise<number>;
  /** All of the scope, by keyword. */
  load(params: { scope: KeywordScope }): Promise<KeywordRow[]>;
}
