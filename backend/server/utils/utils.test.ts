import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { keyFiles, readVerificationKeys } from '@wfm/http';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { type RunFileRow, uuidIds } from '@wfm/workflow-engine/ports';
import { createTestClock } from '@wfm/workflow-engine/testing';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../config.ts';
import { ensureAdmin, firstAdminEmail } from './first-admin.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { loadSigningKeys } from './signing-keys.ts';
import { fileItem, zipStream } from './zip-stream.ts';

describe('passwords', () => {
  test('a hash is argon2id in PHC form, salted, and fits its password alone', async () => {
    const [one, two] = await Promise.all([hashPassword('Zürich is wet'), hashPassword('Zürich is wet')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await verifyPassword('Zürich is wet', one)).toBe(true);
    expect(await verifyPassword('Zu\u0308rich is wet', one)).toBe(true);
    expect(await verifyPassword('zürich is wet', one)).toBe(false);
  });

  test.each([null, '', 'plain', '$argon2id$v=19$m=99999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA'])(
    'no password fits the hash %s',
    async (stored) => {
      expect(await verifyPassword('', stored)).toBe(false);
    },
  );
});

describe('signing keys', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'wfm-keys-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));
  const load = (privateKeyPem?: string, publicKeysPem?: string) =>
    loadSigningKeys({ dataDir, privateKeyPem, publicKeysPem });
  const pemOf = (type: 'ed25519' | 'x25519') =>
    generateKeyPairSync(type as 'ed25519')
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();

  test('a pair is made once; the private half is for its user alone, the public half for the preview server', () => {
    const first = load();
    const { privateKey, publicKey } = keyFiles(dataDir);
    expect(statSync(privateKey).mode & 0o777).toBe(0o600);
    expect(readVerificationKeys(readFileSync(publicKey, 'utf8')).map(({ kid }) => kid)).toEqual([first.kid]);
    expect(readFileSync(publicKey, 'utf8')).not.toContain('PRIVATE');
    const second = load();
    expect([second.kid, second.refreshSecret]).toEqual([first.kid, first.refreshSecret]);
  });

  test('a configured key goes before the kept one; older public keys stay believed', () => {
    const old = load();
    const oldPublic = readFileSync(keyFiles(dataDir).publicKey, 'utf8');
    const next = load(pemOf('ed25519'), oldPublic);
    expect(next.kid).not.toBe(old.kid);
    expect(next.publicKeys.map(({ kid }) => kid)).toEqual([next.kid, old.kid]);
    expect(readVerificationKeys(readFileSync(keyFiles(dataDir).publicKey, 'utf8'))).toHaveLength(2);
  });

  test('a key that cannot sign is refused with a sentence', () => {
    expect(() => load('nonsense')).toThrow(ConfigError);
    expect(() => load(pemOf('x25519'))).toThrow(/Ed25519/);
    expect(() => load(pemOf('ed25519'), 'nonsense')).toThrow(/JWT_PUBLIC_KEY/);
  });
});

describe('the first administrator', () => {
  test('is made once, without a password, however many start at the same time', async () => {
    const clock = createTestClock();
    const { users } = createMemoryDatabase({ clock });
    const made = await Promise.all(Array.from({ length: 5 }, () => ensureAdmin(users, { clock, ids: uuidIds() })));
    expect(new Set(made.map(({ user_id: id }) => id)).size).toBe(1);
    expect(made[0]).toMatchObject({ email: firstAdminEmail, role: 'admin', password_hash: null });
    expect(await users.count()).toBe(1);
  });
});

describe('S15 files as a ZIP', () => {
  const file = (filename: string, changes: Partial<RunFileRow> = {}): RunFileRow => ({
    file_id: filename,
    workflow_run_id: 'r',
    branch_id: 'b',
    category: 'outputs',
    group: null,
    filename,
    content_type: 'text',
    step_id: 'step',
    module_name: 'm',
    bytes: 1,
    created_at: '2026-01-01T00:00:00.000Z',
    ...changes,
  });

  test('no name leaves the folder, none is lost, and bytes are what they were', async () => {
    const files = [
      file('a.txt'),
      file('A.txt'),
      file('../../etc/passwd'),
      file(String.raw`C:\windows\x`),
      file('/root/y'),
      file('nul\0name'),
      file('...'),
      file('b.txt', { group: 'g', step_id: '../up' }),
      file('gone'),
    ];
    const bytes = async ({ file_id: id }: RunFileRow) =>
      id === 'gone' ? null : new TextEncoder().encode(`bytes of ${id}`);
    const entries = unzipSync(new Uint8Array(await buffer(zipStream(files.map((file) => fileItem(file, bytes))))));
    expect(Object.keys(entries)).toEqual([
      'outputs/step/a.txt',
      'outputs/step/A (2).txt',
      'outputs/step/etc/passwd',
      'outputs/step/C_/windows/x',
      'outputs/step/root/y',
      'outputs/step/nul_name',
      'outputs/step/file',
      'outputs/_up/g/b.txt',
    ]);
    expect(new TextDecoder().decode(entries['outputs/step/a.txt'])).toBe('bytes of a.txt');
  });
});
