import type { Clock, Instant, TaskProgress, TaskRow, VendorProgress } from '@wfm/workflow-engine/ports';

/** A vendor's word on how far it is, as it is stored and shown. A percentage is theirs; where they say none there is none. */
export function describeProgress(
  progress: VendorProgress,
  { clock, began, task }: { clock: Clock; began: Instant; task: TaskRow },
): TaskProgress {
  const elapsed =
    began.boot === clock.bootId
      ? clock.monotonicMs() - began.ms
      : clock.now().getTime() - Date.parse(task.started_at ?? began.at);
  const told = { elapsed_ms: Math.max(0, Math.round(elapsed)), updated_at: clock.now().toISOString() };
  if (progress.phase === 'queued') {
    const { position } = progress;
    if (position === undefined) return { message: 'Waiting at the provider', ...told };
    return { message: `Waiting at the provider, place ${position}`, queue_position: position, ...told };
  }
  const message = progress.note?.slice(0, 200) ?? 'Being made';
  return { message, ...(progress.percent === undefined ? {} : { percent: progress.percent }), ...told };
}
