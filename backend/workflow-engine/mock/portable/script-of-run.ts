import { hasCode } from '../../errors/index.ts';
import type { EventOf, Origin, RunEvent } from '../../events/run-event.ts';
import { readWhole } from '../../execution/reconcile/reuse.ts';
import type { RunLoader } from '../../execution/run-loader.ts';
import type { ExecutionMode } from '../../models/execution.ts';
import { interactionAnswerSchema } from '../../models/interaction.ts';
import { isJsonObject } from '../../models/json.ts';
import type { ModuleRegistry } from '../../modules/registry.ts';
import type { RunStore } from '../../ports/run-store.ts';
import type { GivenAnswer, GivenCommand, RecordedOutcome } from './saved-preview.ts';

/** What was done to a run up to a point of a line, and how its modules ended, each in order. */
export interface RunScript {
  steps: (GivenAnswer | GivenCommand)[];
  outcomes: RecordedOutcome[];
  /** The module after which the line stands still, `step/module`; null where a question, a failure or an end stops it. */
  halted: string | null;
}

export interface ScriptSource {
  runId: string;
  runs: RunStore;
  loader: RunLoader;
  registry: ModuleRegistry;
  /** In which effects were executed. */
  mode: ExecutionMode;
  /** Which ends of modules are recorded; what is not is done again. */
  records: (ended: EndedModule) => boolean;
  /** Whether the definition has a module, `step/module`; what was done at others is left out. */
  knows: (path: string) => boolean;
  /** True: as if the line had never been left for another. */
  straight?: boolean;
}

export interface EndedModule {
  /** Whom the module asks: an address or a model, a worker, or nobody but its own stores. */
  asks: 'outside' | 'worker' | 'nobody';
  /** Of the execution itself, also where a record was reused since. */
  origin: Pick<Origin, 'kind' | 'reason'>;
}

/**
 * Reads a line as the shortest way to its end on one definition: edits on the way count for nothing, since what they made
 * is on the line, and a retry or jump leaves the line that it left (format.md 9.5, 9.6). Cancelled sub-actions are left
 * out.
 */
export async function scriptOfRun(source: ScriptSource, branchId: string, upToSeq = Infinity): Promise<RunScript> {
  const line = await readWhole(source, source.runId, branchId);
  let script: RunScript = { steps: [], outcomes: [], halted: null };
  const walk = new ModuleWalk(source);
  const started = new Map<string, EventOf<'sub_action_started'>>();
  let asked: Asked | null = null;
  /** Where the steps end if the newest answer is not taken in any more. */
  let taken: number | null = null;
  const own = line.filter((event) => event.seq <= upToSeq);
  // What led to the newest fork begins with all that led to those before it.
  const fork = source.straight
    ? undefined
    : own.findLast(
        (event) => event.type === 'branch_created' && isDeparture(event) && source.knows(departureOf(event).at),
      );
  for (const event of own) {
    if (event === fork && event.type === 'branch_created') {
      const { parent_branch_id: parentId, state_seq: stateSeq } = event.data;
      script = await scriptOfRun(source, parentId, stateSeq);
      const { halted } = script;
      script.steps.push({ ...departureOf(event), ...(halted === null ? {} : { after: halted }) });
      script.halted = null;
    }
    if (event.type === 'interaction_requested') asked = event.data.request;
    if (event.type === 'interaction_response') {
      taken = script.steps.length;
      script.steps.push(...answerOf(event, asked));
    }
    if (event.type === 'workflow_resumed' && event.data.reason === 'error') script.steps.push({ do: 'resume' });
    if (event.type === 'sub_action_started') started.set(event.data.execution_id, event);
    if (isTold(event)) {
      const begun = started.get(event.data.execution_id);
      if (begun) script.steps.push(subActionOf(begun));
      script.outcomes.push(...(await outcomesOfChild(source, event.data.execution_id)));
    }
    script.outcomes.push(...(await walk.outcomesOf(event)));
    if (event.type === 'module_completed' || event.type === 'module_error') taken = null;
    if (event.type === 'module_completed') script.halted = pathOf(event);
    else if (stops.has(event.type)) script.halted = null;
  }
  // Cut off between an answer and what became of it, the line stands at the question.
  const steps = taken === null ? script.steps : script.steps.slice(0, taken);
  return { ...script, steps: steps.filter((step) => !('at' in step) || source.knows(step.at)) };
}

type Asked = EventOf<'interaction_requested'>['data']['request'];

const stops = new Set<RunEvent['type']>([
  'interaction_requested',
  'workflow_error',
  'workflow_completed',
  'workflow_cancelled',
]);

/** Follows the events of modules and keeps how each ended. */
class ModuleWalk {
  readonly #source: ScriptSource;
  readonly #began = new Map<string, EventOf<'module_started'>>();
  readonly #asked = new Set<string>();

  constructor(source: ScriptSource) {
    this.#source = source;
  }

  async outcomesOf(event: RunEvent): Promise<RecordedOutcome[]> {
    const at = pathOf(event);
    if (event.type === 'module_started') this.#began.set(at, event);
    if (event.type === 'interaction_requested') {
      this.#asked.add(at);
      return this.#preparedOf(event, at);
    }
    if (event.type !== 'module_completed' && event.type !== 'module_error') return [];
    const moduleId = this.#began.get(at)?.data.module_id ?? (event.type === 'module_completed' && event.data.module_id);
    const module = this.#source.registry.find(moduleId || '');
    const began = this.#began.delete(at);
    // The answer to a question is a step of the script; what could not even be prepared will not be now.
    if (this.#asked.delete(at) || (event.type === 'module_error' && !began)) return [];
    const isOutside = module?.kind === 'effect' && module.ownStore !== true;
    const asks = module?.kind === 'job' ? 'worker' : isOutside ? 'outside' : 'nobody';
    if (event.type === 'module_error') {
      const { code, message, params } = event.data.error;
      // Whoever fails again at once is not tried again by the engine: the tries are in the record.
      return asks !== 'nobody' || code === 'worker_lost'
        ? [{ at, error: { code, message, params, transient: false } }]
        : [];
    }
    const { kind, reason } = await this.#executed(event);
    if (!this.#source.records({ asks, origin: { kind, reason } })) return [];
    const origin = kind === 'pinned' || kind === 'mocked' ? { kind, reason } : { kind: 'executed' as const, reason };
    return [{ at, outputs: event.data.outputs ?? {}, origin }];
  }

  /** What was prepared for a question, where an effect was asked for it. */
  #preparedOf({ data }: EventOf<'interaction_requested'>, at: string): RecordedOutcome[] {
    if (!isJsonObject(data.prepared)) return [];
    const origin = { kind: this.#source.mode === 'real' ? 'executed' : 'mocked', reason: 'no_record' } as const;
    if (!this.#source.records({ asks: 'outside', origin })) return [];
    const { prepare_hash: _hash, ...prepared } = data.prepared;
    return [{ at, prepared }];
  }

  /** Where a completion comes from, through all that reused it. A record that is gone counts as executed. */
  async #executed(event: EventOf<'module_completed'>): Promise<Origin> {
    const { origin } = event.data;
    if (origin.kind !== 'reused') return origin;
    if (!origin.from) return { kind: 'executed', reason: 'no_record' };
    const { runs, runId } = this.#source;
    const { branch_id: branchId, seq } = origin.from;
    try {
      const [from] = await runs.readLine({ runId, branchId, afterSeq: seq - 1, upToSeq: seq });
      if (from?.type === 'module_completed') return await this.#executed(from);
    } catch (error) {
      if (!hasCode(error, 'branch_not_found')) throw error;
    }
    return { kind: 'executed', reason: 'no_record' };
  }
}

type Told = EventOf<'sub_action_completed' | 'sub_action_failed'>;

/** True where a sub-action has ended by itself, while its question was open. */
function isTold(event: RunEvent): event is Told {
  if (event.type === 'sub_action_completed') return event.data.late !== true;
  const ended = ['sub_action_cancelled', 'sub_action_interrupted'];
  return event.type === 'sub_action_failed' && !ended.includes(event.data.error.code);
}

async function outcomesOfChild(source: ScriptSource, childId: string): Promise<RecordedOutcome[]> {
  const child = await source.runs.find({ runId: childId });
  if (child?.parent_run_id !== source.runId) return [];
  const walk = new ModuleWalk({ ...source, runId: childId });
  const outcomes: RecordedOutcome[] = [];
  for (const event of await readWhole(source, childId, child.current_branch_id))
    outcomes.push(...(await walk.outcomesOf(event)));
  return outcomes;
}

function subActionOf({ data, ...event }: EventOf<'sub_action_started'>): GivenCommand {
  const { sub_action_id, params, feedback } = data;
  const given = { do: 'sub_action', at: pathOf(event), sub_action_id, params } as const;
  return feedback === undefined ? given : { ...given, feedback };
}

const isDeparture = ({ data }: EventOf<'branch_created'>): boolean => data.kind !== 'reconcile';

type Departure = Extract<GivenCommand, { do: 'retry' | 'jump' | 'reopen' }>;

function departureOf({ data }: EventOf<'branch_created'>): Departure {
  const { kind, target, feedback, groups, inputs_override } = data;
  const at = `${target?.step_id ?? ''}/${target?.module_name ?? ''}`;
  if (kind === 'reopen') return { do: 'reopen', at };
  const more = { ...(feedback === undefined ? {} : { feedback }), ...(groups === undefined ? {} : { groups }) };
  if (kind !== 'retry') return { do: 'jump', at, ...more };
  return { do: 'retry', at, ...more, ...(inputs_override === undefined ? {} : { inputs_override }) };
}

function answerOf(event: EventOf<'interaction_response'>, asked: Asked | null): GivenAnswer[] {
  const { response, action_id, origin } = event.data;
  // What was answered in spite of a warning was confirmed.
  const warnings = (asked?.rules.validations ?? []).filter(({ severity }) => severity !== 'error');
  const confirmed = warnings.length > 0 ? { confirmed_warnings: warnings.map(({ id }) => id) } : {};
  const answer = interactionAnswerSchema.safeParse({ ...response, action_id, ...confirmed });
  if (!answer.success) return [];
  const at = pathOf(event);
  if (origin.kind !== 'mocked') return [{ at, answer: answer.data }];
  return [{ at, answer: answer.data, by: origin.reason === 'scenario' ? 'scenario' : 'sample' }];
}

function pathOf({ step_id, module_name }: Pick<RunEvent, 'step_id' | 'module_name'>): string {
  return `${step_id ?? ''}/${module_name ?? ''}`;
}
