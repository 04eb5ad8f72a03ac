import { randomUUID } from 'node:crypto';
import { compileVersion } from '../../definition/compile-version.ts';
import { type LoadedWorkflow, selectAlternative, validateWorkflow } from '../../definition/index.ts';
import { isWfmError } from '../../errors/index.ts';
import type { Origin } from '../../events/run-event.ts';
import type { Answerer } from '../../execution/answerer.ts';
import type { EngineDatabase } from '../../execution/processor-options.ts';
import type { WorkflowProcessor } from '../../execution/processor.ts';
import { assertSound } from '../../execution/templates.ts';
import type { ExecutionMode, RuleFailure, WorkflowResponse } from '../../models/execution.ts';
import type { InteractionAnswer, InteractionRequest } from '../../models/interaction.ts';
import type { ModuleRegistry } from '../../modules/registry.ts';
import type { Clock } from '../../ports/clock.ts';
import { createMockWorker, portableMediaHost } from '../media/mock-worker.ts';
import { createPreviewAnswerer } from '../preview-answerer.ts';
import { checkPreviewSettings, type PreviewSettings } from '../preview-settings.ts';
import { carryOutGiven, placeOf } from './given-commands.ts';
import { converse } from './converse.ts';
import { replayingOutcomes } from './recorded-outcomes.ts';
import type { GivenAnswer, GivenCommand, RecordedOutcome, SavedPreview } from './saved-preview.ts';

export interface PreviewScript {
  loaded: LoadedWorkflow;
  mode: ExecutionMode;
  target?: { stepId: string; moduleName: string } | undefined;
  settings: PreviewSettings;
  /** How modules end that need not be executed. */
  outcomes?: readonly RecordedOutcome[] | undefined;
}

/** The engine over a database that is gone when the play is over. */
export interface PlayEngine {
  processor: WorkflowProcessor;
  registry: ModuleRegistry;
  database: EngineDatabase;
  /** Whose run it is. */
  userId: string;
  close(): Promise<void>;
}

/** An answer, and who gave it where no person did. */
export interface SourcedAnswer {
  answer: InteractionAnswer;
  by?: GivenAnswer['by'];
}

/** Where the answers of a preview come from; null ends it at the question. */
export type PreviewAnswers<E extends PlayEngine = PlayEngine> = (
  request: InteractionRequest,
  engine: E,
  runId: string,
) => Promise<SourcedAnswer | null>;

export interface PlayParts<E extends PlayEngine> {
  openEngine: (answerer: Answerer) => E;
  clock: Clock;
  answers: PreviewAnswers<E>;
  /** What comes next where no answer does; null ends the play. */
  command?: () => GivenCommand | null;
  /** Where the next call shall stop; by default at the script's target. */
  target?: () => PreviewScript['target'];
  /** Ends the play. */
  signal?: AbortSignal | undefined;
  /** Hears what was wrong with an answer. */
  onRefused?: (failure: RuleFailure) => void;
}

export interface Played<E extends PlayEngine> {
  engine: E;
  runId: string;
  response: WorkflowResponse;
  /** What was answered, in order. */
  answers: GivenAnswer[];
  /** A command that the run does not take, in words; the play ended there. */
  refused: string | null;
}

const originOf: Record<NonNullable<GivenAnswer['by']>, Origin> = {
  sample: { kind: 'mocked', reason: 'sample_answer' },
  scenario: { kind: 'mocked', reason: 'scenario' },
};

/**
 * Executes a preview in a database that is thrown away, and hands it to `use` before it is. Throws what is wrong with
 * the definition or the settings, `step_not_found`, `module_not_found`, and what answering throws.
 */
export async function playPreview<T, E extends PlayEngine>(
  { loaded: sent, mode, target, settings, outcomes = [] }: PreviewScript,
  { openEngine, clock, answers: source, command = () => null, target: targetNow, onRefused, signal }: PlayParts<E>,
  use: (played: Played<E>) => Promise<T>,
): Promise<T> {
  const worker: Answerer['work'] = (task, watch) =>
    createMockWorker({ media: engine.database.media, clock, host: portableMediaHost })(task, watch);
  const answerer = replayingOutcomes(createPreviewAnswerer({ ...settings, clock, worker }), outcomes);
  const engine = openEngine(answerer);
  try {
    const { processor, registry, database, userId } = engine;
    assertSound(validateWorkflow(sent.resolved, registry));
    const loaded = selectAlternative(sent, registry);
    const version = compileVersion(loaded.resolved, loaded.versionId, registry);
    checkPreviewSettings(version, settings);
    await database.definitions.keepDefinition({ versionId: loaded.versionId, definition: loaded.resolved });
    const waitMs = Number.POSITIVE_INFINITY;
    const sessionId = randomUUID();
    const caller = () => {
      const stop = targetNow ? targetNow() : target;
      return { userId, sessionId, waitMs, ...(stop ? { target: stop } : {}), ...(signal ? { signal } : {}) };
    };
    let response = await processor.start({
      ...caller(),
      projectName: 'preview',
      versionId: loaded.versionId,
      templateId: null,
      templateName: version.workflow.name || version.workflow.workflow_id,
      mode,
    });
    const runId = response.workflow_run_id ?? '';
    const answers: GivenAnswer[] = [];
    let latest: SourcedAnswer | null = null;
    for (;;) {
      response = await converse(
        response,
        (interactionId, answer) => {
          const by = latest?.by;
          const origin = by === undefined ? {} : { origin: originOf[by] };
          return processor.respond({ ...caller(), runId, interactionId, answer, ...origin });
        },
        async (request) => {
          latest = await source(request, engine, runId);
          if (!latest) return null;
          const { step_id, module_name } = request.step_context;
          answers.push({ at: `${step_id}/${module_name}`, ...latest });
          return latest.answer;
        },
        onRefused,
      );
      const next = command();
      if (!next) return await use({ engine, runId, response, answers, refused: null });
      try {
        response = await carryOutGiven(processor, { ...caller(), runId }, next);
      } catch (error) {
        if (!isWfmError(error) || signal?.aborted) throw error;
        return await use({ engine, runId, response, answers, refused: error.message });
      }
    }
  } finally {
    await engine.close();
  }
}

/** The smallest valid answer to each question (format.md 11.5). */
export const sampleAnswers: PreviewAnswers = async (request, { processor }, runId) => {
  const { state, version } = await processor.load({ runId });
  const { step_id, module_name } = request.step_context;
  const module = version.find(step_id, module_name)?.module;
  if (module?.kind !== 'interactive') return null;
  return { answer: module.sample({ request, prepared: state.open?.prepared }), by: 'sample' };
};

/** What a saved preview says was done, in order: each answer to the module that it was given to. */
export function savedSteps({
  answers: saved,
  target,
}: Pick<SavedPreview, 'answers' | 'target'>): Required<Pick<PlayParts<PlayEngine>, 'answers' | 'command' | 'target'>> {
  let position = 0;
  return {
    target() {
      const rest = saved.slice(position);
      if (!rest.some((step) => 'do' in step)) {
        return target && { stepId: target.step_id, moduleName: target.module_name };
      }
      // Before a command the run stood still where that command found it.
      const [next] = rest;
      return next && 'after' in next && next.after !== undefined ? placeOf(next.after) : undefined;
    },
    async answers({ step_context: { step_id, module_name } }) {
      const next = saved[position];
      if (!next || 'do' in next || next.at !== `${step_id}/${module_name}`) return null;
      position += 1;
      const { answer, by } = next;
      return by === undefined ? { answer } : { answer, by };
    },
    command() {
      const next = saved[position];
      if (!next || !('do' in next)) return null;
      position += 1;
      return next;
    },
  };
}
