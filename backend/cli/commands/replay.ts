import { describeDifference } from '../preview/difference.ts';
import { replay as replayPreview } from '../preview/replay.ts';
import { readSavedPreview } from '../preview/preview-file.ts';

/** `wfm replay <file>`: does a saved preview again, offline; exit code 1 where it goes another way, with the module. */
export async function replay(file: string): Promise<void> {
  const saved = await readSavedPreview(file);
  const { difference, preview, refused } = await replayPreview(saved, file);
  if (saved.redacted.length > 0) console.log(`Without secrets: ${saved.redacted.join(', ')}`);
  if (!difference) {
    console.log(`The same: ${preview.events.length} events.`);
    return;
  }
  if (saved.engine !== preview.engine) console.log(`Saved by engine ${saved.engine}; this is ${preview.engine}.`);
  for (const line of describeDifference(difference)) console.log(line);
  if (refused !== null) console.log(refused);
  process.exitCode = 1;
}
