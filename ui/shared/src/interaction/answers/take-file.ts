import { typeFailure } from '@wfm/workflow-engine/display';
import type { RuleFailure } from '@wfm/workflow-engine/models';
import type { InteractionHost } from '../host.ts';
import type { RequestOf } from './answer-props.ts';

/** The largest file that travels inside an answer (format.md 23); a larger one goes before it. */
const mostInside = 700 * 1024;

/** What is wrong with a file, by its size, its first bytes and its name, as the server judges it (format.md 14.1). */
export async function fileFailureOf(
  file: File,
  { extensions, max_bytes: most }: RequestOf<'file_input'>,
): Promise<RuleFailure | undefined> {
  const failure = (rule: string, params: RuleFailure['params']): RuleFailure => ({
    id: rule,
    rule,
    field: 'value',
    message: rule,
    severity: 'error',
    ...(params ? { params } : {}),
  });
  if (file.size > most) return failure('file_too_large', { limit: most, actual: file.size });
  if (file.size === 0) return failure('file_empty', {});
  try {
    const head = new Uint8Array(await file.slice(0, 64).arrayBuffer());
    return typeFailure(head, file.name, extensions);
  } catch {
    return failure('file_unreadable', {});
  }
}

/** What an answer says of a file: itself as a data URL, or where it has been put. Throws `ApiError`, and the signal's reason. */
export async function contentOf(
  file: File,
  host: InteractionHost,
  options: { onProgress: (share: number) => void; signal: AbortSignal },
): Promise<string> {
  return file.size <= mostInside ? dataUrlOf(file) : host.upload(file, file.name, options);
}

function dataUrlOf(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result as string));
    reader.addEventListener('error', () => reject(reader.error ?? new Error('unreadable')));
    reader.readAsDataURL(file);
  });
}
