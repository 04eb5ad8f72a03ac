import type { EventOf, RunEvent, Usage } from '../../events/run-event.ts';
import type { InteractionRequest } from '../../models/interaction.ts';
import type { JsonObject } from '../../models/json.ts';
import type { EffectRecord } from '../../ports/effect-records.ts';
import { digestsOf } from '../hash.ts';
import { requestOf } from '../large-values.ts';
import { type EventPointer, type ModuleKey, moduleKey } from '../run-state.ts';

/** What a module did on a line that was left: enough to let its outputs stand in for doing it again (format.md 10.7). */
export interface ModuleRecord {
  /** Null for the outcome of an effect that no line tells of any more. */
  key: ModuleKey | null;
  moduleId: string;
  revision: number;
  inputHash: string;
  /** Digests of its inputs and of what it read besides, to name what differs; null where the log does not tell. */
  parts(): Record<string, string> | null;
  /** The instant that `now()` showed it. */
  startedAt: string;
  outputs: JsonObject;
  /** Null with `key`. */
  stateMapped: JsonObject | null;
  completed: EventPointer | null;
  usage: Usage | null;
  answer: RecordedAnswer | null;
}

/** A question with the answer that it got. */
export interface RecordedAnswer {
  request: InteractionRequest;
  questionHash: string;
  response: JsonObject;
  actionId: string;
  /** The session that answered. */
  by: string;
}

/**
 * Completed modules of the lines that a reconciled line was forked from, each to be claimed once: by its path, or when
 * it moved, by module and input hash.
 */
export class RecordPool {
  readonly #byKey = new Map<ModuleKey, ModuleRecord>();
  readonly #byHash = new Map<string, ModuleRecord[]>();
  readonly #claimed = new Set<ModuleRecord>();
  readonly #failed = new Set<ModuleKey>();
  readonly #prepared = new Map<ModuleKey, unknown>();

  /** Adds what a line completed after `afterSeq`; lines come newest first, and the newest record of a path is its own. */
  addLine(events: readonly RunEvent[], afterSeq: number): void {
    for (const event of events) {
      if (event.type !== 'module_error' || event.seq <= afterSeq) continue;
      const key = moduleKey(event.step_id ?? '', event.module_name ?? '');
      if (!this.#byKey.has(key)) this.#failed.add(key);
    }
    const prepared = new Map<ModuleKey, unknown>();
    for (const event of events) {
      if (event.type === 'interaction_requested' && event.seq > afterSeq)
        prepared.set(moduleKey(event.step_id ?? '', event.module_name ?? ''), event.data.prepared);
    }
    for (const [key, value] of prepared) if (!this.#prepared.has(key)) this.#prepared.set(key, value);
    for (const record of recordsOf(events, afterSeq)) {
      if (record.key !== null && !this.#byKey.has(record.key)) this.#byKey.set(record.key, record);
      this.#addByHash(record);
    }
  }

  /** Adds what effects of cut lines gave, to be found by hash alone; call it after the lines (format.md 10.7.2, 22.5). */
  addKept(effects: readonly EffectRecord[]): void {
    for (const effect of effects) {
      this.#addByHash({
        key: null,
        moduleId: effect.module_id,
        revision: effect.revision,
        inputHash: effect.input_hash,
        parts: () => null,
        startedAt: effect.started_at,
        outputs: effect.outputs,
        stateMapped: null,
        completed: null,
        usage: null,
        answer: null,
      });
    }
  }

  /** The record of that very module, claimed or not. */
  at(key: ModuleKey): ModuleRecord | undefined {
    return this.#byKey.get(key);
  }

  /** What that module prepared for the question that it asked last, answered or not; undefined for none. */
  preparedAt(key: ModuleKey): unknown {
    return this.#prepared.get(key);
  }

  /** True when the module failed on the line last left, and has no completed record there. */
  failed(key: ModuleKey): boolean {
    return this.#failed.has(key) && !this.#byKey.has(key);
  }

  /**
   * The unclaimed record whose outputs hold for these inputs, now claimed: that of the path, else one that moved.
   * `hashes`: any of them will do, the first rather than the next.
   */
  claim(key: ModuleKey, moduleId: string, hashes: readonly string[]): { record: ModuleRecord; moved: boolean } | null {
    const own = this.#byKey.get(key);
    if (own && hashes.includes(own.inputHash) && own.moduleId === moduleId && !this.#claimed.has(own))
      return this.#take(own, false);
    const alike = hashes
      .flatMap((hash) => this.#byHash.get(hashKey(moduleId, hash)) ?? [])
      .filter((record) => !this.#claimed.has(record));
    const earlier = alike.find((record) => record.key === key) ?? alike[0];
    return earlier ? this.#take(earlier, earlier.key !== null && earlier.key !== key) : null;
  }

  /** The unclaimed record that answers a question: that of the path, whatever its inputs, else one that moved with them. */
  answered(key: ModuleKey, moduleId: string, inputHash: string): ModuleRecord | null {
    const own = this.#byKey.get(key);
    const alike = this.#byHash.get(hashKey(moduleId, inputHash)) ?? [];
    const free = (record: ModuleRecord | undefined): boolean =>
      record?.answer != null && record.moduleId === moduleId && !this.#claimed.has(record);
    return [own, ...alike].find(free) ?? null;
  }

  /** Claims what `answered` finds. */
  claimAnswer(key: ModuleKey, moduleId: string, inputHash: string): ModuleRecord | null {
    const record = this.answered(key, moduleId, inputHash);
    if (record) this.#claimed.add(record);
    return record;
  }

  /** Marks what an event of the new line says that it came from. */
  markClaimed(from: EventPointer): void {
    for (const record of [...this.#byHash.values()].flat()) {
      if (record.completed?.branchId === from.branchId && record.completed.seq === from.seq) this.#claimed.add(record);
    }
  }

  #addByHash(record: ModuleRecord): void {
    const alike = hashKey(record.moduleId, record.inputHash);
    this.#byHash.set(alike, [...(this.#byHash.get(alike) ?? []), record]);
  }

  #take(record: ModuleRecord, moved: boolean): { record: ModuleRecord; moved: boolean } {
    this.#claimed.add(record);
    return { record, moved };
  }
}

const hashKey = (moduleId: string, inputHash: string): string => `${moduleId} ${inputHash}`;

/** The records of a line after a `seq`, in order; what never completed has none, and errors are never reused. */
function recordsOf(events: readonly RunEvent[], afterSeq: number): ModuleRecord[] {
  const started = new Map<ModuleKey, EventOf<'module_started'>>();
  const asked = new Map<ModuleKey, EventOf<'interaction_requested'>>();
  const answered = new Map<ModuleKey, EventOf<'interaction_response'>>();
  const records: ModuleRecord[] = [];
  for (const event of events) {
    const key = moduleKey(event.step_id ?? '', event.module_name ?? '');
    if (event.type === 'module_started') started.set(key, event);
    else if (event.type === 'interaction_requested') asked.set(key, event);
    else if (event.type === 'interaction_response') answered.set(key, event);
    else if (event.type === 'module_completed' && event.seq > afterSeq) {
      const start = started.get(key);
      const question = asked.get(key);
      const answer = answered.get(key);
      records.push({
        key,
        moduleId: start?.data.module_id ?? event.data.module_id ?? '',
        revision: start?.data.revision ?? event.data.revision ?? 0,
        inputHash: event.data.input_hash,
        parts: () =>
          start ? { ...digestsOf(start.data.inputs ?? {}), ...start.data.reads } : (event.data.parts ?? null),
        startedAt: start?.time ?? event.data.started_at ?? event.time,
        outputs: event.data.outputs ?? {},
        stateMapped: event.data.state_mapped ?? {},
        completed: { branchId: event.branch_id, seq: event.seq },
        usage: event.data.usage ?? null,
        answer:
          question && answer
            ? {
                request: requestOf(question),
                questionHash: question.data.question_hash,
                response: answer.data.response,
                actionId: answer.data.action_id,
                by: answer.data.by,
              }
            : null,
      });
    }
  }
  return records;
}
