import { hasCode } from '@wfm/workflow-engine/errors';
import { mediaTaskSchema } from '@wfm/workflow-engine/models';
import type { TaskRow } from '@wfm/workflow-engine/ports';
import { CallLog } from './call-log.ts';
import type { MediaActorParts } from './media-parts.ts';
import { readOperation } from './operation.ts';

const CANCEL_MS = 15_000;

/** Ends what a task of media left that ended without success: tells the vendor to stop, and ends the record. */
export async function settleMedia(parts: MediaActorParts, task: TaskRow): Promise<void> {
  const order = mediaTaskSchema.safeParse(task.payload);
  if (!order.success) return;
  await stopVendor(parts, task).catch((err: unknown) => {
    // It goes on then, and may be billed; nobody looks any more.
    parts.log.warn('the provider could not be told to stop', { err, task_id: task.task_id, provider: task.provider });
  });
  const status = task.status === 'cancelled' ? 'cancelled' : 'failed';
  try {
    await parts.media.finish({
      metadataId: order.data.metadata_id,
      status,
      error: task.error,
      completedAt: parts.clock.now().toISOString(),
      contents: [],
    });
  } catch (error) {
    // Gone with its run.
    if (!hasCode(error, 'content_not_found')) throw error;
  }
}

/** False where the vendor itself has said that its job has failed. */
function mayGoOn({ status, error }: TaskRow): boolean {
  return status === 'cancelled' || error?.code === 'provider_timeout' || error?.code === 'worker_lost';
}

async function stopVendor(parts: MediaActorParts, task: TaskRow): Promise<void> {
  const operation = readOperation(task.operation);
  const provider = parts.providers.provider(task.provider);
  if (operation?.phase !== 'vendor' || !provider?.cancel || !mayGoOn(task)) return;
  const own = await parts.credentials.get({ userId: task.user_id, provider: task.provider });
  const apiKey = own ?? parts.providers.serverKey(task.provider);
  const calls = new CallLog(parts, task, apiKey);
  try {
    await provider.cancel(operation.vendor, {
      signal: AbortSignal.timeout(CANCEL_MS),
      apiKey,
      now: parts.clock.now(),
      report: () => undefined,
      recordCall: (call) => calls.add(call),
    });
  } finally {
    await calls.flush();
  }
}
