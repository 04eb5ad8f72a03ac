import { spawnSync } from 'node:child_process';
import { repository } from '../../support/examples.ts';

/** Before the first test: the pages as they stand in the working copy, built anew where they are stale. */
export default function build(): void {
  const apps = ['scripts/build-apps.mjs', 'runner', 'editor', 'shared/testing'];
  const made = spawnSync(process.execPath, apps, { cwd: repository, stdio: 'inherit' });
  if (made.status !== 0) throw new Error('The pages could not be built; see above.');
}
