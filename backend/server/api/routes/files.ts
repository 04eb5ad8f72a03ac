import { defineRoute, type Route } from '@wfm/http';
import { fileTree, mediaTree } from '@wfm/workflow-engine';
import { WfmError } from '@wfm/workflow-engine/errors';
import { contentUrl, jsonObjectSchema } from '@wfm/workflow-engine/models';
import type { RunFileRow } from '@wfm/workflow-engine/ports';
import { z } from 'zod';
import { fileItem, zipStream } from '../../utils/zip-stream.ts';
import type { RouteContext } from '../collaborators.ts';
import { allGenerations, mediaItems } from '../generated-media.ts';
import { bytesOf, runOwner, runParams } from '../common.ts';

const tags = ['run reads'];

/** Text is shown as text and never as a page: a workflow's author must not get to run scripts in ours. */
const contentTypes: Record<RunFileRow['content_type'], string> = {
  text: 'text/plain; charset=utf-8',
  json: 'application/json; charset=utf-8',
  binary: 'application/octet-stream',
};

/** Where a file is read. */
export function fileUrl(file: RunFileRow): string {
  return `/workflow/${file.workflow_run_id}/files/${file.file_id}`;
}

/** Files that a run has written. */
export function fileRoutes({ database, media }: RouteContext): Route[] {
  const { files } = database;
  return [
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/files',
      access: 'user',
      owner: runOwner,
      schema: { summary: 'Files as a tree', tags, params: runParams, response: { 200: jsonObjectSchema } },
      async handler({ params }) {
        const generated = await allGenerations(database.media, params.run);
        return { ...fileTree(await files.list({ runId: params.run }), fileUrl), ...mediaTree(generated, contentUrl) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/files/download',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'Files as a ZIP',
        tags,
        params: runParams,
        querystring: z.strictObject({
          category: z.enum(['root', 'outputs', 'api_calls', 'media']).optional(),
          step: z.string().max(300).optional(),
        }),
        response: { 200: bytesOf('application/zip', 'The files, in folders by category and step') },
      },
      async handler({ params, query, reply }) {
        const all = await files.list({ runId: params.run });
        const chosen = all.filter(
          (file) =>
            (query.category ?? file.category) === file.category && (query.step ?? file.step_id) === file.step_id,
        );
        const contents =
          (query.category ?? 'media') === 'media'
            ? mediaItems(await allGenerations(database.media, params.run), query.step, media.files)
            : [];
        if (chosen.length + contents.length === 0) throw new WfmError('file_not_found', 'The run has no such files.');
        const bytes = async (file: RunFileRow) =>
          (await files.read({ runId: params.run, fileId: file.file_id }))?.data ?? null;
        return reply
          .type('application/zip')
          .header('content-disposition', 'attachment; filename="files.zip"')
          .header('cache-control', 'private, no-store')
          .send(zipStream([...chosen.map((file) => fileItem(file, bytes)), ...contents]));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workflow/:run/files/:file',
      access: 'user',
      owner: runOwner,
      schema: {
        summary: 'One file',
        tags,
        params: runParams.extend({ file: z.string() }),
        querystring: z.strictObject({ download: z.enum(['0', '1']).optional() }),
        response: { 200: bytesOf('application/octet-stream', 'The bytes') },
      },
      async handler({ params, query, reply }) {
        const found = await files.read({ runId: params.run, fileId: params.file });
        if (!found)
          throw new WfmError('file_not_found', 'There is no such file in this run.', {
            params: { file_id: params.file },
          });
        const { file, data } = found;
        const how = query.download === '1' || file.content_type === 'binary' ? 'attachment' : 'inline';
        return reply
          .type(contentTypes[file.content_type])
          .header('content-disposition', `${how}; filename*=UTF-8''${encodeName(file.filename)}`)
          .header('content-security-policy', "sandbox; default-src 'none'")
          .header('cache-control', 'private, max-age=3600')
          .send(Buffer.from(data));
      },
    }),
  ];
}

/** RFC 8187, of the last part of a name; everything but plain characters is percent-encoded. */
function encodeName(filename: string): string {
  const last = filename.split(/[\\/]/).at(-1) ?? 'file';
  return encodeURIComponent(last.toWellFormed()).replaceAll(
    /['()*!]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
