import { glob, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isWfmError, WfmError } from '@wfm/workflow-engine/errors';
import { describeDifference } from '../preview/difference.ts';
import { replay } from '../preview/replay.ts';
import { readSavedPreview, savedPreviewSuffix, writeSavedPreview } from '../preview/preview-file.ts';

/**
 * `wfm test <dir>`: does every saved preview below a folder again, offline, and says what each does otherwise than it
 * did; exit code 1 where one differs. `--update` takes what they do now as what they shall do.
 */
export async function test(folder: string, options: { update?: boolean }): Promise<void> {
  const files = await savedPreviewsBelow(folder);
  let failed = 0;
  let updated = 0;
  for (const file of files) {
    const verdict = await verdictOn(file, options.update === true);
    if (verdict.kind === 'failed') failed += 1;
    if (verdict.kind === 'updated') updated += 1;
    console.log(`${verdict.kind.padEnd(7)} ${file}`);
    for (const line of verdict.lines) console.log(`        ${line}`);
  }
  const count = `${files.length} saved preview${files.length === 1 ? '' : 's'}`;
  console.log(`\n${count}: ${files.length - failed - updated} the same, ${updated} updated, ${failed} failed.`);
  if (failed === 0) return;
  console.log('Where that is what you meant, take it over with --update.');
  process.exitCode = 1;
}

async function savedPreviewsBelow(folder: string): Promise<string[]> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isFile()) return [folder];
  const files: string[] = [];
  if (found) {
    const exclude = (name: string): boolean => name === 'node_modules' || /(?:^|[/\\])node_modules$/.test(name);
    for await (const file of glob(`**/*${savedPreviewSuffix}`, { cwd: folder, exclude }))
      files.push(join(folder, file));
  }
  if (files.length > 0) return files.toSorted();
  // A misspelt folder must not pass for a suite without faults.
  throw new WfmError('request_invalid', `There is no saved preview (*${savedPreviewSuffix}) below "${folder}".`, {
    params: { folder },
  });
}

interface Verdict {
  kind: 'ok' | 'failed' | 'updated';
  lines: string[];
}

async function verdictOn(file: string, update: boolean): Promise<Verdict> {
  try {
    const { difference, preview, refused } = await replay(await readSavedPreview(file), file);
    if (!difference) return { kind: 'ok', lines: [] };
    const lines = [...describeDifference(difference), ...(refused === null ? [] : [refused])];
    if (!update) return { kind: 'failed', lines };
    await writeSavedPreview(file, preview);
    return { kind: 'updated', lines };
  } catch (error) {
    if (!isWfmError(error)) throw error;
    const place = error.place === undefined || error.place === '' ? '' : ` at ${error.place}`;
    return { kind: 'failed', lines: [`${error.message} [${error.code}${place}]`] };
  }
}
