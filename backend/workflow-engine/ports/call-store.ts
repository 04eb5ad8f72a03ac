import type { StoredError } from '../errors/index.ts';
import type { Usage } from '../events/run-event.ts';
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
  mock: boolean;
  duration_ms: number;
  created_at: string;
}

/** Reads what appends have written beside the log. */
export interface CallStore {
  /** Oldest first. */
  list(params: { runId: string; limit: number; cursor?: string }): Promise<Page<CallRecord>>;
  /** Sums over the run, by provider and target. */
  usage(params: { runId: string }): Promise<{ total: Usage; by: { provider: string; target: string; usage: Usage }[] }>;
  /** Sums over a user's runs between two ISO times, by template or by run. */
  usageOfUser(params: {
    userId: string;
    from?: string;
    to?: string;
    by: 'template' | 'run';
  }): Promise<{ key: string; name: string; usage: Usage }[]>;
}
