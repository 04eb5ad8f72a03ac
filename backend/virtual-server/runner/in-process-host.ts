import { assertCurrent, type LoadedRun } from '@wfm/workflow-engine';
import { compileVersion, type LoadedWorkflow } from '@wfm/workflow-engine/definition';
import { checkPreviewSettings, scenarioAnswers } from '@wfm/workflow-engine/mock';
import { limits, type Plan, type WorkflowResponse } from '@wfm/workflow-engine/models';
import { measureBusyTime } from './busy-time.ts';
import { type Budget, carryOut, carryOutChanged, settle, startFresh } from './carry-out.ts';
import { exportPreview } from './export-preview.ts';
import { nameBranch } from './name-branch.ts';
import { openCopy } from './open-copy.ts';
import { eventId, planOf } from './plan.ts';
import type { ExecuteJob, ExecuteResult, PreviewHost, PreviewWatch, Target } from './preview-host.ts';
import { type HostOptions, PreviewSession } from './preview-session.ts';
import { readSnapshot } from './read-snapshot.ts';
import { loadSent, runnableOf } from './sent-definition.ts';
import { overSnapshot } from './stumble.ts';

/** Executes previews in the process of the server itself. Keeps nothing between two jobs. */
export function createInProcessHost(options: HostOptions): PreviewHost {
  return {
    execute(job, watch) {
      const work = () => execute(options, job, watch);
      return job.snapshot ? overSnapshot(watch.signal, work) : work();
    },
    plan(job, watch) {
      const work = () => plan(options, job, watch);
      return job.snapshot ? overSnapshot(watch.signal, work) : work();
    },
    read: (job) => overSnapshot(null, () => readSnapshot(options, job)),
    open: (job) => overSnapshot(null, () => openCopy(options, job)),
    nameBranch: (job) => overSnapshot(null, () => nameBranch(options, job)),
    export: (job, watch) => overSnapshot(watch.signal, () => exportPreview(options, job, watch)),
  };
}

/** Why an execution was ended although its client still waits: the request has had its 10 minutes (format.md 23). */
class TimeIsUp extends Error {}

interface Opened {
  session: PreviewSession;
  /** Null where a run is to be begun. */
  run: LoadedRun | null;
  /** What is executed: of a definition with execution groups, one of its alternatives. */
  loaded: LoadedWorkflow;
  target: Target | null;
  note: string;
  /** The workflow or how its modules are answered may no longer be what the run has come from. */
  changed: boolean;
}

async function execute(options: HostOptions, job: ExecuteJob, watch: PreviewWatch): Promise<ExecuteResult> {
  const { signal, onFrame } = watch;
  signal.throwIfAborted();
  const sent = await loadSent(job.workflow);
  const busy = measureBusyTime(options);
  const { llm, http, clock } = busy;
  const sessionOptions = {
    ...options,
    llm,
    http,
    clock,
    userId: job.userId,
    settings: job.settings,
    mock: job.mock,
    onFrame,
  };
  const { session, run, loaded, target, note, changed } = await open(options, sessionOptions, job, sent);
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
    const sampled = new Map<string, string>();
    const staged = scenarioAnswers(job.settings.scenario);
    let response: WorkflowResponse;
    try {
      const first = run
        ? await (changed
            ? carryOutChanged(session, run, job, loaded, budget)
            : carryOut(session, run, job.command, loaded, budget))
        : await startFresh(session, job, loaded, budget);
      const settling = { budget, target, staged, sample: job.answers === 'sample', sampled };
      // A sub-action leaves its question open, whoever would answer others.
      response = job.command.kind === 'sub_action' ? first : await settle(session, first, settling);
    } catch (error) {
      if (!(overall.signal.aborted && !signal.aborted && session.runId !== null)) throw error;
      response = await session.processor.status({ runId: session.runId, userId: job.userId });
    }
    signal.throwIfAborted();
    return await resultOf(options, session, { response, target, before, sampled, note });
  } finally {
    clearTimeout(timer);
    session.close();
  }
}

/** The database to work in, and whether the workflow has changed since. Another mode, or `force`, begins anew. */
async function open(
  options: HostOptions,
  sessionOptions: ConstructorParameters<typeof PreviewSession>[1],
  job: ExecuteJob,
  sent: LoadedWorkflow,
): Promise<Opened> {
  const { registry } = options;
  const runnable = (target: Target | null, earlier?: readonly string[]): LoadedWorkflow => {
    const loaded = runnableOf(sent, registry, { target, capabilities: job.capabilities ?? earlier });
    checkPreviewSettings(compileVersion(loaded.resolved, loaded.versionId, registry), job.settings);
    return loaded;
  };
  const fresh = (note: string): Opened => {
    const loaded = runnable(job.target);
    return {
      loaded,
      session: new PreviewSession(options.storage.create(), sessionOptions),
      run: null,
      target: job.target,
      note,
      changed: false,
    };
  };
  if (!job.snapshot) return fresh('');
  const { session, target: kept } = await PreviewSession.open(options.storage, job.snapshot, sessionOptions);
  const run = await session.load(job.aiConfig);
  assertCurrent(run.row, job.currentBranchId);
  const begins = job.command.kind === 'start' && job.command.force === true;
  const otherMode = !session.opened && job.mock !== null && job.mock !== session.isMock(run);
  if (begins || otherMode) {
    session.close();
    const made = session.isMock(run) ? 'mock' : 'real';
    return fresh(begins ? '' : `This preview was made with ${made} answers. It began again. `);
  }
  const target = job.target ?? kept;
  const loaded = runnable(target, run.state.created.capabilities);
  const forced = job.command.kind === 'start' && Array.isArray(job.command.force) && job.command.force.length > 0;
  const { kind } = job.command;
  const moved = forced || kind === 'start' || kind === 'continue' || run.state.versionId !== loaded.versionId;
  // A branch goes on by its own definition, whatever is being edited now.
  const changed = kind !== 'switch' && (moved || isSaid(job.settings));
  return { session, run, loaded, target, note: '', changed };
}

/** The plan of a start: against the snapshot's run, or against one that has only just begun. */
async function plan(options: HostOptions, job: ExecuteJob, { signal }: PreviewWatch): Promise<Plan> {
  signal.throwIfAborted();
  const sent = await loadSent(job.workflow);
  const { llm, http, clock } = options;
  const sessionOptions = {
    ...options,
    llm,
    http,
    clock,
    userId: job.userId,
    settings: job.settings,
    mock: job.mock,
    onFrame: undefined,
  };
  const { session, run, loaded, target } = await open(options, sessionOptions, job, sent);
  try {
    const caller = { userId: job.userId, sessionId: job.sessionId, waitMs: Number.POSITIVE_INFINITY, signal };
    // Stopped before its first module: a run of which nothing is known but where it starts.
    const now = () => ({ ...caller, until: clock.monotonicMs() - 1 });
    if (!run) await startFresh(session, job, loaded, { caller: now, mayGoOn: () => false });
    else
      await session.database.definitions.keepDefinition({ versionId: loaded.versionId, definition: loaded.resolved });
    return await session.processor.plan({
      ...caller,
      runId: session.runId ?? run?.row.workflow_run_id ?? '',
      versionId: loaded.versionId,
      autoReapply: job.autoReapply,
      ...(target ? { target } : {}),
      ...(job.command.kind === 'start' && Array.isArray(job.command.force) ? { force: job.command.force } : {}),
    });
  } finally {
    session.close();
  }
}

/** Pins and modes that a request repeats change nothing; one that is new does (format.md 17.8). */
function isSaid({ modes, scenario }: ExecuteJob['settings']): boolean {
  return modes !== undefined || scenario !== undefined;
}

async function resultOf(
  options: HostOptions,
  session: PreviewSession,
  done: {
    response: WorkflowResponse;
    target: Target | null;
    before: ReadonlySet<string>;
    sampled: ReadonlyMap<string, string>;
    note: string;
  },
): Promise<ExecuteResult> {
  const { response, target, before, sampled, note } = done;
  const run = await session.load();
  const runId = run.row.workflow_run_id;
  const line = await session.line(run);
  return {
    runId,
    response: { ...response, message: `${note}${response.message}` },
    state: await session.stateTree(run),
    mock: session.isMock(run),
    plan: planOf({ version: run.version, line, before, sampled, status: response.status }),
    ...(session.subAction ? { subAction: session.subAction } : {}),
    gzip: await session.export(runId, target, options.engine),
  };
}
