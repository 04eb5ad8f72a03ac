import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rawCommits } from './raw-commits.ts';
import { benchEngine, type Storage } from './engine.ts';
import { Table } from './table.ts';

/**
 * `npm run bench`: every figure is also a ratio to the raw commit rate of `node:sqlite` with the same settings, taken in
 * the same run on the same disk, because a time alone says more about the machine than about us.
 */

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const scale = values.quick ? 0.2 : 1;
const folder = mkdtempSync(join(process.env.WFM_BENCH_DIR ?? tmpdir(), 'wfm-bench-'));

try {
  const rounds = Math.ceil(1000 * scale);
  const before = rawCommits(join(folder, 'raw-1.sqlite'), rounds);
  const table = new Table();
  for (const storage of ['sqlite', 'memory'] as Storage[]) {
    const figures = await benchEngine({ storage, folder: join(folder, storage), scale });
    table.add(storage, figures);
  }
  const after = rawCommits(join(folder, 'raw-2.sqlite'), rounds);
  const raw = Math.min(before, after);
  console.log(`Node ${process.version}, ${availableParallelism()} cores; WAL, synchronous=FULL`);
  console.log(
    `raw commit of node:sqlite: ${raw.toFixed(3)} ms (before ${before.toFixed(3)}, after ${after.toFixed(3)})\n`,
  );
  table.print(raw);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
