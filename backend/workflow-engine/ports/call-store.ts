import type { StoredError } from '../errors/index.ts';
import type { Usage } from '../events/run-event.ts';
import type { Money } from './media-store.ts';
import type { Page } from './page.ts';

/** One call to a model or an address outside, as a person may read it later: no key, no header that carries one. */
export interface CallRecord {
  call_id: string;
  workflow_run_id: string;
  branch_id: string;
  step_id: string;
  module_name: string;
  kind: 'llm' | 'http' | 'table';
  provider: string;
  /** Model name, or method and address. */
  target: string;
  request: unknown;
  reply: unknown;
  error: StoredError | null;
  usage: Usage | null;
  /** What a provider of media says that it charges for what this call brought, in its own unit; absent where it says nothing. */
  cost?: Money;
  mock: boolean;
  duration_ms: number;
  created_at: string;
}

/**
 * Reads what appends have written beside the log. What a run's child runs did counts as the run's (format.md 13): records
 * name the run that made them.
 */
export interface CallStore {
  /** Keeps calls that belong to no append, such as a worker's. Throws `run_not_found`. */
  add(params: { runId: string; calls: CallRecord[] }): Promise<void>;
  /** Of the run and its child runs, oldest first. Throws `run_not_found`. */
  list(params: { runId: string; limit: number; cursor?: string }): Promise<Page<CallRecord>>;
  /** Sums over the run and its child runs, by provider and target. Throws `run_not_found`. */
  usage(params: { runId: string }): Promise<{ total: Usage; by: { provider: string; target: string; usage: Usage }[] }>;
  /** Sums over a user's runs between two ISO times, by template or by run; a child run's are its parent's. */
  usageOfUser(params: {
    userId: string;
    from?: string;
    to?: string;
    by: 'template' | 'run';
  }): Promise<{ key: string; name: string; usage: Usage }[]>;
}
