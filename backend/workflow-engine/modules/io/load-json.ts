import { z } from 'zod';
import { WfmError } from '../../errors/index.ts';
import { field } from '../field.ts';
import { defineModule } from '../module.ts';
import { safeBaseName } from './support/file-names.ts';

export const ioLoadJson = defineModule({
  id: 'io.load_json',
  kind: 'effect',
  ownStore: true,
  revision: 1,
  title: 'Load JSON',
  description: 'Reads the newest JSON file of that name that this line of the run made.',
  ports: ['files'],
  readsStores: ['files'],
  inputs: z.object({
    file_path: field(z.string(), 'File name', 'Only its last part counts.'),
    target_path: field(z.string().default('outputs'), 'Folder', 'Kept for older workflows: files are found by name.'),
    default: field(z.unknown().default(null), 'Default', 'Taken when there is no such file.'),
    required: field(z.boolean().default(true), 'Required', 'Whether a missing file without a default fails.'),
  }),
  outputs: z.object({
    data: field(z.unknown(), 'Data', 'What the file holds.'),
    file_exists: field(z.boolean(), 'Exists', 'Whether there was such a file.'),
    file_id: field(z.string().nullable(), 'File id', 'Names the file within the run.'),
  }),
  async run(given, context) {
    const filename = safeBaseName(given.file_path);
    const found = await context.ports.files.newest({
      runId: context.workflowRunId,
      branchIds: [...context.branchIds],
      filename,
    });
    if (found) return { data: parse(found.data, filename), file_exists: true, file_id: found.file.file_id };
    if (given.default === null && given.required) {
      throw new WfmError('file_not_found', `There is no file called ${filename} on this line of the run.`, {
        place: 'inputs.file_path',
        params: { file_path: filename },
      });
    }
    return { data: given.default, file_exists: false, file_id: null };
  },
});

function parse(data: Uint8Array, filename: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data)) as unknown;
  } catch {
    throw new WfmError('json_invalid', `The file ${filename} holds no JSON.`, {
      place: 'inputs.file_path',
      params: { file_path: filename },
    });
  }
}
