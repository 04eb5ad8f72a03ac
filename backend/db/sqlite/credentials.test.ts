import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createTestClock, expectCode } from '@wfm/workflow-engine/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { makeTestDir } from '../testing/open-test-database.ts';
import { Connection } from './connection.ts';

let dir: ReturnType<typeof makeTestDir>;
beforeEach(() => {
  dir = makeTestDir();
});
afterEach(() => dir.remove());

const clock = createTestClock();
const open = (credentialsSecret?: string) =>
  openDatabase({ dataDir: dir.dataDir, clock, role: 'owner', credentialsSecret });
const place = { userId: 'u1', provider: 'acme' };
const apiKey = 'sk-plain-to-be-found-4711';
const now = new Date(0);
const secretFile = () => join(dir.dataDir, 'keys', 'credentials.secret');

test('8.4 the key stands in no file of the data directory, in no encoding of it', async () => {
  const database = await open();
  await database.credentials.put({ ...place, apiKey, now });
  const stored = readdirSync(dir.dataDir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir.dataDir, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path));
  expect(stored.length).toBeGreaterThan(1);
  const forms = [apiKey, apiKey.slice(-8), Buffer.from(apiKey).toString('base64'), Buffer.from(apiKey).toString('hex')];
  for (const bytes of stored) for (const form of forms) expect(bytes.includes(form)).toBe(false);
  await database.close();
});

test('the secret is made once, for its owner alone, and opens the keys again', async () => {
  const first = await open();
  await first.credentials.put({ ...place, apiKey, now });
  await first.close();
  expect(statSync(secretFile()).mode & 0o777).toBe(0o600);
  const second = await open();
  expect(await second.credentials.get(place)).toBe(apiKey);
  await second.close();
});

test('a configured secret is used instead, and under another one a key is refused, not passed over', async () => {
  const first = await open('configured');
  await first.credentials.put({ ...place, apiKey, now });
  expect(() => statSync(secretFile())).toThrow(/ENOENT/);
  await first.close();
  const second = await open('another');
  await expectCode(second.credentials.get(place), 'provider_auth');
  expect(await second.credentials.list(place)).toEqual([{ provider: 'acme', hint: '', updated_at: now.toISOString() }]);
  await second.credentials.put({ ...place, apiKey: 'entered-again', now });
  expect(await second.credentials.get(place)).toBe('entered-again');
  await second.close();
});

test('law 7: a sealed key that is moved to another user or provider, or changed, does not open', async () => {
  const database = await open();
  const { credentials } = database;
  await credentials.put({ ...place, apiKey, now });
  const connection = new Connection(join(dir.dataDir, 'wfm.sqlite'), { readOnly: false });
  const copy = 'INSERT INTO credentials SELECT ?, ?, sealed, updated_at FROM credentials WHERE user_id = ?';
  connection.run(copy, 'u2', 'acme', 'u1');
  connection.run(copy, 'u1', 'beta', 'u1');
  connection.run(`${copy} AND provider = 'acme'`, 'u3', 'acme', 'u1');
  connection.run("UPDATE credentials SET sealed = substr(sealed, 1, 20) WHERE user_id = 'u3'");
  connection.close();
  await expectCode(credentials.get({ ...place, userId: 'u2' }), 'provider_auth');
  await expectCode(credentials.get({ ...place, provider: 'beta' }), 'provider_auth');
  await expectCode(credentials.get({ ...place, userId: 'u3' }), 'provider_auth');
  expect(await credentials.get(place)).toBe(apiKey);
  await database.close();
});
