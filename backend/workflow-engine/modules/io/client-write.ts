import { z } from 'zod';
import { WfmError } from '../../errors/index.ts';
import type { InteractionRequest } from '../../models/interaction.ts';
import { field } from '../field.ts';
import { defineModule, type Intake } from '../module.ts';
import { safeBaseName } from './support/file-names.ts';
import { keepFile, textOf } from './support/keep-file.ts';

type DownloadRequest = Extract<InteractionRequest, { interaction_type: 'file_download' }>;

export const ioClientWrite = defineModule({
  id: 'io.client_write',
  kind: 'interactive',
  revision: 1,
  title: 'Hand out a file',
  description: 'Asks the client to save a file, and keeps it with the run.',
  ports: ['files'],
  writesStores: ['files'],
  inputs: z.object({
    content: field(z.unknown(), 'Content', 'What the file holds.'),
    filename: field(z.string(), 'File name', 'Only its last part counts.'),
    format: field(z.enum(['text', 'json']).optional(), 'Format', 'json for names that end in .json, else text.'),
    destination: field(z.enum(['root', 'ws']).default('root'), 'Destination', 'Where the command line saves it.'),
  }),
  outputs: z.object({
    file_path: field(z.string(), 'File path', 'Where the client saved it.'),
    filename: field(z.string(), 'File name', 'The name that the file got.'),
    success: field(z.boolean(), 'Success', 'Always true: what was not saved fails.'),
  }),
  async request(given, context) {
    const filename = safeBaseName(given.filename);
    const format = given.format ?? (filename.toLowerCase().endsWith('.json') ? 'json' : 'text');
    const content = format === 'json' ? parsed(given.content) : textOf(given.content);
    const text = format === 'json' ? JSON.stringify(content, null, 2) : textOf(content);
    await keepFile(context, { filename, targetPath: 'root', contentType: format, text });
    return {
      draft: {
        interaction_type: 'file_download',
        title: `Save ${filename}`,
        file_name: filename,
        file_content: content,
        file_content_type: format,
        file_destination: given.destination,
      },
    };
  },
  intake(answer): Intake {
    const { file_written: written, file_error: error } = answer;
    if (written === undefined && !error) {
      const message = 'This question is answered with file_written: whether the file was saved.';
      throw new WfmError('response_invalid', message, { place: 'response.file_written' });
    }
    const response = {
      file_written: written === true,
      file_path: answer.file_path ?? null,
      ...(error ? { file_error: error } : {}),
    };
    return { response, failures: [], warnings: [] };
  },
  complete(response, _given, question) {
    const { file_name: filename } = question.request as DownloadRequest;
    if (response['file_written'] !== true) {
      const reason = typeof response['file_error'] === 'string' ? ` ${response['file_error']}` : '';
      throw new WfmError('file_not_written', `${filename} was not saved.${reason}`, { params: { filename } });
    }
    const path = response['file_path'];
    return { file_path: typeof path === 'string' && path !== '' ? path : filename, filename, success: true };
  },
  sample(question) {
    return { file_written: true, file_path: (question.request as DownloadRequest).file_name };
  },
});

/** A text that is JSON as its value; any other text is a JSON text itself. */
function parsed(content: unknown): unknown {
  if (typeof content !== 'string') return content;
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return content;
  }
}
