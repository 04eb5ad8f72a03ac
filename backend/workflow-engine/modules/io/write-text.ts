import { z } from 'zod';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
import { safeBaseName } from './support/file-names.ts';
import { keepFile, textOf } from './support/keep-file.ts';

export const ioWriteText = defineModule({
  id: 'io.write_text',
  kind: 'effect',
  ownStore: true,
  revision: 1,
  title: 'Write text',
  description: 'Keeps a text as a file of the run.',
  ports: ['files'],
  writesStores: ['files'],
  inputs: z.object({
    content: field(z.unknown(), 'Content', 'The text; other data is written as JSON.'),
    file_path: field(z.string(), 'File name', 'Only its last part counts.'),
    target_path: field(z.string().optional(), 'Folder', 'root, outputs, or the name of a group within outputs.'),
  }),
  outputs: z.object({
    file_id: field(z.string(), 'File id', 'Names the file within the run.'),
    file_path: field(z.string(), 'File name', 'The name that the file got.'),
    bytes_written: field(z.number().int(), 'Bytes', 'The length of the file in UTF-8.'),
  }),
  async run(given, context) {
    const filename = safeBaseName(given.file_path);
    const text = textOf(given.content);
    const file = await keepFile(context, { filename, targetPath: given.target_path, contentType: 'text', text });
    return { file_id: file.file_id, file_path: file.filename, bytes_written: file.bytes };
  },
});
