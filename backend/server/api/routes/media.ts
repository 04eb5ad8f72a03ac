import { Readable } from 'node:stream';
import { byteRange, defineRoute, estimateSchema, mediaPreviewFields, type Route } from '@wfm/http';
import { generationsOf, interactionRecord } from '@wfm/workflow-engine';
import { WfmError } from '@wfm/workflow-engine/errors';
import { contentUrl, jsonObjectSchema } from '@wfm/workflow-engine/models';
import type { ContentRow, MediaFiles } from '@wfm/workflow-engine/ports';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RouteContext } from '../collaborators.ts';
import { bytesOf, runOwner, runParams } from '../common.ts';

const tags = ['media'];
const contentParams = runParams.extend({ content: z.string() });

/** What a run has generated: bytes, small pictures, shapes of sounds, records, and what more would cost. */
export function mediaRoutes(context: RouteContext): Route[] {
  const { database, processor, media } = context;
  const find = async (runId: string, contentId: string): Promise<ContentRow> => {
    const content = await database.media.content({ runId, contentId });
    if (content) return content;
    throw notFound(contentId);
  };
  const sourceOf = (content: ContentRow) => ({
    size: content.bytes,
    read: async (start: number, end: number) => {
      const found = await readFile(media.files, content, { start, end });
      if (!found) throw notFound(content.content_id);
      return await join(found.data);
    },
  });

  return [
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/media/:content',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'The bytes of a content, also in part (Range); with w a small picture of it',
        tags,
        params: contentParams,
        querystring: z.strictObject({
          w: z.enum(['160', '320', '640']).optional(),
          download: z.enum(['0', '1']).optional(),
        }),
        response: { 200: bytesOf('*/*', 'The bytes'), 206: bytesOf('*/*', 'The part that was asked for') },
      },
      async handler({ params, query, request, reply }) {
        const content = await find(params.run, params.content);
        const isDownload = query.download === '1';
        if (query.w === undefined) return sendBytes({ request, reply }, content, { files: media.files, isDownload });
        const width = Number(query.w);
        const tag = `"${content.sha256}-w${width}"`;
        if (isKnown(request, tag)) return guarded(reply, content, { tag, isDownload }).code(304).send();
        const data = await media.files.derived({
          runId: content.workflow_run_id,
          sha256: content.sha256,
          name: `w-${width}`,
          make: () => media.inspect.thumbnail(sourceOf(content), { mime: content.mime, width }),
        });
        return guarded(reply, content, { tag, isDownload }).type('image/webp').send(Buffer.from(data));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/media/:content/peaks',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'How loud a sound is over its time, as n numbers from 0 to 1',
        tags,
        params: contentParams,
        querystring: z.strictObject({ n: z.coerce.number().int().min(1).max(2000).default(200) }),
        response: { 200: z.object({ peaks: z.array(z.number()), duration_ms: z.number() }) },
      },
      async handler({ params, query, reply }) {
        const content = await find(params.run, params.content);
        const kept = await media.files.derived({
          runId: content.workflow_run_id,
          sha256: content.sha256,
          name: 'peaks',
          make: async () =>
            Buffer.from(JSON.stringify(await media.inspect.peaks(sourceOf(content), { mime: content.mime }))),
        });
        const { peaks, durationMs } = peaksSchema.parse(JSON.parse(Buffer.from(kept).toString('utf8')));
        void reply.header('cache-control', 'private, max-age=3600');
        return { peaks: media.inspect.foldPeaks(peaks, query.n), duration_ms: durationMs };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/interactions/:interaction/generations',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'Generated media of a question, by prompt',
        tags,
        params: runParams.extend({ interaction: z.string() }),
        response: { 200: z.object({ generations: jsonObjectSchema }) },
      },
      async handler({ params, principal }) {
        const run = await processor.load({ runId: params.run, userId: principal.userId });
        const record = await interactionRecord(processor, run, params.interaction);
        if (!record) {
          throw new WfmError('interaction_not_found', 'There is no such question on the current branch.', {
            params: { interaction_id: params.interaction },
          });
        }
        const generations = await generationsOf(params.interaction, {
          rootRunId: params.run,
          branchId: run.row.current_branch_id,
          stepId: record.step_id,
          moduleName: record.module_name,
          ports: {
            media: database.media,
            mediaHost: { urlOf: (_generation, content) => contentUrl(content), mock: false },
          },
        });
        return { generations };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/workflow/:run/media/preview',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'What generating would give and cost',
        tags,
        params: runParams,
        body: z.strictObject(mediaPreviewFields),
        response: { 200: estimateSchema },
      },
      handler: ({ body: { action_type: action, ...asked }, principal }) =>
        media.catalogue.estimate({ ...asked, action, userId: principal.userId }),
    }),
  ];
}

const peaksSchema = z.object({ peaks: z.array(z.number()), durationMs: z.number() });

/** The content whole or in part, streamed; 304 and 416 where they apply. */
async function sendBytes(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  content: ContentRow,
  { files, isDownload }: { files: MediaFiles; isDownload: boolean },
): Promise<FastifyReply> {
  const tag = `"${content.sha256}"`;
  const answer = () => guarded(reply, content, { tag, isDownload });
  if (isKnown(request, tag)) return answer().code(304).send();
  // A range of something that has changed since would be a mixture (RFC 9110, 13.1.5).
  const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === tag;
  const range = isSame ? byteRange(request.headers.range, content.bytes) : 'whole';
  if (range === 'unsatisfiable') {
    return reply.code(416).header('content-range', `bytes */${content.bytes}`).type('text/plain').send('');
  }
  const found = await readFile(files, content, range === 'whole' ? {} : range);
  if (!found) throw notFound(content.content_id);
  const { start, end } = range === 'whole' ? { start: 0, end: content.bytes } : range;
  void answer()
    .type(content.mime)
    .header('accept-ranges', 'bytes')
    .header('content-length', end - start);
  if (range !== 'whole') void reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${content.bytes}`);
  return reply.send(Readable.from(found.data, { objectMode: false }));
}

function readFile(files: MediaFiles, content: ContentRow, range: { start?: number; end?: number }) {
  return files.read({ runId: content.workflow_run_id, sha256: content.sha256, ...range });
}

async function join(data: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of data) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * What goes with the bytes and never with a refusal. A vendor's file is shown and never run: no page, no script, no
 * guessing of types.
 */
function guarded(
  reply: FastifyReply,
  content: ContentRow,
  { tag, isDownload }: { tag: string; isDownload: boolean },
): FastifyReply {
  const name = `${content.content_type}-${content.content_id}`.replaceAll(/[^\w-]/g, '-');
  const how = isDownload ? 'attachment' : 'inline';
  return reply
    .header('content-disposition', `${how}; filename="${name}.${content.extension.replaceAll(/\W/g, '')}"`)
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'private, max-age=3600')
    .header('etag', tag);
}

/** True where the client has this very version already. */
function isKnown(request: FastifyRequest, tag: string): boolean {
  const known = request.headers['if-none-match'];
  return known !== undefined && known.split(',').some((each) => each.trim() === tag || each.trim() === `W/${tag}`);
}

function notFound(contentId: string): WfmError {
  return new WfmError('content_not_found', 'This run has no such content.', { params: { content_id: contentId } });
}
