import { createHash } from 'node:crypto';
import { WfmError } from '@wfm/workflow-engine/errors';
import { limits, type MediaTask } from '@wfm/workflow-engine/models';
import type { MediaInput, MediaRequest, TaskRow } from '@wfm/workflow-engine/ports';
import { once, readAll } from '../utils/bytes.ts';
import type { MediaActorParts } from './media-parts.ts';

type Parts = Pick<MediaActorParts, 'files' | 'inspect'>;

/** What the provider is asked, with its input files at hand, and the cropped picture that is kept as a preview. */
export interface PreparedRequest {
  request: MediaRequest;
  preview: { sha256: string; bytes: number } | null;
}

/** Reads the inputs and cuts the crop out. Throws `content_not_found` for a file that is gone, `crop_invalid`. */
export async function prepareRequest(parts: Parts, task: TaskRow, order: MediaTask): Promise<PreparedRequest> {
  const inputs: MediaInput[] = [];
  let preview: PreparedRequest['preview'] = null;
  for (const ref of order.inputs) {
    const input = await inputOf(parts, order, ref);
    if (ref.role !== 'source' || order.crop_region === null) {
      inputs.push(input);
      continue;
    }
    const cropped = await parts.inspect.crop(await input.read(), order.crop_region);
    const runId = order.workflow_run_id;
    preview = await parts.files.put({ runId, data: once(cropped.data), maxBytes: limits.generatedImageBytes });
    inputs.push(inMemory(ref.role, cropped.mime, cropped.data));
  }
  const { action_type: action, model, prompt, params } = order;
  return { request: { action, model, prompt, params, inputs, idempotencyKey: task.idempotency_key }, preview };
}

async function inputOf({ files }: Parts, order: MediaTask, ref: MediaTask['inputs'][number]): Promise<MediaInput> {
  const { role, mime, sha256, bytes } = ref;
  const place = { runId: order.workflow_run_id, sha256 };
  const gone = (): WfmError =>
    new WfmError('content_not_found', 'A file that this is to be made from is gone.', {
      params: { role, content_id: ref.content_id },
    });
  if (!(await files.read({ ...place, start: 0, end: 0 }))) throw gone();
  return {
    role,
    mime,
    sha256,
    bytes,
    async read() {
      const found = await files.read(place);
      if (!found) throw gone();
      return readAll(found.data);
    },
  };
}

function inMemory(role: MediaInput['role'], mime: string, data: Uint8Array): MediaInput {
  const sha256 = createHash('sha256').update(data).digest('hex');
  return { role, mime, sha256, bytes: data.length, read: async () => data };
}
