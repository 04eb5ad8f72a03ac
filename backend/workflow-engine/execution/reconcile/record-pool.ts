import type { EventOf, RunEvent, Usage } from '../../events/run-event.ts';
import type { InteractionRequest } from '../../models/interaction.ts';
import type { JsonObject } from '../../models/json.ts';
import { type EventPointer, type ModuleKey, moduleKey } from '../run-state.ts';

/** What a module did on a line that was left: enough to let its outputs stand in for doing it again (format.md 10.7). */
export interface ModuleRecord {
  key: ModuleKey;
  moduleId: string;
  revision: number;
  inputHash: string;
  /** As recorded, to name what differs. */
  inputs: JsonObject;
  /** The instant that `now()` showed it. */
  startedAt: string;
  outputs: JsonObject;
  stateMapped: JsonObject;
  completed: EventPointer;
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

  /** Adds what a line completed after `afterSeq`; lines come newest first, and the newest record of a path is its own. */
  addLine(events: readonly RunEvent[], afterSeq: number): void {
    for (const event of events) {
      if (event.type !== 'module_error' || event.seq <= afterSeq) continue;
      const key = moduleKey(event.step_id ?? '', event.module_name ?? '');
      if (!this.#byKey.has(key)) this.#failed.add(key);
    }
    for (const record of recordsOf(events, afterSeq)) {
      if (!this.#byKey.has(record.key)) this.#byKey.set(record.key, record);
      const alike = hashKey(record.moduleId, record.inputHash);
      this.#byHash.set(alike, [...(this.#byHash.get(alike) ?? []), record]);
    }
  }

  /** The record of that very module, claimed or not. */
  at(key: ModuleKey): ModuleRecord | undefined {
    return this.#byKey.get(key);
  }

  /** True when the module failed on the line last left, and has no completed record there. */
  failed(key: ModuleKey): boolean {
    return this.#failed.has(key) && !this.#byKey.has(key);
  }

  /** The unclaimed record whose outputs hold for these inputs, now claimed: that of the path, else one that moved. */
  claim(key: ModuleKey, moduleId: string, inputHash: string): { record: ModuleRecord; moved: boolean } | null {
    const own = this.#byKey.get(key);
    if (own?.inputHash === inputHash && own.moduleId === moduleId && !this.#claimed.has(own))
      return this.#take(own, false);
    const alike = (this.#byHash.get(hashKey(moduleId, inputHash)) ?? []).filter((record) => !this.#claimed.has(record));
    const earlier = alike.find((record) => record.key === key) ?? alike[0];
    return earlier ? this.#take(earlier, earlier.key !== key) : null;
  }

  /** Claims the answer of a module's record, whatever its inputs. */
  claimAnswer(key: ModuleKey, moduleId: string): ModuleRecord | null {
    const own = this.#byKey.get(key);
    if (!own?.answer || own.moduleId !== moduleId || this.#claimed.has(own)) return null;
    this.#claimed.add(own);
    return own;
  }

  /** Marks what an event of the new line says that it came from. */
  markClaimed(from: EventPointer): void {
    for (const record of [...this.#byHash.values()].flat()) {
      if (record.completed.branchId === from.branchId && record.completed.seq === from.seq) this.#claimed.add(record);
    }
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
        inputs: start?.data.inputs ?? {},
        startedAt: start?.time ?? event.data.started_at ?? event.time,
        outputs: event.data.outputs ?? {},
        stateMapped: event.data.state_mapped ?? {},
        completed: { branchId: event.branch_id, seq: event.seq },
        usage: event.data.usage ?? null,
        answer:
          question && answer
            ? {
                request: question.data.request,
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
