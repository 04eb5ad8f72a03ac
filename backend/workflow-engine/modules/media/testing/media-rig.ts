import type { Answerer } from '../../../execution/answerer.ts';
import { createMockWorker, createPreviewAnswerer, type PreviewSettings } from '../../../mock/index.ts';
import { contentUrl, type MediaTask, mediaTaskSchema } from '../../../models/media.ts';
import { createMemoryDatabase, memoryMediaFiles } from '../../../ports/memory/index.ts';
import type { MediaCatalogue } from '../../../ports/media-provider.ts';
import type { TaskRow } from '../../../ports/task-queue.ts';
import { createRig, type EngineRig, fakeCatalogue, type Script, scriptedLlm } from '../../../testing/index.ts';
import { liveClock } from '../../../testing/live-clock.ts';
import { derivedId } from '../support/derived-id.ts';

/** An engine with media: production's, whose worker is the test, or a preview's, which mocks. */
export function mediaRig(
  options: { preview?: PreviewSettings; script?: Script; catalogue?: MediaCatalogue } = {},
): EngineRig {
  const clock = liveClock();
  const database = createMemoryDatabase({ clock });
  const isPreview = options.preview !== undefined;
  const host = {
    urlOf: (_generation: unknown, content: { workflow_run_id: string; content_id: string }) =>
      isPreview ? `/mock-media/${content.content_id}` : contentUrl(content),
    mock: isPreview,
  };
  const worker = createMockWorker({ media: database.media, clock, host });
  const answerer: Answerer | undefined = options.preview
    ? createPreviewAnswerer({ ...options.preview, clock, worker })
    : undefined;
  return createRig({
    database,
    clock,
    llm: scriptedLlm(options.script),
    media: { catalogue: options.catalogue ?? fakeCatalogue(), files: memoryMediaFiles(), host },
    ...(answerer ? { answerer } : {}),
  });
}

/** Claims the next task, as a worker does. */
export async function claimTask(rig: EngineRig): Promise<{ row: TaskRow; task: MediaTask }> {
  const row = await rig.database.tasks.claim({ worker: 'test', leaseMs: 10_000, limits: {} });
  if (!row) throw new Error('there is no task');
  return { row, task: mediaTaskSchema.parse(row.payload) };
}

/** Makes what a task asks for, as a worker does, and tells the run. */
export async function workOn(rig: EngineRig, { row, task }: { row: TaskRow; task: MediaTask }): Promise<void> {
  const count = typeof task.params.num_images === 'number' ? task.params.num_images : 1;
  const { contents } = await rig.database.media.finish({
    metadataId: task.metadata_id,
    status: 'completed',
    completedAt: '2026-03-01T12:00:00.000Z',
    contents: Array.from({ length: count }, (_, index) => ({
      content_id: derivedId(`${task.metadata_id}/${index}`),
      metadata_id: task.metadata_id,
      workflow_run_id: task.workflow_run_id,
      index,
      content_type: 'image' as const,
      mime: 'image/png',
      extension: 'png',
      bytes: 4,
      sha256: 'a'.repeat(64),
      width: 8,
      height: 8,
      duration_ms: null,
      seed: null,
      provider_url: null,
      preview_content_id: null,
      mock: false,
      stored_at: '2026-03-01T12:00:00.000Z',
    })),
  });
  const result = {
    metadata_id: task.metadata_id,
    content_ids: contents.map(({ content_id }) => content_id),
    urls: contents.map(contentUrl),
    prompt_id: task.prompt_id,
  };
  await rig.database.tasks.succeed({ taskId: row.task_id, fence: row.fence, result });
  await report(rig, row.task_id);
}

/** Tells the run how a task has ended, and waits until it needs somebody. */
export async function report(rig: EngineRig, taskId: string): Promise<void> {
  const row = await rig.database.tasks.find({ taskId });
  if (!row) throw new Error('the task is gone');
  await rig.processor.tasks.report(row);
  await rig.processor.subActions.finished(row.workflow_run_id);
}
