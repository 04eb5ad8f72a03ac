import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from './measure.ts';
import { rawCommits } from './raw-commits.ts';
import { benchEngine } from './engine.ts';
import { benchPreview } from './preview.ts';
import type { Storage } from './rig.ts';
import { Table } from './table.ts';

/**
 * `npm run bench`: every figure is also a ratio to the raw commit rate of `node:sqlite` with the same settings, taken in
 * the same run on the same disk, because a time alone says more about the machine than about us.
 */

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const scale = values.quick ? 0.2 : 1;
const folder = mkdtempSync(join(process.env.WFM_BENCH_DIR ?? tmpdir(), 'wfm-bench-'));

try {
  const raw: number[] = [];
  const measureRaw = (): void =>
    void raw.push(rawCommits(join(folder, `raw-${raw.length}.sqlite`), Math.ceil(1000 * scale)));
  measureRaw();
  const table = new Table();
  for (const storage of ['sqlite', 'memory'] as Storage[]) {
    table.add(storage, await benchEngine({ storage, folder: join(folder, storage), scale }));
    measureRaw();
  }
  const previews = new Table();
  previews.add('memory, mock data', await benchPreview(scale));
  const commit = median(raw);
  console.log(`Node ${process.version}, ${availableParallelism()} cores; WAL, synchronous=FULL`);
  console.log(`raw commit of node:sqlite: ${commit.toFixed(3)} ms (${raw.map((ms) => ms.toFixed(3)).join(', ')})\n`);
  table.print(commit);
  console.log('');
  previews.print(commit);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
