import { hash } from 'node:crypto';
import type { TaskWatch } from '../../execution/answerer.ts';
import type { JsonObject } from '../../models/json.ts';
import { mediaTaskSchema, type MediaTask, type MediaTaskResult } from '../../models/media.ts';
import { derivedId } from '../../modules/media/support/derived-id.ts';
import { countOf } from '../../modules/media/support/order-generation.ts';
import type { MediaHost } from '../../modules/module.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ContentRow, GenerationRow, MediaStore } from '../../ports/media-store.ts';
import type { TaskRow } from '../../ports/task-queue.ts';
import { mockMediaBytes } from './mock-media.ts';

/** Of a preview without a server: no address, but a name that is the same on every machine. */
export const portableMediaHost: MediaHost = {
  urlOf: (_generation, content) => `/mock-media/${content.sha256}`,
  mock: true,
};

const kinds: Partial<Record<MediaTask['action_type'], ContentRow['content_type']>> = {
  img2vid: 'video',
  txt2vid: 'video',
  compose: 'video',
  txt2audio: 'audio',
};

/**
 * Does media tasks as a worker would, with mocks (format.md 17.5): progress, a content record for each item that was
 * asked for, the same result. The bytes are a function of the record, and kept nowhere.
 */
export function createMockWorker(deps: {
  media: MediaStore;
  clock: Pick<Clock, 'now'>;
  host: Pick<MediaHost, 'urlOf'>;
}): (task: TaskRow, watch: TaskWatch) => Promise<JsonObject> {
  return async (row, watch) => {
    const task = mediaTaskSchema.parse(row.payload);
    watch.progress(`Making a mock instead of asking ${task.provider}`, 0);
    const found = await deps.media.find({ metadataId: task.metadata_id });
    if (!found) throw new TypeError(`there is no record ${task.metadata_id}`);
    const now = deps.clock.now().toISOString();
    const text = task.action_type === 'transcribe' ? 'This is a mock of what was said.' : undefined;
    const { generation, contents } = await deps.media.finish({
      metadataId: task.metadata_id,
      status: 'completed',
      responseData: { mock: true, ...(text === undefined ? {} : { text }) },
      completedAt: now,
      contents: text === undefined ? mockContents(task, found.generation, now) : [],
    });
    watch.progress('Done', 100);
    const result: MediaTaskResult = {
      metadata_id: task.metadata_id,
      content_ids: contents.map(({ content_id }) => content_id),
      urls: contents.map((content) => deps.host.urlOf(generation, content)),
      prompt_id: task.prompt_id,
      ...(text === undefined ? {} : { text }),
    };
    return result;
  };
}

function mockContents(task: MediaTask, generation: GenerationRow, now: string): ContentRow[] {
  const content_type = kinds[task.action_type] ?? 'image';
  return Array.from({ length: countOf(task.params) }, (_, index) => {
    const { mime, extension, data, width, height, durationMs } = mockMediaBytes({ content_type, index }, generation);
    return {
      content_id: derivedId(`${task.metadata_id}/${index}`),
      metadata_id: task.metadata_id,
      workflow_run_id: task.workflow_run_id,
      index,
      content_type,
      mime,
      extension,
      bytes: data.length,
      sha256: hash('sha256', data, 'hex'),
      width,
      height,
      duration_ms: durationMs,
      seed: null,
      provider_url: null,
      preview_content_id: null,
      mock: true,
      stored_at: now,
    };
  });
}
