import { z } from 'zod';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
import { safeBaseName } from './support/file-names.ts';
import { keepFile } from './support/keep-file.ts';

export const ioSaveJson = defineModule({
  id: 'io.save_json',
  kind: 'effect',
  ownStore: true,
  revision: 1,
  title: 'Save JSON',
  description: 'Keeps data as a JSON file of the run.',
  ports: ['files'],
  writesStores: ['files'],
  inputs: z.object({
    data: field(z.unknown(), 'Data', 'What the file holds.'),
    file_path: field(z.string(), 'File name', 'Only its last part counts.'),
    target_path: field(z.string().optional(), 'Folder', 'root, outputs, or the name of a group within outputs.'),
  }),
  outputs: z.object({
    file_id: field(z.string(), 'File id', 'Names the file within the run.'),
    file_path: field(z.string(), 'File name', 'The name that the file got.'),
    success: field(z.boolean(), 'Success', 'Always true: what cannot be saved fails.'),
  }),
  async run(given, context) {
    const filename = safeBaseName(given.file_path);
    const text = JSON.stringify(given.data, null, 2);
    const file = await keepFile(context, { filename, targetPath: given.target_path, contentType: 'json', text });
    return { file_id: file.file_id, file_path: file.filename, success: true };
  },
});
