import { randomUUID } from 'node:crypto';
import { createLlmProvider, createStandardMedia, readProviderSettings } from '@wfm/providers';
import { type Answerer, createRegistry, prepareStart, standardModules, WorkflowProcessor } from '@wfm/workflow-engine';
import type { LoadedWorkflow } from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import { canonicalLog } from '@wfm/workflow-engine/events';
import type { ExecutionMode, InteractionAnswer, WorkflowResponse } from '@wfm/workflow-engine/models';
import type { Clock, Database, HttpClient } from '@wfm/workflow-engine/ports';
import { memoryMediaFiles } from '@wfm/workflow-engine/ports/memory';

/** The engine in this process over a database, with the offline language model and no network. */
export interface LocalHost {
  processor: WorkflowProcessor;
  start(loaded: LoadedWorkflow, options: StartOptions): Promise<WorkflowResponse>;
  /** For `playRecorded`: answers a question of that run. */
  respondTo(
    started: WorkflowResponse,
    target?: Target,
  ): (id: string, answer: InteractionAnswer) => Promise<WorkflowResponse>;
  /** The smallest valid answer to the open question (format.md 11.5). */
  sampleAnswer(asked: WorkflowResponse): Promise<InteractionAnswer>;
  /** All lines of a run in the order in which they were made, in the form in which logs are compared. */
  canonicalLines(runId: string): Promise<string[][]>;
}

export interface Target {
  stepId: string;
  moduleName: string;
}

interface StartOptions {
  projectName: string;
  mode?: ExecutionMode;
  target?: Target;
}

/** No address answers, at once: what a machine without a network says after a while. */
const noNetwork: HttpClient = {
  fetch: () => Promise.reject(new WfmError('http_failed', 'There is no network here.', { transient: true })),
};

/** The catalogue as a machine has it that no setting was made for. */
export function localMedia(): ReturnType<typeof createStandardMedia> {
  return createStandardMedia(readProviderSettings({ PATH: process.env.PATH }).media, { http: noNetwork });
}

/** One person's runs over `database`; equal hosts get equal logs. */
export function createLocalHost(database: Database, clock: Clock, answerer?: Answerer): LocalHost {
  const registry = createRegistry(standardModules);
  const processor = new WorkflowProcessor({
    database,
    registry,
    clock,
    llm: createLlmProvider(readProviderSettings({}).llm),
    http: noNetwork,
    media: { catalogue: localMedia().catalogue, files: memoryMediaFiles() },
    ids: { uuid: () => randomUUID() },
    engine: 'e2e',
    executor: 'e2e',
    onFault: (fault) => {
      throw fault;
    },
    ...(answerer ? { answerer } : {}),
  });
  const caller = { userId: randomUUID(), sessionId: randomUUID(), waitMs: Number.POSITIVE_INFINITY };
  return {
    processor,
    async start(loaded, { projectName, mode = 'real', target }) {
      const prepared = await prepareStart(database.definitions, registry, {
        ownerId: caller.userId,
        loaded,
        confirm: true,
      });
      if (prepared.kind !== 'ready') throw new Error('A confirmed start is ready.');
      return processor.start({
        ...caller,
        ...(target ? { target } : {}),
        projectName,
        mode,
        versionId: prepared.versionId,
        templateId: prepared.template.template_id,
        templateName: prepared.template.name,
      });
    },
    respondTo: (started, target) => (interactionId, answer) =>
      processor.respond({
        ...caller,
        ...(target ? { target } : {}),
        runId: started.workflow_run_id ?? '',
        interactionId,
        answer,
      }),
    async sampleAnswer({ workflow_run_id: runId, interaction_request: request }) {
      const { state, version } = await processor.load({ runId: runId ?? '' });
      const { step_id = '', module_name = '' } = request?.step_context ?? {};
      const module = version.find(step_id, module_name)?.module;
      if (!request || module?.kind !== 'interactive') throw new Error('Nobody asks anything.');
      return module.sample({ request, prepared: state.open?.prepared });
    },
    async canonicalLines(runId) {
      const lines: string[][] = [];
      for (const { branch_id: branchId } of await database.runs.branches({ runId }))
        lines.push(canonicalLog(await database.runs.readLine({ runId, branchId, afterSeq: -1 })));
      return lines;
    },
  };
}
