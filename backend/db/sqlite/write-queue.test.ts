import { join } from 'node:path';
import { WfmError } from '@wfm/workflow-engine/errors';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTestDir } from '../testing/open-test-database.ts';
import { Connection } from './connection.ts';
import { WriteQueue } from './write-queue.ts';

/** Counts what really reaches the disk. */
class CountingConnection extends Connection {
  commits = 0;

  override run(...args: Parameters<Connection['run']>): ReturnType<Connection['run']> {
    if (args[0] === 'COMMIT') this.commits += 1;
    return super.run(...args);
  }
}

let dir: ReturnType<typeof makeTestDir>;
let connection: CountingConnection;
let queue: WriteQueue;
let told: string[];
beforeEach(() => {
  dir = makeTestDir();
  told = [];
  connection = new CountingConnection(join(dir.dataDir, 'q.sqlite'), { readOnly: false });
  connection.exec('CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT');
  queue = new WriteQueue(connection, { onCommit: (ids) => told.push(...ids) });
});
afterEach(async () => {
  await queue.close();
  connection.close();
  dir.remove();
});

const insert = (a: number) => () => connection.run('INSERT INTO t (a) VALUES (?)', a).rowId;
const rows = () => connection.all<{ a: number }>('SELECT a FROM t ORDER BY a').map(({ a }) => a);

test('writes of one turn share one commit, and each gets its own answer', async () => {
  const answers = await Promise.all([1, 2, 3].map((a) => queue.submit(insert(a), `run ${a}`)));
  expect(answers).toEqual([1, 2, 3]);
  expect(connection.commits).toBe(1);
  expect(told).toEqual(['run 1', 'run 2', 'run 3']);
});

test('a write that comes alone waits for no one', async () => {
  for (let a = 1; a <= 50; a += 1) await queue.submit(insert(a));
  expect(connection.commits).toBe(50);
  let turns = 0;
  const turn = () => {
    turns += 1;
    if (turns < 10) setImmediate(turn);
  };
  setImmediate(turn);
  await queue.submit(insert(51));
  expect(turns).toBeLessThanOrEqual(2);
});

test('a refusal undoes what its write had done, and nothing else', async () => {
  const refused = () => {
    insert(2)();
    throw new WfmError('conflict', 'No.');
  };
  const results = await Promise.allSettled([
    queue.submit(insert(1)),
    queue.submit(refused, 'refused'),
    queue.submit(insert(3), 'third'),
  ]);
  expect(results).toMatchObject([{ value: 1 }, { reason: { code: 'conflict' } }, { value: 3 }]);
  expect(rows()).toEqual([1, 3]);
  expect(told).toEqual(['third']);
  await expect(queue.submit(refused)).rejects.toMatchObject({ code: 'conflict' });
  expect(rows()).toEqual([1, 3]);
});

test('a fault of one write is not its neighbours’', async () => {
  await queue.submit(insert(1));
  const results = await Promise.allSettled([queue.submit(insert(2)), queue.submit(insert(1)), queue.submit(insert(3))]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(rows()).toEqual([1, 2, 3]);
  const boom = () => {
    insert(9)();
    throw new TypeError('a bug');
  };
  const others = await Promise.allSettled([queue.submit(boom), queue.submit(insert(4))]);
  expect(others).toMatchObject([{ reason: { message: 'a bug' } }, { value: 4 }]);
  expect(rows()).toEqual([1, 2, 3, 4]);
});

test('a transaction that somebody left open does not stop the queue', async () => {
  connection.exec('BEGIN');
  expect(await queue.submit(insert(1))).toBe(1);
  expect(rows()).toEqual([1]);
});

test('close finishes what is under way and refuses the rest', async () => {
  const last = queue.submit(insert(1));
  await queue.close();
  expect(await last).toBe(1);
  await expect(queue.submit(insert(2))).rejects.toMatchObject({ code: 'storage_unavailable' });
});
