import { writeSync } from 'node:fs';
import { join } from 'node:path';
import type { AppendEvents } from '@wfm/workflow-engine/ports';
import { systemClock } from '../clock.ts';
import { openDatabase } from '../database.ts';
import { mediaDirectory } from '../media-files/directory.ts';
import { migrations } from '../migrations/index.ts';
import { Connection } from '../sqlite/connection.ts';
import { migrate } from '../sqlite/migrate.ts';

/**
 * Another program on the same file, for tests that need one: `node storage-process.ts <task> <dataDir> [more]`. It
 * reports by lines on standard output, written at once, so that a kill loses none that the test has seen.
 */
const [task = '', dataDir = '', ...more] = process.argv.slice(2);
const clock = systemClock();
const say = (text: string | number) => writeSync(1, `${text}\n`);

const tasks: Record<string, () => Promise<void>> = {
  /** Opens as owner and closes. */
  async own() {
    await (await openDatabase({ dataDir, clock, role: 'owner' })).close();
    say('done');
  },

  /** Migrates and dies at the n-th statement. */
  async migrateAndDie() {
    const connection = new DyingConnection(join(dataDir, 'wfm.sqlite'), Number(more[0]));
    await migrate(connection, migrations, { now: () => clock.now() });
    say('survived');
  },

  /** Appends one event after another to a branch, saying each `seq` once it is acknowledged. */
  async appendForever() {
    const [runId = '', branchId = '', from = '0'] = more;
    const database = await openDatabase({ dataDir, clock, role: 'follower' });
    for (let expectedSeq = Number(from); ; expectedSeq += 1) {
      await database.runs.append(oneEvent({ runId, branchId, expectedSeq }));
      say(expectedSeq + 1);
    }
  },

  /** Competes for every `seq` up to a last one; says which ones it won. */
  async compete() {
    const [runId = '', branchId = '', last = '0'] = more;
    const database = await openDatabase({ dataDir, clock, role: 'follower' });
    for (let expectedSeq = 0; expectedSeq < Number(last); ) {
      try {
        await database.runs.append(oneEvent({ runId, branchId, expectedSeq }));
        say(expectedSeq + 1);
      } catch (error) {
        if ((error as { code?: string }).code !== 'conflict') throw error;
      }
      expectedSeq = (await database.runs.find({ runId }))?.last_seq ?? 0;
    }
    await database.close();
    say('done');
  },

  /** Works tasks off until none is left, `more[0]` of them at once at most; says from when to when it held each. */
  async workOff() {
    const database = await openDatabase({ dataDir, clock, role: 'follower' });
    const limits = { acme: { atOnce: Number(more[0]) } };
    for (;;) {
      const row = await database.tasks.claim({ worker: `w${process.pid}`, leaseMs: 30_000, limits });
      if (!row) {
        const live = (await database.tasks.counts()).some(({ status }) => status === 'queued' || status === 'leased');
        if (!live) break;
        await clock.sleep(1 + Math.random() * 4);
        continue;
      }
      const from = clock.monotonicMs();
      await clock.sleep(Math.random() * 4);
      say(JSON.stringify([row.task_id, from, clock.monotonicMs()]));
      await database.tasks.succeed({ taskId: row.task_id, fence: row.fence, result: {} });
    }
    await database.close();
  },

  /** Tries so many claims in a row, `more[0]` starts a minute being allowed; says when it was given each task. */
  async claimMany() {
    const database = await openDatabase({ dataDir, clock, role: 'follower' });
    const limits = { acme: { atOnce: 1000, perMinute: Number(more[0]) } };
    for (let tries = 0; tries < Number(more[1]); tries += 1) {
      const row = await database.tasks.claim({ worker: `w${process.pid}`, leaseMs: 30_000, limits });
      if (row) say(clock.monotonicMs());
    }
    await database.close();
  },

  /** Keeps so many bytes of media; says what went wrong. */
  async keepMedia() {
    const data = (async function* () {
      for (let left = Number(more[0]); left > 0; left -= 10_000) yield new Uint8Array(10_000);
    })();
    const kept = mediaDirectory(dataDir).put({ runId: 'run-1', data, maxBytes: 1e9 });
    say(await kept.then(() => 'kept', String));
  },

  /** Keeps a file of media that never ends; says when it has begun. */
  async keepMediaForever() {
    const data = (async function* () {
      for (let count = 0; ; count += 1) {
        yield new Uint8Array(10_000);
        if (count === 10) say('begun');
        await clock.sleep(5);
      }
    })();
    await mediaDirectory(dataDir).put({ runId: 'run-1', data, maxBytes: 1e12 });
  },

  /** Holds the write lock for so many milliseconds. */
  async hold() {
    const connection = new Connection(join(dataDir, 'wfm.sqlite'), { readOnly: false });
    connection.exec('BEGIN IMMEDIATE');
    say('held');
    await new Promise((resolve) => setTimeout(resolve, Number(more[0])));
    connection.exec('COMMIT');
    connection.close();
  },
};

/** Written here rather than taken from the engine's test door, which takes half a second to load. */
function oneEvent(place: { runId: string; branchId: string; expectedSeq: number }): AppendEvents {
  const { runId, branchId, expectedSeq } = place;
  const envelope = {
    workflow_run_id: runId,
    branch_id: branchId,
    seq: expectedSeq + 1,
    time: clock.now().toISOString(),
  };
  const event = { ...envelope, version_id: 'sha256:00', type: 'step_started' as const, data: { index: 0, name: 's' } };
  return { ...place, events: [event], projection: {} };
}

class DyingConnection extends Connection {
  #left: number;

  constructor(file: string, statements: number) {
    super(file, { readOnly: false });
    this.#left = statements;
  }

  override exec(sql: string): void {
    super.exec(sql);
    this.#left -= 1;
    if (this.#left <= 0) process.kill(process.pid, 'SIGKILL');
  }
}

await tasks[task]?.();
