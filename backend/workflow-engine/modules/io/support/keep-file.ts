import { hashOf } from '../../../definition/canonical-json.ts';
import type { RunFileRow } from '../../../ports/file-store.ts';
import type { ModuleContext } from '../../module.ts';
import { filedUnder } from './file-names.ts';

/** Keeps a text file with the run, once for each idempotency key; a repeated call answers the first row. */
export function keepFile(
  context: ModuleContext<'files'>,
  file: { filename: string; targetPath: string | undefined; contentType: 'text' | 'json'; text: string },
): Promise<RunFileRow> {
  const data = new TextEncoder().encode(file.text);
  return context.ports.files.put({
    key: context.idempotencyKey,
    file: {
      file_id: fileIdOf(context.idempotencyKey),
      workflow_run_id: context.workflowRunId,
      branch_id: context.branchId,
      ...filedUnder(file.targetPath),
      filename: file.filename,
      content_type: file.contentType,
      step_id: context.stepId,
      module_name: context.moduleName,
      bytes: data.length,
      created_at: context.now.toISOString(),
    },
    data,
  });
}

/** An id made from the key, so that a crash between writing and recording names the same file: a UUID of version 8. */
function fileIdOf(key: string): string {
  const hex = hashOf(['file', key]);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** Any value as the text of a file: texts as they are, everything else as indented JSON. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
}
