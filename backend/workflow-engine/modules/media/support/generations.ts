import { WfmError } from '../../../errors/index.ts';
import type { JsonObject } from '../../../models/json.ts';
import { localPathOf } from '../../../models/media.ts';
import type { ContentRow, Generation } from '../../../ports/media-store.ts';
import type { ModuleContext } from '../../module.ts';

/** Whose question, on which branch: what a module is told of itself, and what a server finds out. */
export type GenerationsContext = Pick<
  ModuleContext<'media' | 'mediaHost'>,
  'rootRunId' | 'branchId' | 'stepId' | 'moduleName' | 'ports'
>;
type Context = GenerationsContext;

/** Records read in one go; a question shows no more than the newest of so many. */
const PAGE = 200;
const MOST = 2000;

/** What the run has generated for a module's questions, on any of its branches, oldest first. */
async function recordsOf(context: Context): Promise<Generation[]> {
  const found: Generation[] = [];
  let cursor: string | undefined;
  do {
    const page = await context.ports.media.list({
      runId: context.rootRunId,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    found.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && found.length < MOST);
  return found.filter(
    ({ generation }) => generation.step_id === context.stepId && generation.module_name === context.moduleName,
  );
}

/**
 * The map `generations` of a question, rebuilt from the records (format.md 15.4). What was made for another question, on
 * a branch that was left, is marked.
 */
export async function generationsOf(interactionId: string, context: Context): Promise<JsonObject> {
  const map: Record<string, JsonObject[]> = {};
  for (const record of await recordsOf(context)) {
    if (record.generation.status !== 'completed') continue;
    const { prompt_key, branch_id, interaction_id } = record.generation;
    const isOther = interaction_id !== interactionId && branch_id !== context.branchId;
    const list = (map[prompt_key] ??= []);
    list.push({ ...generationView(record, context), ...(isOther ? { other_branch: true } : {}) });
  }
  return map;
}

function generationView({ generation, contents }: Generation, context: Context): JsonObject {
  const shown = contents.filter(({ content_type }) => content_type !== 'video.preview');
  const { metadata_id, prompt_id, provider, request_params, mock } = generation;
  return {
    metadata_id,
    content_ids: shown.map(({ content_id }) => content_id),
    urls: shown.map((content) => context.ports.mediaHost.urlOf(generation, content)),
    content_items: shown.map((content) => itemView({ generation, contents }, content, context)),
    prompt_id,
    provider,
    request_params,
    mock,
  };
}

function itemView({ generation, contents }: Generation, content: ContentRow, context: Context): JsonObject {
  const preview = contents.find(({ content_id }) => content_id === content.preview_content_id);
  const { mediaHost } = context.ports;
  return {
    content_id: content.content_id,
    url: mediaHost.urlOf(generation, content),
    content_type: content.content_type,
    mime: content.mime,
    ...(content.width === null ? {} : { width: content.width, height: content.height }),
    ...(content.duration_ms === null ? {} : { duration_ms: content.duration_ms }),
    ...(content.seed === null ? {} : { seed: content.seed }),
    ...(preview ? { preview: mediaHost.urlOf(generation, preview) } : {}),
  };
}

/** A content as an output names it (format.md 15.4). */
export function contentView(record: Generation, content: ContentRow, context: Context): JsonObject {
  const { generation } = record;
  return {
    ...itemView(record, content, context),
    metadata_id: generation.metadata_id,
    prompt_key: generation.prompt_key,
    provider: generation.provider,
    local_path: localPathOf(content),
  };
}

/** A content of this run with its record. Throws `content_not_found`. */
export async function findContent(
  contentId: string,
  context: ModuleContext<'media'>,
): Promise<{ record: Generation; content: ContentRow }> {
  const { media } = context.ports;
  const content = await media.content({ runId: context.rootRunId, contentId });
  const record = content && (await media.find({ metadataId: content.metadata_id }));
  if (record) return { record, content };
  throw new WfmError('content_not_found', 'This run has no such content.', { params: { content_id: contentId } });
}
