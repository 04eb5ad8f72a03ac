import type { InteractionRequest, WorkflowResponse } from '@wfm/workflow-engine/models';
import type { HistoryRecord, ModuleView, Overview, RunRow } from './run-api.ts';

/** Parts of the model that are drawn apart; a change names the parts that it touches. */
export type Part = 'status' | 'run' | 'modules' | 'cards' | 'work' | 'state';

/** What a running module or sub-action says of itself; lost without harm. */
export interface Work {
  step_id: string;
  module_name: string;
  message: string;
  percent?: number;
  elapsed_ms: number;
  /** The end of what a language model has written so far. */
  text: string;
}

export interface Execution {
  executionId: string;
  subActionId: string;
  expected?: number;
  percent?: number;
  message: string;
  startedAt: string;
  endedAt?: string;
  status: 'running' | 'completed' | 'failed' | 'cancelled';
  /** What was asked for. */
  params: Record<string, unknown>;
  /** Why it failed. */
  error?: { code: string; message: string; params?: Record<string, unknown> };
}

/** An execution that somebody cancelled has not failed. */
export const failedAs = (error: { code?: string } | null | undefined): 'failed' | 'cancelled' =>
  error?.code === 'sub_action_cancelled' ? 'cancelled' : 'failed';

export const moduleKey = (stepId: string, moduleName: string): string => `${stepId}\u0000${moduleName}`;

/**
 * One run as its page shows it. It is written in place by the events of the stream, so that an event costs the same
 * after a thousand others; whoever draws a part subscribes to it and reads its version.
 */
export class RunModel {
  status: WorkflowResponse | null = null;
  run: RunRow | null = null;
  /** The version that the newest event was written under. */
  versionId = '';
  /** Questions that were answered from this page, those in which something was begun on it, and keys of what it sent. */
  readonly answeredHere = new Set<string>();
  readonly begunHere = new Set<string>();
  readonly sentKeys = new Set<string>();
  readonly modules = new Map<string, ModuleView>();
  /** Questions of the line that are loaded, oldest first. Records are replaced, the list is written into. */
  cards: HistoryRecord[] = [];
  /** Where the questions before those go on; null: there are none. */
  older: string | null = null;
  work: Work | null = null;
  executions: Execution[] = [];
  /** State that has come since it was looked at; null while nobody looks. */
  stateNews: Map<string, unknown> | null = null;
  /** True once the state has changed in a way that was not sent along: it has to be read anew. */
  stateStale = false;
  readonly #versions: Record<Part, number> = { status: 0, run: 0, modules: 0, cards: 0, work: 0, state: 0 };
  readonly #listeners = new Map<Part, Set<() => void>>();
  readonly #touched = new Set<Part>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  version(part: Part): number {
    return this.#versions[part];
  }

  subscribe(part: Part, listener: () => void): () => void {
    const listeners = this.#listeners.get(part) ?? new Set();
    this.#listeners.set(part, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Something of these parts has changed; listeners hear of many changes at once. */
  touch(...parts: Part[]): void {
    for (const part of parts) {
      this.#versions[part] += 1;
      this.#touched.add(part);
    }
    this.#timer ??= setTimeout(() => this.flush(), 16);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const parts = [...this.#touched];
    this.#touched.clear();
    for (const part of parts) for (const listener of this.#listeners.get(part) ?? []) listener();
  }

  /** Takes the whole over as the server says it; what was loaded of another line goes. */
  reset(
    status: WorkflowResponse,
    overview: Overview,
    history: { items: HistoryRecord[]; next_cursor: string | null },
  ): void {
    const sameLine = this.status?.branch_id === status.branch_id;
    const newest = history.items.toReversed();
    const oldest = newest[0];
    const known =
      sameLine && oldest ? this.cards.findIndex((card) => card.interaction_id === oldest.interaction_id) : -1;
    if (known > 0) this.cards = [...this.cards.slice(0, known), ...newest];
    else {
      this.cards = newest;
      this.older = history.next_cursor;
    }
    this.status = status;
    this.run = overview.run;
    this.versionId = overview.run.version_id;
    this.modules.clear();
    for (const module of overview.modules) this.modules.set(moduleKey(module.step_id, module.module_name), module);
    this.executions = overview.executions.map((one) => ({
      executionId: one.execution_id,
      subActionId: one.sub_action_id,
      expected: one.expected,
      message: '',
      startedAt: one.started_at,
      params: one.params,
      ...(one.ended_at === null ? {} : { endedAt: one.ended_at }),
      ...(one.error === null ? {} : { error: one.error }),
      status: one.status === 'failed' ? failedAs(one.error) : one.status === 'late' ? 'completed' : one.status,
    }));
    this.work = null;
    this.stateStale = true;
    this.touch('status', 'run', 'modules', 'cards', 'work', 'state');
    this.flush();
  }

  addOlder(page: { items: HistoryRecord[]; next_cursor: string | null }): void {
    this.cards = [...page.items.toReversed(), ...this.cards];
    this.older = page.next_cursor;
    this.touch('cards');
    this.flush();
  }

  /** The open question as it stands now, for instance after a sub-action has added to it. */
  setQuestion(record: HistoryRecord): void {
    const request = record.request as InteractionRequest;
    if (record.status !== 'open' || this.status?.interaction_request?.interaction_id !== record.interaction_id) return;
    this.status = { ...this.status, interaction_request: request };
    this.touch('status');
  }
}
