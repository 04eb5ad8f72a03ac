// Builds the pages where they are older than their sources: before `npm start`, so that nobody meets a stale page,
// and by hand with `npm run build`. The stamp is a hash of what a build reads. `build-apps.mjs shared/testing` builds
// the page on which tests look at parts alone; its components keep their names.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './steps.mjs';

const apps = process.argv.length > 2 ? process.argv.slice(2) : ['runner', 'editor'];
const read = ['ui', 'backend/workflow-engine', 'package-lock.json'];
const left = /(^|\/)(node_modules|dist|generated|fixtures)(\/|$)|^backend\/.*\/testing\/|\.test\.tsx?$/;

/** @param {string} path @returns {string[]} files below it, in order */
function filesIn(path) {
  const whole = join(projectRoot, path);
  if (!existsSync(whole)) return [];
  if (path.includes('.')) return [path];
  return readdirSync(whole, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(projectRoot.length + 1))
    .filter((name) => !left.test(name))
    .sort();
}

const hash = createHash('sha256');
for (const file of read.flatMap(filesIn)) hash.update(file).update(readFileSync(join(projectRoot, file)));
const wanted = hash.digest('hex');

for (const app of apps) {
  const folder = join(projectRoot, 'ui', app);
  const stamp = join(folder, 'dist', '.built-from');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue;
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  const isApp = existsSync(join(folder, 'vite.config.ts'));
  const other = isApp ? [] : [folder, '--config', 'vite.config.ts', '--base', '/', '--minify', 'false'];
  const cwd = isApp ? folder : join(projectRoot, 'ui', 'runner');
  const built = spawnSync(npx, ['vite', 'build', ...other, '--logLevel', 'warn'], { cwd, stdio: 'inherit' });
  if (built.status !== 0) {
    console.error(`The ${app} could not be built; see above.`);
    process.exit(built.status ?? 1);
  }
  writeFileSync(stamp, wanted);
}
