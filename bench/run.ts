import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from './measure.ts';
import { rawCommits } from './raw-commits.ts';
import { benchEngine } from './engine.ts';
import { benchPreview } from './preview.ts';
import { benchPreviewRequests } from './preview-requests.ts';
import { benchQueue } from './queue/bench-queue.ts';
import { printQueues } from './queue/print-queues.ts';
import type { Storage } from './rig.ts';
import { Table } from './table.ts';

/**
 * `npm run bench`: every figure is also a ratio to the raw commit rate of `node:sqlite` with the same settings, or to a
 * peer, taken in the same run on the same disk, because a time alone says more about the machine than about us.
 * `--only engine|preview|queue` runs a part, `--quick` less of it.
 */

const parts = ['engine', 'preview', 'queue'];
const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } } });
if (values.only !== undefined && !parts.includes(values.only)) throw new Error(`--only takes ${parts.join(', ')}.`);
const wanted = (part: string): boolean => values.only === undefined || values.only === part;
const scale = values.quick ? 0.2 : 1;
const folder = mkdtempSync(join(process.env.WFM_BENCH_DIR ?? tmpdir(), 'wfm-bench-'));
// PostgreSQL runs as another user, below it.
chmodSync(folder, 0o755);

try {
  const raw: number[] = [];
  const measureRaw = (): void =>
    void raw.push(rawCommits(join(folder, `raw-${raw.length}.sqlite`), Math.ceil(1000 * scale)));
  measureRaw();
  const table = new Table();
  if (wanted('engine')) {
    for (const storage of ['sqlite', 'memory'] as Storage[]) {
      table.add(storage, await benchEngine({ storage, folder: join(folder, storage), scale }));
      measureRaw();
    }
  }
  const previews = new Table();
  const requests = new Table();
  if (wanted('preview')) {
    previews.add('memory, mock data', await benchPreview(scale));
    requests.add('preview server, mock data', await benchPreviewRequests(join(folder, 'requests'), scale));
  }
  const queues = wanted('queue') ? await benchQueue(join(folder, 'queue'), scale) : undefined;
  if (queues) measureRaw();
  const commit = median(raw);
  console.log(`Node ${process.version}, ${availableParallelism()} cores; WAL, synchronous=FULL`);
  console.log(`raw commit of node:sqlite: ${commit.toFixed(3)} ms (${raw.map((ms) => ms.toFixed(3)).join(', ')})\n`);
  for (const each of [table, previews, requests]) if (each.print(commit)) console.log('');
  if (queues) printQueues(queues);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
