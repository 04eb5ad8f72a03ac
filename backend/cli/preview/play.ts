import { randomUUID } from 'node:crypto';
import { assertSound } from '@wfm/workflow-engine';
import {
  compileVersion,
  type LoadedWorkflow,
  selectAlternative,
  validateWorkflow,
} from '@wfm/workflow-engine/definition';
import type { Origin } from '@wfm/workflow-engine/events';
import { checkPreviewSettings, createPreviewAnswerer, type PreviewSettings } from '@wfm/workflow-engine/mock';
import type {
  ExecutionMode,
  InteractionAnswer,
  InteractionRequest,
  WorkflowResponse,
} from '@wfm/workflow-engine/models';
import type { Clock } from '@wfm/workflow-engine/ports';
import { type Engine, LOCAL_USER, type Ports, throwAwayEngine } from '../compose.ts';
import { converse } from '../terminal/converse.ts';
import type { GivenAnswer } from './saved-preview.ts';

export interface PreviewScript {
  loaded: LoadedWorkflow;
  mode: ExecutionMode;
  target?: { stepId: string; moduleName: string } | undefined;
  settings: PreviewSettings;
}

/** An answer, and who gave it where no person did. */
export interface SourcedAnswer {
  answer: InteractionAnswer;
  by?: GivenAnswer['by'];
}

/** Where the answers of a preview come from; null ends it at the question. */
export type PreviewAnswers = (
  request: InteractionRequest,
  engine: Engine,
  runId: string,
) => Promise<SourcedAnswer | null>;

export interface Played {
  engine: Engine;
  runId: string;
  response: WorkflowResponse;
  /** What was answered, in order. */
  answers: GivenAnswer[];
}

const originOf: Record<NonNullable<GivenAnswer['by']>, Origin> = {
  sample: { kind: 'mocked', reason: 'sample_answer' },
  scenario: { kind: 'mocked', reason: 'scenario' },
};

/**
 * Executes a preview in a database that is thrown away, and hands it to `use` before it is. Throws what is wrong with
 * the definition or the settings, `step_not_found`, `module_not_found`, and what answering throws.
 */
export async function playPreview<T>(
  { loaded: sent, mode, target, settings }: PreviewScript,
  { clock, ports, answers: source }: { clock: Clock; ports: Ports; answers: PreviewAnswers },
  use: (played: Played) => Promise<T>,
): Promise<T> {
  const engine = throwAwayEngine({ answerer: createPreviewAnswerer({ ...settings, clock }), clock, ports });
  try {
    const { processor, registry, database } = engine;
    assertSound(validateWorkflow(sent.resolved, registry));
    const loaded = selectAlternative(sent, registry);
    const version = compileVersion(loaded.resolved, loaded.versionId, registry);
    checkPreviewSettings(version, settings);
    await database.definitions.keepDefinition({ versionId: loaded.versionId, definition: loaded.resolved });
    const waitMs = Number.POSITIVE_INFINITY;
    const caller = { userId: LOCAL_USER, sessionId: randomUUID(), waitMs, ...(target ? { target } : {}) };
    const started = await processor.start({
      ...caller,
      projectName: 'preview',
      versionId: loaded.versionId,
      templateId: null,
      templateName: version.workflow.name || version.workflow.workflow_id,
      mode,
    });
    const runId = started.workflow_run_id ?? '';
    const answers: GivenAnswer[] = [];
    let latest: SourcedAnswer | null = null;
    const response = await converse(
      started,
      (interactionId, answer) => {
        const by = latest?.by;
        return processor.respond({
          ...caller,
          runId,
          interactionId,
          answer,
          ...(by === undefined ? {} : { origin: originOf[by] }),
        });
      },
      async (request) => {
        latest = await source(request, engine, runId);
        if (!latest) return null;
        const { step_id, module_name } = request.step_context;
        answers.push({ at: `${step_id}/${module_name}`, ...latest });
        return latest.answer;
      },
    );
    return await use({ engine, runId, response, answers });
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

/** Saved answers, each to the module that it was given to; where another module asks, they end. */
export function savedAnswers(saved: readonly GivenAnswer[]): PreviewAnswers {
  let position = 0;
  return async ({ step_context: { step_id, module_name } }) => {
    const next = saved[position];
    if (next?.at !== `${step_id}/${module_name}`) return null;
    position += 1;
    const { answer, by } = next;
    return by === undefined ? { answer } : { answer, by };
  };
}
