import type { KeptMediaFiles } from '@wfm/db';
import type { Database } from '@wfm/workflow-engine/ports';

/**
 * Removes files of runs that are gone and what crashed writes have left; answers how much. A run is there before its
 * first file, so one that is not found is gone for good.
 */
export async function sweepMedia({
  files,
  database,
}: {
  files: KeptMediaFiles;
  database: Pick<Database, 'runs'>;
}): Promise<{ runs: number; drafts: number }> {
  let runs = 0;
  for await (const runId of files.runs()) {
    if (await database.runs.find({ runId })) continue;
    await files.deleteRun({ runId });
    runs += 1;
  }
  return { runs, drafts: await files.sweepIncoming() };
}
