import { WfmError } from '../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import { limits } from '../../models/limits.ts';
import { findContent } from '../media/support/generations.ts';
import { promptText } from '../../models/prompt-text.ts';
import type { ModuleContext } from '../module.ts';
import { toDataUrl } from '../user/support/answer-file.ts';

type Context = ModuleContext<'media' | 'mediaFiles'>;

const reference = /^media:([0-9a-f-]{36})\.[a-z0-9]{1,8}$/;
const maxNesting = 8;

/**
 * A prompt in which every image part that names a content of the run (`media:…`) holds its bytes. A mock picture is
 * never sent to a model: its part becomes a line with the prompt that it was made from (format.md 17.6). Throws
 * `content_not_found`, and `image_refused` for a content that is no picture or over 10 MB.
 */
export async function withMediaParts(prompt: unknown, context: Context, depth = 0): Promise<unknown> {
  if (depth > maxNesting) return prompt;
  if (Array.isArray(prompt)) return Promise.all(prompt.map((part) => withMediaParts(part, context, depth + 1)));
  if (!isJsonObject(prompt)) return prompt;
  if (prompt.type === 'image') return imageOf(prompt, context);
  if (!Array.isArray(prompt.content)) return prompt;
  return { ...prompt, content: await withMediaParts(prompt.content, context, depth + 1) };
}

async function imageOf(part: JsonObject, context: Context): Promise<unknown> {
  const named = isJsonObject(part.content) ? part.content.local_path : part.content;
  const id = typeof named === 'string' ? reference.exec(named.trim())?.[1] : undefined;
  if (id === undefined) return part;
  const { record, content } = await findContent(id, context);
  if (content.mock) {
    const prompt = promptText(record.generation.request_params, record.generation.source_data);
    const { type: _type, ...rest } = part;
    return { ...rest, content: `[A mock picture takes the place of: ${prompt || 'a picture'}]` };
  }
  if (content.content_type !== 'image' || content.bytes > limits.answerFileBytes) {
    throw new WfmError('image_refused', 'A language model takes generated pictures of at most 10 MB, nothing else.', {
      place: 'inputs.input',
      params: { content_id: id, mime: content.mime, bytes: content.bytes },
    });
  }
  const file = await context.ports.mediaFiles.read({ runId: content.workflow_run_id, sha256: content.sha256 });
  if (!file)
    throw new WfmError('content_not_found', 'The bytes of this content are gone.', { params: { content_id: id } });
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.data) chunks.push(chunk);
  return { ...part, content: toDataUrl(content.mime, Buffer.concat(chunks)) };
}
