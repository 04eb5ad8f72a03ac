import type { CompiledModule, CompiledVersion } from '../../definition/compile-version.ts';
import type { RunEvent } from '../../events/run-event.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import type { LlmProvider } from '../../ports/llm-provider.ts';
import { applyEvent, stateOfCreated } from '../evolve.ts';
import { contentHash } from '../hash.ts';
import { optionsOf } from '../interaction.ts';
import { requestOf } from '../large-values.ts';
import { next } from '../next.ts';
import { prepareModule } from '../prepare-module.ts';
import { type ReadOutputs, seenBy } from '../retry-conversation.ts';
import { type HydratedEvent, moduleKey, type RunState } from '../run-state.ts';
import { mapOutputs } from '../state-mapping.ts';
import type { RunIdentity } from '../workflow-context.ts';

/** How much of a line a changed version would have written alike. */
export interface HoldingPrefix {
  /** Last `seq` that holds; a new line forks here. */
  forkSeq: number;
  /** Nothing on the line is in the way: the version can simply be switched. */
  whole: boolean;
}

export interface PrefixOptions {
  line: readonly HydratedEvent[];
  version: CompiledVersion;
  run: RunIdentity;
  llm: LlmProvider;
  readOutputs: ReadOutputs;
  /** Modules that shall run again whatever holds ("run again"). */
  force: ReadonlySet<string>;
  /** False asks every question again. */
  autoReapply: boolean;
}

/**
 * Walks a line beside a changed version, in the new order, and finds where they part (format.md 10.7.1–10.7.3). Reads
 * the log and calls no module.
 */
export async function holdingPrefix(options: PrefixOptions): Promise<HoldingPrefix> {
  const { line, version } = options;
  const created = line[0]?.event;
  if (created?.type !== 'workflow_created') throw new TypeError('a log begins with workflow_created');
  const state = stateOfCreated(created);
  if (!sameStart(created.data, version)) return { forkSeq: 0, whole: false };
  let at = 1;
  while (at < line.length) {
    const item = line[at];
    if (!item) break;
    if (isAside(item.event)) {
      applyEvent(state, item);
      at += 1;
      continue;
    }
    const end = await matchNext(options, state, at);
    if (end === null) return { forkSeq: line[at - 1]?.event.seq ?? 0, whole: false };
    for (; at < end; at += 1) {
      const held = line[at];
      if (held) applyEvent(state, held);
    }
  }
  return { forkSeq: line.at(-1)?.event.seq ?? 0, whole: true };
}

/** The definition's own start: what seeds state and what templates see as `config`. */
function sameStart(created: RunState['created'], { workflow }: CompiledVersion): boolean {
  const own = { initial_state: workflow.initial_state, config: workflow.config };
  return contentHash(own) === contentHash({ initial_state: created.initial_state, config: created.config });
}

/** What people did to the line, and where it comes from. */
const doneToLine = new Set<RunEvent['type']>([
  'branch_created',
  'branch_resumed',
  'version_switched',
  'workflow_resumed',
  'retry_requested',
  'jump_requested',
]);

/** Events that no version decides: what was done to the line, and what sub-actions brought. */
function isAside({ type }: RunEvent): boolean {
  return doneToLine.has(type) || type.startsWith('sub_action_');
}

/** Index after the events that the version's next step would have written alike; null where the line parts from it. */
async function matchNext(options: PrefixOptions, state: RunState, at: number): Promise<number | null> {
  const { line, version } = options;
  const event = line[at]?.event;
  if (!event) return null;
  const step = next(state, version);
  switch (step.kind) {
    case 'start_step':
      return event.type === 'step_started' && event.step_id === step.step.stepId ? at + 1 : null;
    case 'complete_step':
      return event.type === 'step_completed' && event.step_id === step.step.stepId ? at + 1 : null;
    case 'execute':
      return matchModule(options, state, step.module, at);
    case 'complete_workflow':
      return event.type === 'workflow_completed' ? at + 1 : null;
    default:
      return null;
  }
}

/** The events of one module, if its inputs, its question and what it maps are as they would be now. */
async function matchModule(
  options: PrefixOptions,
  state: RunState,
  compiled: CompiledModule,
  at: number,
): Promise<number | null> {
  const key = moduleKey(compiled.stepId, compiled.name);
  const { events, end } = eventsOfModule(options.line, key, at);
  const first = events[0]?.event;
  if (!first || options.force.has(compiled.path)) return null;
  if (events.some(({ event }) => event.type === 'module_error' || event.type === 'workflow_error')) return null;
  const started = events.findLast(({ event }) => event.type === 'module_started')?.event;
  const completed = events.at(-1)?.event;
  const instant =
    started?.time ?? (first.type === 'module_completed' ? (first.data.started_at ?? first.time) : first.time);
  const recordedHash =
    first.type === 'module_started' || first.type === 'module_completed' ? first.data.input_hash : '';
  try {
    const prepared = prepareModule({
      compiled,
      version: options.version,
      run: options.run,
      llm: options.llm,
      now: new Date(instant),
      ...(await seenBy(options.readOutputs, state, key)),
    });
    if (!prepared.heldHashes.includes(recordedHash)) return null;
  } catch {
    // What cannot even be prepared now will fail when it is executed, with its place.
    return null;
  }
  if (!sameQuestion(options, compiled, events)) return null;
  if (completed?.type === 'module_completed') {
    const mapped = mapOutputs(compiled.node.outputs_to_state, completed.data.outputs ?? {}, flatAt(state, events));
    if (contentHash(mapped) !== contentHash(completed.data.state_mapped ?? {})) return null;
  } else if (!options.line.slice(end).every(({ event }) => isAside(event))) return null;
  return end;
}

/** Flat state as the module's completion found it: with what sub-actions of its question had mapped (format.md 7.3). */
function flatAt(state: RunState, events: readonly HydratedEvent[]): Readonly<JsonObject> {
  const brought = events.flatMap(({ event }) =>
    event.type === 'sub_action_completed' && event.data.late !== true ? [event.data.state_mapped ?? {}] : [],
  );
  // A copy costs as much as state is large, and hardly any module has sub-actions.
  return brought.reduce<JsonObject>((flat, mapped) => ({ ...flat, ...mapped }), state.flat);
}

/** The events of one module from `at` on and the index after them; between them may stand what was done to the line. */
function eventsOfModule(
  line: readonly HydratedEvent[],
  key: string,
  at: number,
): { events: HydratedEvent[]; end: number } {
  const events: HydratedEvent[] = [];
  let end = at;
  for (let index = at; index < line.length; index += 1) {
    const item = line[index];
    if (!item || doneToLine.has(item.event.type)) continue;
    const isOwn = moduleKey(item.event.step_id ?? '', item.event.module_name ?? '') === key;
    if (!isOwn && !isAside(item.event)) break;
    if (!isOwn) continue;
    events.push(item);
    end = index + 1;
    if (item.event.type === 'module_completed') break;
  }
  return { events, end };
}

/** Buttons and rules are no inputs, but they are part of a question's meaning. */
function sameQuestion(
  { autoReapply }: PrefixOptions,
  compiled: CompiledModule,
  events: readonly HydratedEvent[],
): boolean {
  const asked = events.findLast(({ event }) => event.type === 'interaction_requested')?.event;
  if (asked?.type !== 'interaction_requested') return true;
  if (!autoReapply && events.some(({ event }) => event.type === 'interaction_response')) return false;
  const request = requestOf(asked);
  return contentHash(dressed(request, compiled)) === contentHash(request);
}

/** A recorded request as the version would ask it now, its inputs being the same. */
function dressed(request: unknown, compiled: CompiledModule): JsonObject {
  const retryable = optionsOf(compiled);
  const standard = retryable.options.find((option) => option.id === retryable.default_option);
  const known = isJsonObject(request) ? request : {};
  const rules = isJsonObject(known.rules) ? known.rules : {};
  const { sub_actions: _subActions, ...rest } = known;
  return {
    ...rest,
    retryable,
    rules: { ...rules, validations: standard?.validations ?? [] },
    ...(compiled.node.sub_actions ? { sub_actions: compiled.node.sub_actions } : {}),
    step_context: { ...(isJsonObject(known.step_context) ? known.step_context : {}), step_name: compiled.stepName },
  };
}
