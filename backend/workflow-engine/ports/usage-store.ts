/** When a person last chose each item of a question (format.md 16, `addons.usage_history`). */
export interface UsageScope {
  userId: string;
  templateId: string;
  stepId: string;
  moduleName: string;
}

export interface UsageStore {
  /**
   * Notes that the keys were chosen at `at` (ISO 8601, UTC, milliseconds). A later time that is known already stays, so
   * the same call may be repeated, and calls may arrive in any order. A scope keeps the `usageKeysPerScope` keys that
   * were used last.
   */
  touch(params: { scope: UsageScope; keys: readonly string[]; at: string }): Promise<void>;
  /** The time of each of the keys that was ever chosen. */
  lastUsed(params: { scope: UsageScope; keys: readonly string[] }): Promise<Map<string, string>>;
  /** All that is known of one person's questions in a template, by step, module and key: to be carried along. */
  ofTemplate(params: { userId: string; templateId: string }): Promise<UsageTime[]>;
}

export interface UsageTime {
  stepId: string;
  moduleName: string;
  key: string;
  at: string;
}

/** Most keys that one question remembers; who used more has forgotten the oldest. */
export const usageKeysPerScope = 10_000;
