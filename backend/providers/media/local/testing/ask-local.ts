import { createHash } from 'node:crypto';
import type { JsonObject } from '@wfm/workflow-engine/models';
import type {
  MediaContext,
  MediaInput,
  MediaOutput,
  MediaProvider,
  MediaRequest,
  VendorProgress,
} from '@wfm/workflow-engine/ports';

/** Requests and contexts for tests of the local renderer. */

export function contextFor(
  signal: AbortSignal = new AbortController().signal,
): MediaContext & { progress: VendorProgress[] } {
  const progress: VendorProgress[] = [];
  return {
    signal,
    apiKey: null,
    now: new Date('2026-11-23T00:00:00Z'),
    report: (entry) => void progress.push(entry),
    recordCall: () => undefined,
    progress,
  };
}

export function requestFor(asked: Pick<MediaRequest, 'action'> & Partial<MediaRequest>): MediaRequest {
  return {
    model: null,
    prompt: 'a tram in the old town at dusk',
    params: {},
    inputs: [],
    idempotencyKey: 'test',
    ...asked,
  };
}

export function inputOf(role: MediaInput['role'], mime: string, data: Uint8Array): MediaInput {
  return { role, mime, bytes: data.byteLength, sha256: sha(data), read: async () => data };
}

/** The bytes of every output of a request that is done at once. */
export async function make(
  provider: MediaProvider,
  asked: Pick<MediaRequest, 'action'> & Partial<MediaRequest>,
  context: MediaContext = contextFor(),
): Promise<Uint8Array[]> {
  const submitted = await provider.submit(requestFor(asked), context);
  if (submitted.kind !== 'done') throw new Error('the local renderer answers at once');
  return submitted.result.outputs.map(dataOf);
}

function dataOf(output: MediaOutput): Uint8Array {
  if (!('data' in output.source)) throw new Error('the local renderer has no addresses');
  return output.source.data;
}

export function sha(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

export const smallPicture: JsonObject = { width: 192, height: 128 };
