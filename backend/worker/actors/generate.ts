import { isWfmError, WfmError } from '@wfm/workflow-engine/errors';
import { limits, type MediaTask, mediaTaskSchema } from '@wfm/workflow-engine/models';
import {
  type Instant,
  instantIn,
  type MediaContext,
  type MediaOutput,
  type MediaProvider,
  type MediaResult,
  type TaskRow,
} from '@wfm/workflow-engine/ports';
import { once } from '../utils/bytes.ts';
import { Deadline } from '../utils/deadline.ts';
import type { Job } from '../utils/job.ts';
import type { Actor, Outcome } from './actor.ts';
import { CallLog, withoutSecret } from './call-log.ts';
import { fetchOutputs, maxBytesFor } from './download.ts';
import type { MediaActorParts } from './media-parts.ts';
import { type DownloadPhase, type KeptOutput, readOperation, type VendorPhase } from './operation.ts';
import { describeProgress } from './progress.ts';
import { prepareRequest } from './request.ts';
import { settleMedia } from './settle.ts';

export type { MediaActorParts } from './media-parts.ts';

/** Faults in a row after which a file that cannot be fetched is given up. */
const DOWNLOAD_FAULTS = 8;
const LONGEST_WAIT_MS = 60_000;

/** One turn of work on one task. */
interface Turn {
  task: TaskRow;
  order: MediaTask;
  provider: MediaProvider;
  job: Job;
  apiKey: string | null;
}

/**
 * Generates media (format.md 15.5). A turn asks the vendor to begin, or looks at what it began, or fetches what it has
 * made; in between the task waits in the queue and holds no slot. What the vendor answered is stored before anything
 * else is done, so that whoever goes on after a crash orders nothing twice.
 */
export function mediaActor(parts: MediaActorParts): Actor {
  return {
    work: (task, job) => work(parts, task, job),
    settle: (task) => settleMedia(parts, task),
  };
}

async function work(parts: MediaActorParts, task: TaskRow, job: Job): Promise<Outcome> {
  const order = readOrder(task);
  const provider = requireProvider(parts, order);
  let apiKey: string | null = null;
  let calls: CallLog | undefined;
  try {
    apiKey = await keyFor(parts, task, provider);
    calls = new CallLog(parts, task, apiKey);
    const turn: Turn = { task, order, provider, job, apiKey };
    const kept = readOperation(task.operation);
    if (kept?.phase === 'download') return await finish(parts, turn, kept, calls);
    return kept ? await look(parts, turn, kept, calls) : await submit(parts, turn, calls);
  } catch (error) {
    // A second try would forget what the vendor answered, and order again.
    if (task.operation !== null && mayPass(error, job)) return { kind: 'later', delayMs: waitAfter(error, 1) };
    throw cleanFault(error, apiKey);
  } finally {
    await calls?.flush();
  }
}

async function submit(parts: MediaActorParts, turn: Turn, calls: CallLog): Promise<Outcome> {
  const { task, order, provider, job } = turn;
  if (task.submitting && !provider.mayRepeat) throw interrupted(task);
  const { request, preview } = await prepareRequest(parts, task, order);
  const began = instantIn(parts.clock);
  const deadline = new Deadline(parts.clock, began, provider.info().jobTimeoutMs, job.signal);
  await job.beginSubmit();
  let submitted: Awaited<ReturnType<MediaProvider['submit']>>;
  try {
    submitted = await provider.submit(request, contextOf(parts, turn, began, calls, deadline.signal));
  } catch (error) {
    if (deadline.isOver) throw timedOut(task, provider);
    throw isRepeatable(error, provider) ? error : asFinal(error, job);
  } finally {
    deadline.stop();
  }
  const begun = { began, faults: 0, preview };
  if (submitted.kind === 'done') {
    calls.charge(submitted.result);
    const made = await toFetch(parts, turn, submitted.result, begun, null).catch((error: unknown) => {
      // What came could not be kept, and was made all the same.
      throw provider.mayRepeat ? error : asFinal(error, job);
    });
    return finish(parts, turn, made, calls);
  }
  const phase: VendorPhase = { phase: 'vendor', ...begun, vendor: submitted.operation };
  await job.keepOperation({ ...phase });
  return { kind: 'later', delayMs: submitted.pollAfterMs };
}

async function look(parts: MediaActorParts, turn: Turn, phase: VendorPhase, calls: CallLog): Promise<Outcome> {
  const { task, provider, job } = turn;
  if (!provider.poll) throw new WfmError('provider_failed', 'This provider cannot be asked how far it is.');
  const deadline = new Deadline(parts.clock, phase.began, provider.info().jobTimeoutMs, job.signal);
  try {
    if (deadline.isOver) throw timedOut(task, provider);
    const context = contextOf(parts, turn, phase.began, calls, deadline.signal);
    const polled = await provider.poll(phase.vendor, context);
    if (polled.kind === 'done') {
      calls.charge(polled.result);
      const vendor = phase.again === true ? null : phase.vendor;
      return await finish(parts, turn, await toFetch(parts, turn, polled.result, phase, vendor), calls);
    }
    context.report(polled.progress);
    if (polled.operation !== undefined || phase.faults > 0)
      await job.keepOperation({ ...phase, faults: 0, vendor: polled.operation ?? phase.vendor });
    return { kind: 'later', delayMs: polled.pollAfterMs };
  } catch (error) {
    if (deadline.isOver) throw timedOut(task, provider);
    // Trying again from the start would order a second time: whatever may pass is waited for.
    if (!mayPass(error, job)) throw asFinal(error, job);
    await job.keepOperation({ ...phase, faults: phase.faults + 1 });
    return { kind: 'later', delayMs: waitAfter(error, phase.faults + 1) };
  } finally {
    deadline.stop();
  }
}

/** Fetches the outputs and ends the record. */
async function finish(parts: MediaActorParts, turn: Turn, phase: DownloadPhase, calls: CallLog): Promise<Outcome> {
  const { task, order, job } = turn;
  try {
    return { kind: 'done', result: { ...(await fetchOutputs(parts, task, order, phase, job, calls)) } };
  } catch (error) {
    const faults = phase.faults + 1;
    const expired = isWfmError(error) && error.params['reason'] === 'expired';
    if (expired && phase.vendor !== null && turn.provider.poll) {
      // Addresses live for an hour or so; the vendor gives new ones for the same order, once.
      const { began, preview, vendor } = phase;
      const again: VendorPhase = { phase: 'vendor', began, faults: 0, preview, vendor, again: true };
      await job.keepOperation({ ...again });
      return { kind: 'later', delayMs: 0 };
    }
    if (!mayPass(error, job) || faults > DOWNLOAD_FAULTS) throw asFinal(error, job);
    await job.keepOperation({ ...phase, faults });
    return { kind: 'later', delayMs: waitAfter(error, faults) };
  }
}

/** Keeps what is to be fetched, the bytes that came with the answer first: a crash from here on fetches only. */
async function toFetch(
  parts: MediaActorParts,
  { order, job, apiKey }: Turn,
  result: MediaResult,
  { began, preview }: Pick<VendorPhase, 'began' | 'preview'>,
  vendor: VendorPhase['vendor'] | null,
): Promise<DownloadPhase> {
  const outputs: KeptOutput[] = [];
  for (const output of result.outputs) outputs.push(await keptOutput(parts, order, output));
  const phase: DownloadPhase = {
    phase: 'download',
    began,
    faults: 0,
    preview,
    vendor,
    outputs,
    text: result.text ?? null,
    warnings: result.warnings.slice(0, limits.warningsPerModule),
    cost: result.cost ?? null,
    vendor_job_id: result.vendorJobId ?? null,
    response: withoutSecret(result.response, apiKey),
  };
  await job.keepOperation({ ...phase });
  return phase;
}

async function keptOutput({ files }: MediaActorParts, order: MediaTask, output: MediaOutput): Promise<KeptOutput> {
  const { source, mime, seed = null } = output;
  if ('url' in source) {
    return { url: source.url, with_credential: source.withCredential ?? false, mime, seed, file: null };
  }
  const maxBytes = maxBytesFor(order.action_type);
  const file = await files.put({ runId: order.workflow_run_id, data: once(source.data), maxBytes });
  return { url: null, with_credential: false, mime, seed, file };
}

function contextOf(
  { clock }: MediaActorParts,
  { task, job, apiKey }: Turn,
  began: Instant,
  calls: CallLog,
  signal: AbortSignal,
): MediaContext {
  return {
    signal,
    apiKey,
    now: clock.now(),
    report: (progress) => job.progress(describeProgress(progress, { clock, began, task })),
    recordCall: (call) => calls.add(call),
  };
}

function readOrder(task: TaskRow): MediaTask {
  const parsed = mediaTaskSchema.safeParse(task.payload);
  if (parsed.success) return parsed.data;
  throw new WfmError('input_invalid', 'This task of media cannot be read: its shape is another one.', {
    params: { task_id: task.task_id, place: parsed.error.issues[0]?.path.join('.') ?? '' },
  });
}

function requireProvider({ providers }: MediaActorParts, { provider: id, action_type: action }: MediaTask) {
  const provider = providers.provider(id);
  if (provider) return provider;
  throw new WfmError('provider_action_unsupported', `There is no media provider "${id}" here.`, {
    params: { provider: id, action, alternatives: [] },
  });
}

/** The user's own key goes before the server's. */
async function keyFor(
  { credentials, providers }: MediaActorParts,
  { user_id: userId, provider: id }: TaskRow,
  provider: MediaProvider,
): Promise<string | null> {
  const apiKey = (await credentials.get({ userId, provider: id })) ?? providers.serverKey(id);
  const { ready, reason, label } = provider.info();
  if (apiKey !== null || ready) return apiKey;
  throw new WfmError('provider_not_configured', reason ?? `${label} has no key.`, { params: { provider: id } });
}

/** A repeated order costs nothing, or the vendor has surely not begun. */
function isRepeatable(error: unknown, provider: MediaProvider): boolean {
  return provider.mayRepeat || !(isWfmError(error) && error.params['maybe_billed'] === true);
}

/** True for a fault that may be gone at the next look; the end of this turn is none. */
function mayPass(error: unknown, job: Job): boolean {
  return !job.signal.aborted && isWfmError(error) && error.transient;
}

function waitAfter(error: unknown, faults: number): number {
  const asked = isWfmError(error) ? error.retryAfterMs : undefined;
  return asked ?? Math.min(LONGEST_WAIT_MS, 2 ** faults * 1000);
}

/** The same error, not to be tried again; where the turn was ended from outside it says nothing. */
function asFinal(error: unknown, job: Job): unknown {
  if (job.signal.aborted || !isWfmError(error) || !error.transient) return error;
  const { code, message, params, details } = error;
  return new WfmError(code, message, { params, details, cause: error });
}

function cleanFault(error: unknown, secret: string | null): unknown {
  if (!isWfmError(error) || secret === null) return error;
  const { code, transient, retryAfterMs, place } = error;
  const said = { message: error.message, params: error.params, details: error.details ?? null };
  const clean = withoutSecret(said, secret);
  if (clean === said) return error;
  const options = { transient, params: clean.params, details: clean.details ?? undefined };
  return new WfmError(code, clean.message, {
    ...options,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(place === undefined ? {} : { place }),
  });
}

function interrupted({ provider }: TaskRow): WfmError {
  const message =
    'The worker stopped while the provider was being asked, which may have begun and may bill it. Ask again if nothing came.';
  return new WfmError('provider_failed', message, { params: { provider, reason: 'interrupted', maybe_billed: true } });
}

function timedOut({ provider: id }: TaskRow, provider: MediaProvider): WfmError {
  const { label, jobTimeoutMs } = provider.info();
  const seconds = Math.round(jobTimeoutMs / 1000);
  return new WfmError('provider_timeout', `${label} has not finished within ${seconds} seconds.`, {
    params: { provider: id, limit: jobTimeoutMs, maybe_billed: true },
  });
}
