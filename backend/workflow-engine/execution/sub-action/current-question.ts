import type { CompiledVersion } from '../../definition/compile-version.ts';
import { hasCode, isWfmError } from '../../errors/index.ts';
import type { ModulePorts } from '../../modules/module.ts';
import type { Clock, Ids } from '../../ports/clock.ts';
import { buildRequest } from '../interaction.ts';
import { prepareModule } from '../prepare-module.ts';
import { type ReadOutputs, seenBy } from '../retry-conversation.ts';
import type { OpenQuestion, RunState } from '../run-state.ts';
import { moduleContext, type RunIdentity } from '../workflow-context.ts';

/** What a question is asked anew with. */
export interface QuestionDeps {
  ports: ModulePorts;
  clock: Clock;
  ids: Ids;
  readOutputs: ReadOutputs;
}

/**
 * The open question as it stands now: once a sub-action of it has completed, its `data` is resolved again against the
 * state as it is, under the same id; what was prepared for it is not computed again (format.md 10.4.8, 13.5). The log
 * keeps what was asked. A question that can no longer be resolved stays as it was asked.
 */
export async function currentQuestion(
  deps: QuestionDeps,
  { state, version, run }: { state: RunState; version: CompiledVersion; run: RunIdentity },
): Promise<OpenQuestion | null> {
  const { open } = state;
  if (!open) return null;
  const record = state.modules.get(open.key);
  const compiled = record && version.find(record.stepId, record.name);
  const module = compiled?.module;
  if (!compiled || module?.kind !== 'interactive') return open;
  const added = state.subActions.some((one) => one.status === 'completed' && one.interactionId === open.interactionId);
  // A request phase that has prepared something would prepare it again.
  const asksAnew = added && open.prepared === undefined;
  if (!asksAnew && !module.refresh) return open;
  try {
    const seen = await seenBy(deps.readOutputs, state, open.key);
    const now = deps.clock.now();
    const prepared = asksAnew
      ? prepareModule({ compiled, version, run, llm: deps.ports.llm, now, ...seen })
      : { inputs: {}, inputHash: record.inputHash };
    const { context } = moduleContext({
      run,
      compiled,
      module,
      state: seen.state,
      branchId: state.branchId,
      branchIds: state.branchIds,
      seed: prepared.inputHash,
      now,
      attempt: record.attempt,
      idempotencyKey: open.interactionId,
      conversation: [],
      signal: new AbortController().signal,
      ports: deps.ports,
      newId: () => deps.ids.uuid(),
      publish: () => undefined,
      elapsedMs: () => 0,
    });
    let { request } = open;
    if (asksAnew) {
      const asked = await module.request(prepared.inputs, context);
      if (!('draft' in asked)) return open;
      const { previous_answer, annotations } = request;
      request = {
        ...buildRequest(asked.draft, compiled, { interactionId: open.interactionId }),
        ...(previous_answer === undefined ? {} : { previous_answer }),
        ...(annotations === undefined ? {} : { annotations }),
      };
    }
    if (module.refresh) request = await module.refresh({ request, prepared: open.prepared }, context);
    return { ...open, request };
  } catch (error) {
    if (!isWfmError(error) || hasCode(error, 'storage_unavailable')) throw error;
    return open;
  }
}

/** The state with its open question as it stands now; the given one where nothing has changed. */
export async function withCurrentQuestion(
  deps: QuestionDeps,
  given: { state: RunState; version: CompiledVersion; run: RunIdentity },
): Promise<RunState> {
  const open = await currentQuestion(deps, given);
  return open === given.state.open ? given.state : { ...given.state, open };
}
