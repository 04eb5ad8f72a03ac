import type { EventOf, RunEvent } from '@wfm/workflow-engine/events';
import { limits } from '@wfm/workflow-engine/models';
import type { StoreRows } from '@wfm/workflow-engine/ports/memory';

type Effect = StoreRows['effects'][number];
type Completed = EventOf<'module_completed'>;

/**
 * What effects of cut lines gave, by what they were given (format.md 22.5): those that were kept before and those of the
 * events that go now, the one that was used last at the end. Over `effectRecordBytes` of JSON the oldest go. Mocks are
 * made again for nothing, and what lies beside the log by reference is not kept.
 */
export function keptEffects(rows: StoreRows, isCut: (event: RunEvent) => boolean): Effect[] {
  const kept = new Map(rows.effects.map((effect) => [keyOf(effect), effect]));
  const found = new ExecutedEffects(rows.events);
  for (const event of rows.events) {
    if (event.type !== 'module_completed' || !isCut(event)) continue;
    const effect = found.of(event);
    if (!effect) continue;
    kept.delete(keyOf(effect));
    kept.set(keyOf(effect), effect);
  }
  return newest([...kept.values()]);
}

const keyOf = ({ workflow_run_id: run, module_id: id, input_hash: hash }: Effect): string => `${run} ${id} ${hash}`;

function newest(effects: Effect[]): Effect[] {
  let bytes = 0;
  const first = effects.findLastIndex((effect) => {
    bytes += JSON.stringify(effect).length;
    return bytes > limits.effectRecordBytes;
  });
  return effects.slice(first + 1);
}

/** Finds out of which call a completion comes, through all that reused it. */
class ExecutedEffects {
  readonly #calls = new Map<string, { event: Completed; started: EventOf<'module_started'> | undefined }>();

  /** Lines stand in the order in which they were made, so what reuses comes after what it reuses. */
  constructor(events: readonly RunEvent[]) {
    const begun = new Map<string, EventOf<'module_started'>>();
    for (const event of events) {
      const module = `${event.branch_id} ${event.step_id}/${event.module_name}`;
      if (event.type === 'module_started') begun.set(module, event);
      if (event.type !== 'module_completed') continue;
      const { from } = event.data.origin;
      const call = from ? this.#calls.get(`${from.branch_id}:${from.seq}`) : { event, started: begun.get(module) };
      if (call) this.#calls.set(`${event.branch_id}:${event.seq}`, call);
    }
  }

  of({ branch_id: branchId, seq, data: { outputs } }: Completed): Effect | null {
    const { event, started } = this.#calls.get(`${branchId}:${seq}`) ?? {};
    if (!event || !outputs || started?.data.kind !== 'effect' || event.data.origin.kind !== 'executed') return null;
    const { module_id, revision } = started.data;
    const { workflow_run_id, data } = event;
    return { workflow_run_id, module_id, revision, input_hash: data.input_hash, started_at: started.time, outputs };
  }
}
