import { WfmError } from '../../../errors/index.ts';
import { isJsonObject } from '../../../models/json.ts';
import { limits } from '../../../models/limits.ts';
import type { MediaTask } from '../../../models/media.ts';
import type { ModuleContext } from '../../module.ts';
import { readDataUrl } from '../../user/support/answer-file.ts';
import { sniffType } from '../../user/support/sniff-type.ts';

type Input = MediaTask['inputs'][number];
type Role = Input['role'];

const reference = /^media:([0-9a-f-]{36})\.[a-z0-9]{1,8}$/;
const contentId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/**
 * A source as a workflow or a form gives it (format.md 15.5): the reference of a content of this run, its id, an object
 * that holds either, or a data URL, which is kept with the run's files. Throws `source_image_missing` for anything else,
 * `content_not_found` for a content that is not this run's, `content_too_large`.
 */
export async function sourceFile(
  given: unknown,
  role: Role,
  context: ModuleContext<'media' | 'mediaFiles' | 'mediaHost'>,
): Promise<Input> {
  const named = isJsonObject(given) ? (given.local_path ?? given.content_id ?? given.url) : given;
  const text = typeof named === 'string' ? named.trim() : '';
  if (text.startsWith('data:')) return keptFile(text, role, context);
  const id = reference.exec(text)?.[1] ?? (contentId.test(text) ? text : undefined);
  if (id === undefined) {
    throw new WfmError(
      'source_image_missing',
      'The source is neither a content of this run (media:…) nor a data URL. Choose or upload a picture first.',
      { place: 'params.source_image' },
    );
  }
  const content = await context.ports.media.content({ runId: context.rootRunId, contentId: id });
  if (!content) {
    throw new WfmError('content_not_found', 'This run has no such content.', { params: { content_id: id } });
  }
  return { role, content_id: id, sha256: content.sha256, mime: content.mime, bytes: content.bytes };
}

/** A file that came as data. A preview keeps no bytes: its media are mocks (format.md 17.5). */
async function keptFile(
  text: string,
  role: Role,
  context: ModuleContext<'media' | 'mediaFiles' | 'mediaHost'>,
): Promise<Input> {
  const { mime: said, data } = readDataUrl(text);
  if (data.length > limits.generatedImageBytes) {
    throw new WfmError('content_too_large', `The source has ${data.length} bytes; a picture may have fewer.`, {
      place: 'params.source_image',
      params: { limit: limits.generatedImageBytes, actual: data.length },
    });
  }
  const mime = sniffType(data)?.mime ?? said;
  if (context.ports.mediaHost.mock) return { role, content_id: null, sha256: '', mime, bytes: data.length };
  const one = async function* (): AsyncGenerator<Uint8Array> {
    yield data;
  };
  const { sha256, bytes } = await context.ports.mediaFiles.put({
    runId: context.rootRunId,
    data: one(),
    maxBytes: limits.generatedImageBytes,
    signal: context.signal,
  });
  return { role, content_id: null, sha256, mime, bytes };
}
