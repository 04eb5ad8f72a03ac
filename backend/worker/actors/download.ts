import type { InspectedMedia } from '@wfm/providers';
import { WfmError } from '@wfm/workflow-engine/errors';
import { contentUrl, limits, type MediaTask, type MediaTaskResult } from '@wfm/workflow-engine/models';
import type { ContentRow, TaskRow } from '@wfm/workflow-engine/ports';
import { derivedId } from '@wfm/workflow-engine';
import { rangesOf } from '../utils/bytes.ts';
import type { Job } from '../utils/job.ts';
import type { CallLog } from './call-log.ts';
import type { MediaActorParts } from './media-parts.ts';
import type { DownloadPhase, KeptOutput } from './operation.ts';

type Parts = Pick<MediaActorParts, 'download' | 'files' | 'inspect' | 'media' | 'clock'>;

type MediaKind = InspectedMedia['kind'];

/** What each action gives; `transcribe` gives text alone. */
const kindOf: Record<MediaTask['action_type'], MediaKind | null> = {
  txt2img: 'image',
  img2img: 'image',
  txt2vid: 'video',
  img2vid: 'video',
  compose: 'video',
  txt2audio: 'audio',
  transcribe: null,
};

/** format.md 23 */
const maxBytesOf: Record<MediaKind, number> = {
  image: limits.generatedImageBytes,
  audio: limits.generatedAudioBytes,
  video: limits.generatedVideoBytes,
};

/** From the first byte of one file to its last; a video of the largest size at 2 MB/s takes four minutes. */
const FILE_MS = 300_000;

/** Most bytes that a result of this action may have. */
export function maxBytesFor(action: MediaTask['action_type']): number {
  return maxBytesOf[kindOf[action] ?? 'image'];
}

/**
 * Fetches what a vendor has made, and ends the record with it (format.md 15.5). Repeating it, here or in another
 * process, gives the same contents. Throws the faults of the download, and `provider_failed` for bytes of another kind
 * than was ordered.
 */
export async function fetchOutputs(
  parts: Parts,
  task: TaskRow,
  order: MediaTask,
  phase: DownloadPhase,
  job: Job,
  calls: CallLog,
): Promise<MediaTaskResult> {
  const contents: ContentRow[] = [];
  const previewId = phase.preview === null ? null : contentIdOf(order, phase.outputs.length);
  for (const [index, output] of phase.outputs.entries()) {
    const file = output.file ?? (await fetchOutput(parts, task, order, output, job, calls));
    const seen = await parts.inspect.inspect(rangesOf(parts.files, { runId: order.workflow_run_id, ...file }));
    assertKind(order, task, seen);
    const plainUrl = output.url === null || output.url.startsWith('data:') ? null : output.url.split('?')[0];
    contents.push({
      ...contentOf(parts, order, index, seen),
      ...file,
      content_type: seen.kind,
      seed: output.seed,
      // Without its query: a signed address is a key.
      provider_url: plainUrl ?? null,
      preview_content_id: previewId,
    });
  }
  if (phase.preview !== null) {
    const seen = await parts.inspect.inspect(rangesOf(parts.files, { runId: order.workflow_run_id, ...phase.preview }));
    const row = contentOf(parts, order, phase.outputs.length, seen);
    contents.push({ ...row, ...phase.preview, content_type: 'video.preview' });
  }
  // A worker that slept past its lease finds out before it writes where no fence is asked for.
  await job.assertHeld();
  const kept = await parts.media.finish({
    metadataId: order.metadata_id,
    status: 'completed',
    vendorJobId: phase.vendor_job_id,
    responseData: phase.response,
    cost: phase.cost,
    completedAt: parts.clock.now().toISOString(),
    contents,
  });
  return resultOf(order, phase, kept.contents);
}

async function fetchOutput(
  { download, files }: Parts,
  { provider }: TaskRow,
  order: MediaTask,
  output: KeptOutput,
  { signal }: Job,
  calls: CallLog,
): Promise<{ sha256: string; bytes: number }> {
  if (output.url === null || output.with_credential) {
    throw new WfmError('provider_failed', 'The provider left a file where it cannot be fetched.', {
      params: { provider, reason: 'credential' },
    });
  }
  const maxBytes = maxBytesFor(order.action_type);
  const fetch = download.open({ provider, url: output.url }, { maxBytes, timeoutMs: FILE_MS, signal }, ({ data }) =>
    files.put({ runId: order.workflow_run_id, data, maxBytes, signal }),
  );
  return calls.during(`GET ${placeOf(output.url)}`, fetch);
}

/** Host and path: in its query a signed address carries a key. */
function placeOf(url: string): string {
  const { host, pathname } = URL.parse(url) ?? { host: '', pathname: '' };
  return `${host}${pathname}`.slice(0, 500);
}

/** The type is what the bytes say; nothing else is kept. */
function assertKind(order: MediaTask, { provider }: TaskRow, seen: InspectedMedia): void {
  const wanted = kindOf[order.action_type];
  if (seen.kind === wanted) return;
  throw new WfmError('provider_failed', `The provider sent ${seen.mime} where ${wanted ?? 'text'} was ordered.`, {
    params: { provider, reason: 'content_type', mime: seen.mime },
  });
}

function contentOf(
  { clock }: Pick<Parts, 'clock'>,
  order: MediaTask,
  index: number,
  { mime, extension, width, height, durationMs }: InspectedMedia,
): Omit<ContentRow, 'content_type' | 'sha256' | 'bytes'> {
  return {
    content_id: contentIdOf(order, index),
    metadata_id: order.metadata_id,
    workflow_run_id: order.workflow_run_id,
    index,
    mime,
    extension,
    width,
    height,
    duration_ms: durationMs,
    seed: null,
    provider_url: null,
    preview_content_id: null,
    mock: false,
    stored_at: clock.now().toISOString(),
  };
}

function contentIdOf({ metadata_id }: MediaTask, index: number): string {
  return derivedId(`${metadata_id} ${index}`);
}

function resultOf(order: MediaTask, phase: DownloadPhase, kept: readonly ContentRow[]): MediaTaskResult {
  const contents = kept.filter((content) => content.content_type !== 'video.preview');
  return {
    metadata_id: order.metadata_id,
    content_ids: contents.map((content) => content.content_id),
    urls: contents.map(contentUrl),
    prompt_id: order.prompt_id,
    ...(phase.text === null ? {} : { text: phase.text }),
    ...(phase.warnings.length === 0 ? {} : { warnings: phase.warnings }),
  };
}
