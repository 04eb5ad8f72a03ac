import { idSchema } from '@wfm/http';
import { readZip } from '@wfm/workflow-engine';
import type { WorkflowSource } from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import { jsonObjectSchema } from '@wfm/workflow-engine/models';
import { z } from 'zod';
import type { RouteContext } from './collaborators.ts';

/** How a definition may arrive (format.md 1.1): as JSON, as a ZIP in base64, or as a ZIP uploaded before. */
export const sourceFields = {
  workflow_content: z.union([jsonObjectSchema, z.string().min(1)]).optional(),
  upload_id: idSchema.optional(),
  entry_point: z.string().min(1).max(1000).optional(),
};

interface SourceBody {
  workflow_content?: Record<string, unknown> | string | undefined;
  upload_id?: string | undefined;
  entry_point?: string | undefined;
}

/**
 * Reads the definition out of a body. Throws `request_invalid` when there is none or there are two, `file_not_found` for
 * an upload that is gone or somebody else's, and the faults of the archive.
 */
export async function readSource(context: RouteContext, userId: string, body: SourceBody): Promise<WorkflowSource> {
  const { workflow_content: content, upload_id: uploadId, entry_point: entryPoint } = body;
  if ((content === undefined) === (uploadId === undefined)) {
    throw new WfmError('request_invalid', 'Send the workflow either as "workflow_content" or as "upload_id".', {
      place: 'workflow_content',
    });
  }
  if (typeof content === 'object') return { json: content };
  const bytes = content === undefined ? await uploaded(context, userId, uploadId ?? '') : decodeBase64(content);
  return { files: await readZip(bytes), ...(entryPoint === undefined ? {} : { entryPoint }) };
}

async function uploaded(context: RouteContext, userId: string, uploadId: string): Promise<Uint8Array> {
  const { database, clock } = context;
  const found = await database.content.getUpload({ uploadId, userId, now: clock.now() });
  if (found?.upload.purpose === 'package') return found.data;
  throw new WfmError('file_not_found', 'There is no such upload, or it has expired. Upload the package again.', {
    params: { upload_id: uploadId },
  });
}

/** By one character class at a time: a pattern that may backtrack would take hours over two megabytes of blanks. */
function decodeBase64(text: string): Uint8Array {
  const bare = text.replaceAll(/\s/g, '');
  const data = bare.endsWith('==') ? bare.slice(0, -2) : bare.endsWith('=') ? bare.slice(0, -1) : bare;
  if (data !== '' && !/[^A-Za-z0-9+/]/.test(data)) return new Uint8Array(Buffer.from(data, 'base64'));
  throw new WfmError('request_invalid', '"workflow_content" must be a JSON object, or a ZIP file in base64.', {
    place: 'workflow_content',
  });
}
