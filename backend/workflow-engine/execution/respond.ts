import { WfmError } from '../errors/index.ts';
import type { EventOf, RunEvent } from '../events/run-event.ts';
import type { JsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';
import type { Intake } from '../modules/module.ts';
import type { ContentStore } from '../ports/content-store.ts';
import type { BranchRow, RunStore } from '../ports/run-store.ts';
import { branchNotCurrentError } from './branches/current-branch.ts';
import { chosenOption, type ChosenOption } from './interaction.ts';
import { departureEvent, targetOf } from './navigation.ts';
import { Journal } from './journal.ts';
import type { PerformDeps } from './begin-module.ts';
import { intakeContext } from './perform.ts';
import type { Decision, LoadedRun, Respond } from './commands.ts';
import { responseOf } from './response.ts';
import type { RunLoader } from './run-loader.ts';
import type { QuestionRecord } from './run-state.ts';
import { validateAnswer } from './validation.ts';

/** Branches besides the line's own in which a question is looked for. */
const OTHER_BRANCHES = 20;

/** What deciding on an answer needs besides the run. */
export interface RespondDeps {
  stores: { runs: RunStore; content: ContentStore };
  loader: RunLoader;
  perform: PerformDeps;
  engine: string;
}

/**
 * Decides what becomes of an answer: it is taken once, by whoever comes first (format.md 10.4). Throws
 * `response_too_large`, `interaction_not_found`, `interaction_already_answered`, `interaction_closed`, `conflict`,
 * `response_invalid`, `branch_not_current` for the open question of another branch.
 */
export async function decideAnswer(deps: RespondDeps, params: Respond, run: LoadedRun): Promise<Decision> {
  if (Buffer.byteLength(JSON.stringify(params.answer)) > limits.answerBytes) {
    throw new WfmError(
      'response_too_large',
      `The answer is over ${limits.answerBytes} bytes; send large files by upload id.`,
      { params: { limit: limits.answerBytes } },
    );
  }
  const { state, version } = run;
  const { question, branchId } = await findQuestion(deps, params, run);
  if (!question.answer && branchId !== state.branchId) throw branchNotCurrentError(branchId, state.branchId);
  if (question.answer) {
    if (params.idempotencyKey !== undefined && question.answer.idempotencyKey === params.idempotencyKey)
      return { replayed: true };
    throw await alreadyAnswered(deps, params, branchId, question.answer);
  }
  const open = state.open;
  if (state.ended || open?.interactionId !== params.interactionId) {
    throw new WfmError('interaction_closed', 'This question is closed.', {
      params: { interaction_id: params.interactionId },
    });
  }
  if (params.expectedSeq !== undefined) await checkExpected(deps, params.expectedSeq, run);
  const record = state.modules.get(question.key);
  const compiled = record && version.find(record.stepId, record.name);
  const module = compiled?.module;
  if (!compiled || module?.kind !== 'interactive') {
    throw new WfmError('interaction_closed', 'The module that asked is gone.', {
      params: { interaction_id: params.interactionId },
    });
  }
  const chosen = chosenOption(params.answer, open.request);
  if (chosen.option.mode !== 'continue')
    return { event: depart(deps, params, run, chosen, chosen.option.mode), interrupt: false };
  if (params.answer.cancelled === true)
    return {
      event: answerEvent(
        params,
        run,
        question,
        { response: { cancelled: true }, failures: [], warnings: [] },
        chosen.option.id,
      ),
    };
  const performance = {
    journal: readingJournal(deps, run),
    version,
    run: run.identity,
    signal: params.signal ?? new AbortController().signal,
  };
  const context = intakeContext(deps.perform, performance, compiled, module);
  const intake = await module.intake(params.answer, { request: open.request, prepared: open.prepared }, context);
  if (intake.departure) {
    const extra = open.request.extra_options.find((option) => option.id === intake.departure?.optionId);
    const option = {
      id: intake.departure.optionId ?? intake.departure.mode,
      mode: intake.departure.mode,
      label: '',
      ...extra,
    };
    return { event: depart(deps, params, run, { ...chosen, option }, intake.departure.mode) };
  }
  const verdict = validateAnswer(
    intake.response,
    chosen.option.validations ?? [],
    params.answer.confirmed_warnings ?? [],
    open.request as { multi_select?: unknown },
  );
  const errors = [...intake.failures, ...verdict.errors];
  if (errors.length > 0 || verdict.unconfirmed.length > 0) {
    return {
      answer: responseOf(state, version, deps.engine, {
        validation: { errors, warnings: verdict.unconfirmed },
      }),
    };
  }
  const warnings = [...intake.warnings, ...verdict.notes];
  return { event: answerEvent(params, run, question, { ...intake, warnings }, chosen.option.id) };
}

/**
 * The question and the branch on whose line it stands or was answered. One that a retry or jump has left behind counts as
 * answered by that (format.md 9.8, 10.4.2).
 */
async function findQuestion(
  deps: RespondDeps,
  { runId, interactionId }: Respond,
  { state }: LoadedRun,
): Promise<{ question: QuestionRecord; branchId: string }> {
  const current = state.questions.get(interactionId);
  if (current) return { question: current, branchId: state.branchId };
  const branches = await deps.stores.runs.branches({ runId });
  const byId = new Map(branches.map((branch) => [branch.branch_id, branch]));
  const parentOf = (branchId: string) => byId.get(byId.get(branchId)?.parent_branch_id ?? '');
  const ancestors = new Set<BranchRow>();
  for (let parent = parentOf(state.branchId); parent; parent = parentOf(parent.branch_id)) ancestors.add(parent);
  // Those that the run has left by returning are no ancestors; of them only the newest are looked at, to bound the work.
  const others = branches.filter((branch) => !ancestors.has(branch) && branch.branch_id !== state.branchId);
  for (const branch of [...ancestors, ...others.reverse().slice(0, OTHER_BRANCHES)]) {
    const line = await deps.loader.load(runId, branch.branch_id, branch.last_seq);
    const question = line.questions.get(interactionId);
    if (question) return { question, branchId: branch.branch_id };
  }
  throw new WfmError('interaction_not_found', 'There is no such question on the current branch.', {
    params: { interaction_id: interactionId },
  });
}

/** `expected_seq`: nothing but sub-action and task events may have come after it (format.md 10.4.3). */
async function checkExpected(deps: RespondDeps, expectedSeq: number, { row, state }: LoadedRun): Promise<void> {
  if (state.lastSeq <= expectedSeq) return;
  const later = await deps.stores.runs.readLine({
    runId: row.workflow_run_id,
    branchId: state.branchId,
    afterSeq: expectedSeq,
  });
  if (later.every((event) => event.type.startsWith('sub_action_') || event.type.startsWith('task_'))) return;
  throw new WfmError('conflict', 'The run has moved on since you read it.', {
    params: { expected_seq: expectedSeq, actual: state.lastSeq },
  });
}

function depart(deps: RespondDeps, params: Respond, run: LoadedRun, chosen: ChosenOption, mode: 'retry' | 'jump') {
  const record = run.state.modules.get(run.state.open?.key ?? '');
  const asked = { stepId: record?.stepId ?? '', moduleName: record?.name ?? '' };
  const target = targetOf(run.version, asked, chosen.option);
  return departureEvent(run.state, run.version, {
    mode,
    ...target,
    interactionId: params.interactionId,
    optionId: chosen.option.id,
    feedback: chosen.feedback,
    groups: chosen.groups,
    newBranchId: deps.perform.ids.uuid(),
    by: params.sessionId,
    ...(params.idempotencyKey === undefined ? {} : { idempotencyKey: params.idempotencyKey }),
  });
}

function answerEvent(params: Respond, run: LoadedRun, question: QuestionRecord, intake: Intake, actionId: string) {
  const record = run.state.modules.get(question.key);
  const data: EventOf<'interaction_response'>['data'] = {
    interaction_id: params.interactionId,
    response: intake.response,
    action_id: actionId,
    by: params.sessionId,
    origin: params.origin ?? { kind: 'executed', reason: 'no_record' },
  };
  if (params.idempotencyKey !== undefined) data.idempotency_key = params.idempotencyKey;
  if (intake.warnings.length > 0) data.warnings = intake.warnings;
  return {
    type: 'interaction_response' as const,
    step_id: record?.stepId,
    module_name: record?.name,
    attempt: record?.attempt,
    data,
  };
}

/** The loser's error names the accepted answer, when it came and whose it was (format.md 10.4.2). */
async function alreadyAnswered(
  deps: RespondDeps,
  { runId, interactionId, sessionId }: Respond,
  branchId: string,
  answer: NonNullable<QuestionRecord['answer']>,
): Promise<WfmError> {
  const { seq } = answer;
  const [event] = await deps.stores.runs.readLine({ runId, branchId, afterSeq: seq - 1, upToSeq: seq });
  const seconds = Math.max(0, Math.round((deps.perform.clock.now().getTime() - Date.parse(answer.time)) / 1000));
  const by = answer.by === sessionId ? 'this_session' : 'other_session';
  const where = by === 'this_session' ? 'in this session' : 'in another tab or device';
  return new WfmError('interaction_already_answered', `Answered ${seconds} s ago ${where}.`, {
    params: { seconds, by, answered_at: answer.time, interaction_id: interactionId },
    details: { accepted: acceptedAnswer(event) },
  });
}

function acceptedAnswer(event: RunEvent | undefined): JsonObject | null {
  if (event?.type === 'interaction_response') return event.data.response;
  if (event?.type === 'retry_requested' || event?.type === 'jump_requested')
    return { departure: event.type, target: event.data.target };
  return null;
}

/** The context of an intake reads the state; it never writes the log. */
function readingJournal(deps: RespondDeps, run: LoadedRun): Journal {
  return new Journal({
    stores: deps.stores,
    loader: deps.loader,
    clock: deps.perform.clock,
    version: run.version,
    timezone: run.identity.timezone,
    state: run.state,
    fence: null,
  });
}
