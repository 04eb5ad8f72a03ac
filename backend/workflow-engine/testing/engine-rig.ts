import { randomUUID } from 'node:crypto';
import { versionIdOf } from '../definition/canonical-json.ts';
import { WfmError } from '../errors/index.ts';
import { canonicalLog } from '../events/canonical-log.ts';
import type { RunEvent } from '../events/run-event.ts';
import type { Answerer } from '../execution/answerer.ts';
import { WorkflowProcessor } from '../execution/processor.ts';
import type { ProcessorOptions } from '../execution/processor-options.ts';
import type { ExecutionMode, WorkflowResponse } from '../models/execution.ts';
import type { InteractionAnswer } from '../models/interaction.ts';
import { createRegistry } from '../modules/registry.ts';
import { standardModules } from '../modules/standard-modules.ts';
import type { Module } from '../modules/module.ts';
import type { Clock } from '../ports/clock.ts';
import type { Database } from '../ports/database.ts';
import type { HttpClient } from '../ports/http-client.ts';
import type { LlmProvider } from '../ports/llm-provider.ts';
import { type ScriptedLlm, scriptedLlm } from './scripted-llm.ts';

/** A processor over a database, with a scripted model and no network: the engine as tests drive it. */
export interface EngineRig {
  processor: WorkflowProcessor;
  database: Database;
  /** What a scripted model was asked; nothing is noted of any other. */
  llm: ScriptedLlm;
  userId: string;
  faults: unknown[];
  start(workflow: unknown, options?: StartOptions): Promise<WorkflowResponse>;
  respond(
    response: WorkflowResponse,
    answer: InteractionAnswer,
    options?: { idempotencyKey?: string; sessionId?: string },
  ): Promise<WorkflowResponse>;
  /** The current line's events. */
  events(runId: string): Promise<RunEvent[]>;
  /** The same, in the form in which logs are compared. */
  canonical(runId: string): Promise<string[]>;
}

export interface StartOptions {
  projectName?: string;
  mode?: ExecutionMode;
  target?: { stepId: string; moduleName: string };
  waitMs?: number;
  forceNew?: boolean;
  idempotencyKey?: string;
}

export interface RigOptions {
  database: Database;
  clock: Clock;
  llm?: LlmProvider;
  http?: HttpClient;
  answerer?: Answerer;
  modules?: readonly Module[];
  media?: ProcessorOptions['media'];
  userId?: string;
  executor?: string;
  lease?: { ttlMs: number; renewMs: number };
}

/** An address outside answers nothing in a test, unless the test brings a client of its own. */
const noNetwork: HttpClient = {
  fetch: () => Promise.reject(new WfmError('http_failed', 'There is no network in this test.')),
};

const SESSION = randomUUID();

export function createRig(options: RigOptions): EngineRig {
  const { database, clock } = options;
  const llm = options.llm ?? scriptedLlm();
  const userId = options.userId ?? randomUUID();
  const faults: unknown[] = [];
  const processor = new WorkflowProcessor({
    database,
    clock,
    llm,
    http: options.http ?? noNetwork,
    ids: { uuid: () => randomUUID() },
    registry: createRegistry([...standardModules, ...(options.modules ?? [])]),
    engine: 'test',
    executor: options.executor ?? 'rig',
    onFault: (error) => void faults.push(error),
    ...(options.answerer ? { answerer: options.answerer } : {}),
    ...(options.media ? { media: options.media } : {}),
    ...(options.lease ? { lease: options.lease } : {}),
  });
  const caller = { userId, sessionId: SESSION, waitMs: 20_000 };
  const rig: EngineRig = {
    processor,
    database,
    llm: 'calls' in llm ? (llm as ScriptedLlm) : Object.assign(Object.create(llm) as LlmProvider, { calls: [] }),
    userId,
    faults,
    async start(workflow, start = {}) {
      const versionId = versionIdOf(workflow);
      await database.definitions.keepDefinition({ versionId, definition: workflow });
      return processor.start({
        ...caller,
        projectName: start.projectName ?? randomUUID(),
        versionId,
        templateId: null,
        templateName: 'test',
        mode: start.mode ?? 'real',
        ...(start.target ? { target: start.target } : {}),
        ...(start.waitMs === undefined ? {} : { waitMs: start.waitMs }),
        ...(start.forceNew === undefined ? {} : { forceNew: start.forceNew }),
        ...(start.idempotencyKey === undefined ? {} : { idempotencyKey: start.idempotencyKey }),
      });
    },
    respond(response, answer, respond = {}) {
      return processor.respond({
        ...caller,
        sessionId: respond.sessionId ?? SESSION,
        runId: response.workflow_run_id ?? '',
        interactionId: response.interaction_request?.interaction_id ?? '',
        answer,
        ...(respond.idempotencyKey === undefined ? {} : { idempotencyKey: respond.idempotencyKey }),
      });
    },
    async events(runId) {
      const row = await database.runs.find({ runId });
      return row ? database.runs.readLine({ runId, branchId: row.current_branch_id, afterSeq: -1 }) : [];
    },
    canonical: async (runId) => canonicalLog(await rig.events(runId)),
  };
  return rig;
}
