import type { LoadedRun } from '@wfm/workflow-engine';
import type { LoadedWorkflow } from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import { limits, type WorkflowResponse } from '@wfm/workflow-engine/models';
import { measureBusyTime } from './busy-time.ts';
import { type Budget, carryOut, settle, startFresh } from './carry-out.ts';
import { eventId, planOf } from './plan.ts';
import type { ExecuteJob, ExecuteResult, PreviewHost, PreviewWatch, Target } from './preview-host.ts';
import { type HostOptions, PreviewSession } from './preview-session.ts';
import { readSnapshot } from './read-snapshot.ts';
import { assertRunnable, loadSent } from './sent-definition.ts';
import { overSnapshot } from './stumble.ts';

/** Executes previews in the process of the server itself. Keeps nothing between two jobs. */
export function createInProcessHost(options: HostOptions): PreviewHost {
  return {
    execute(job, watch) {
      const work = () => execute(options, job, watch);
      return job.snapshot ? overSnapshot(watch.signal, work) : work();
    },
    read: (job) => overSnapshot(null, () => readSnapshot(options, job)),
  };
}

/** Why an execution was ended although its client still waits: the request has had its 10 minutes (format.md 23). */
class TimeIsUp extends Error {}

interface Opened {
  session: PreviewSession;
  /** Null where a run is to be begun. */
  run: LoadedRun | null;
  target: Target | null;
  note: string;
}

async function execute(options: HostOptions, job: ExecuteJob, watch: PreviewWatch): Promise<ExecuteResult> {
  const { signal, onFrame } = watch;
  signal.throwIfAborted();
  const loaded = await loadSent(job.workflow);
  const busy = measureBusyTime(options);
  const { llm, http, clock } = busy;
  const sessionOptions = { ...options, llm, http, clock, userId: job.userId, onFrame };
  const { session, run, target, note } = await open(options, sessionOptions, job, loaded);
  const { wallMs, totalMs } = options.limits ?? { wallMs: limits.previewWallMs, totalMs: limits.previewTotalMs };
  const overall = new AbortController();
  const timer = setTimeout(() => overall.abort(new TimeIsUp()), totalMs);
  let until = 0;
  const budget: Budget = {
    caller() {
      until = options.clock.monotonicMs() + Math.max(0, wallMs - busy.busyMs());
      return {
        userId: job.userId,
        sessionId: job.sessionId,
        waitMs: Number.POSITIVE_INFINITY,
        signal: AbortSignal.any([signal, overall.signal]),
        until,
        ...(target ? { target } : {}),
        ...(job.aiConfig ? { aiConfig: job.aiConfig } : {}),
      };
    },
    mayGoOn: () => options.clock.monotonicMs() > until && busy.busyMs() < wallMs,
  };
  try {
    const before = new Set(run ? (await session.line(run)).map(eventId) : []);
    const sampled = new Set<string>();
    let response: WorkflowResponse;
    try {
      const first = run
        ? await carryOut(session, run, job.command, budget)
        : await startFresh(session, job, loaded, budget);
      response = await settle(session, first, { budget, target, sample: job.answers === 'sample', sampled });
    } catch (error) {
      if (!(overall.signal.aborted && !signal.aborted && session.runId !== null)) throw error;
      response = await session.processor.status({ runId: session.runId, userId: job.userId });
    }
    signal.throwIfAborted();
    return await resultOf(options, session, { job, response, target, before, sampled, note });
  } finally {
    clearTimeout(timer);
    session.close();
  }
}

/**
 * The database to work in. A start with a changed definition begins anew; every other command is about the run as its
 * client has seen it, and refuses: `plan_stale`.
 */
async function open(
  options: HostOptions,
  sessionOptions: ConstructorParameters<typeof PreviewSession>[1],
  job: ExecuteJob,
  loaded: LoadedWorkflow,
): Promise<Opened> {
  const fresh = (note: string): Opened => {
    assertRunnable(loaded, options.registry, job.target);
    return {
      session: new PreviewSession(options.storage.create(), sessionOptions),
      run: null,
      target: job.target,
      note,
    };
  };
  if (!job.snapshot) return fresh('');
  const { session, target: kept } = await PreviewSession.open(options.storage, job.snapshot, sessionOptions);
  const run = await session.load(job.aiConfig);
  const changed = changeOf(run, job, loaded);
  if (job.command.kind === 'start' && (job.command.force || changed !== null)) {
    session.close();
    return fresh(job.command.force ? '' : `${changed ?? ''} The preview began again. `);
  }
  if (changed !== null) {
    session.close();
    const message = `${changed} Start the preview again with the workflow as it is now.`;
    throw new WfmError('plan_stale', message, { params: { version_id: run.row.version_id, sent: loaded.versionId } });
  }
  const target = job.target ?? kept;
  assertRunnable(loaded, options.registry, target);
  return { session, run, target, note: '' };
}

function changeOf({ row }: LoadedRun, job: ExecuteJob, loaded: LoadedWorkflow): string | null {
  if (row.version_id !== loaded.versionId) return 'The workflow has changed since this preview was made.';
  if (job.mock !== null && job.mock !== (row.mode === 'mock')) {
    return `This preview was made with ${row.mode === 'mock' ? 'mock' : 'real'} answers.`;
  }
  return null;
}

async function resultOf(
  options: HostOptions,
  session: PreviewSession,
  done: {
    job: ExecuteJob;
    response: WorkflowResponse;
    target: Target | null;
    before: ReadonlySet<string>;
    sampled: ReadonlySet<string>;
    note: string;
  },
): Promise<ExecuteResult> {
  const { job, response, target, before, sampled, note } = done;
  const run = await session.load();
  const runId = run.row.workflow_run_id;
  const line = await session.line(run);
  return {
    runId,
    response: { ...response, message: `${note}${response.message}` },
    state: await session.stateTree(run),
    mock: run.row.mode === 'mock',
    plan: planOf({ version: run.version, line, before, sampled, status: response.status }),
    gzip: await session.database.export({
      engine: options.engine,
      user_id: job.userId,
      virtual_run_id: runId,
      target: target ? { step_id: target.stepId, module_name: target.moduleName } : null,
    }),
  };
}
