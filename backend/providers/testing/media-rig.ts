import type { JsonObject } from '@wfm/workflow-engine/models';
import type {
  MediaContext,
  MediaInput,
  MediaOutput,
  MediaProvider,
  MediaRequest,
  MediaResult,
  VendorProgress,
} from '@wfm/workflow-engine/ports';
import { isWfmError, type WfmError } from '@wfm/workflow-engine/errors';
import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import type { MediaDownload } from '../media/support/download.ts';
import { sampleFile, type SampleKind } from './fakes/sample-files.ts';

/** What tests of media providers do with one. */

type RecordedCall = Parameters<MediaContext['recordCall']>[0];

export interface TestContext extends MediaContext {
  calls: RecordedCall[];
  progress: VendorProgress[];
}

export function testContext(more: Partial<Pick<MediaContext, 'apiKey' | 'signal' | 'now'>> = {}): TestContext {
  const calls: RecordedCall[] = [];
  const progress: VendorProgress[] = [];
  return {
    signal: new AbortController().signal,
    apiKey: null,
    now: new Date('2026-11-23T00:00:00Z'),
    ...more,
    calls,
    progress,
    report: (seen) => void progress.push(seen),
    recordCall: (call) => void calls.push(call),
  };
}

export function sampleInput(role: MediaInput['role'], kind: SampleKind = 'image'): MediaInput {
  const { bytes, mime } = sampleFile(kind);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { role, mime, bytes: bytes.byteLength, sha256, read: async () => bytes };
}

/** What a worker does with an order, without waiting: submit, then look until there is a result. */
export async function carryOut(
  provider: MediaProvider,
  request: MediaRequest,
  context: MediaContext,
): Promise<{ result: MediaResult; looks: number; operation: JsonObject | null }> {
  const submitted = await provider.submit(request, context);
  if (submitted.kind === 'done') return { result: submitted.result, looks: 0, operation: null };
  let operation = throughJson(submitted.operation);
  for (let looks = 1; looks <= 50; looks += 1) {
    const polled = await provider.poll!(operation, context);
    if (polled.kind === 'done') return { result: polled.result, looks, operation };
    context.report(polled.progress);
    operation = throughJson(polled.operation ?? operation);
  }
  throw new Error('still not done after 50 looks');
}

/** As an operation comes back from a store. */
export function throughJson(operation: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(operation)) as JsonObject;
}

/** The fault of a call that must fail. */
export async function faultOf(work: Promise<unknown>): Promise<WfmError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!isWfmError(thrown)) throw new Error(`expected a fault, got ${String(thrown)}`, { cause: thrown });
  return thrown;
}

/** The type that the bytes of an output really have, sniffed. */
export async function readOutput(download: MediaDownload, output: MediaOutput): Promise<string> {
  if ('data' in output.source) return sniff(output.source.data);
  const options = { maxBytes: 5_000_000, timeoutMs: 5_000, signal: new AbortController().signal };
  return download.open({ provider: 'test', url: output.source.url }, options, async (file) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.data) chunks.push(chunk);
    return sniff(new Uint8Array(Buffer.concat(chunks)));
  });
}

async function sniff(bytes: Uint8Array): Promise<string> {
  return (await fileTypeFromBuffer(bytes))?.mime ?? 'unknown';
}
