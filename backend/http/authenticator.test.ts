import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import type { Database, UserRow } from '@wfm/workflow-engine/ports';
import { createTestClock, expectCode, type TestClock } from '@wfm/workflow-engine/testing';
import type { FastifyRequest } from 'fastify';
import { SignJWT } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { createAuthenticator, keyId, readVerificationKeys, secretHash, signAccessToken } from './index.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const kid = keyId(publicKey);
const user: UserRow = {
  user_id: 'alice',
  email: 'a@example.org',
  name: 'Alice',
  role: 'member',
  password_hash: null,
  disabled: false,
  token_version: 3,
  created_at: '2026-01-01T00:00:00Z',
};
const secret = `wfk_${'A'.repeat(43)}`;

let database: Database;
let clock: TestClock;
beforeEach(async () => {
  clock = createTestClock();
  database = createMemoryDatabase({ clock });
  await database.users.create({ user });
});

function authenticator(audience: 'wfm-api' | 'wfm-virtual' = 'wfm-api') {
  const used: string[] = [];
  const authenticate = createAuthenticator({
    users: database.users,
    publicKeys: [{ kid, key: publicKey }],
    audience,
    clock,
    onKeyUsed: (id) => used.push(id),
  });
  const by = (credentials: { token?: string; key?: string }) =>
    authenticate({
      headers: credentials.key === undefined ? {} : { 'x-access-key': credentials.key },
      cookies: credentials.token === undefined ? {} : { wfm_session: credentials.token },
    } as unknown as FastifyRequest);
  return { by, used, forget: authenticate.forget };
}

const good = () =>
  signAccessToken({ userId: 'alice', sessionId: 'family', tokenVersion: 3 }, { kid, privateKey, now: clock.now() });
const seconds = () => Math.floor(clock.now().getTime() / 1000);

interface Forgery {
  alg?: string;
  kid?: string;
  typ?: string;
  key?: KeyObject | Uint8Array;
  claims?: Record<string, unknown>;
}
function forge({ alg = 'EdDSA', typ = 'at+jwt', key = privateKey, claims = {}, ...rest }: Forgery): Promise<string> {
  const payload = {
    sid: 'family',
    ver: 3,
    sub: 'alice',
    iss: 'wfm',
    aud: ['wfm-api', 'wfm-virtual'],
    iat: seconds(),
    exp: seconds() + 600,
  };
  return new SignJWT({ ...payload, ...claims }).setProtectedHeader({ alg, typ, kid: rest.kid ?? kid }).sign(key);
}

/** Header and payload with a signature of one's own making. */
function unsigned(header: object, signature: (input: string) => string = () => ''): string {
  const payload = {
    sid: 'family',
    ver: 3,
    sub: 'alice',
    iss: 'wfm',
    aud: 'wfm-api',
    iat: seconds(),
    exp: seconds() + 600,
  };
  const input = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${signature(input)}`;
}
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const hmac = (algorithm: string) => (input: string) => createHmac(algorithm, pem).update(input).digest('base64url');

describe('S8 tokens: only ours, only now', () => {
  test('a good token names its user, session and role, on both servers', async () => {
    const token = await good();
    expect(await authenticator().by({ token })).toEqual({
      userId: 'alice',
      role: 'member',
      sessionId: 'family',
      via: 'cookie',
    });
    expect(await authenticator('wfm-virtual').by({ token })).toMatchObject({ userId: 'alice' });
  });

  test.each<[string, () => Promise<string> | string]>([
    ['nothing', () => ''],
    ['garbage', () => 'a.b.c'],
    ['alg none', () => unsigned({ alg: 'none', typ: 'at+jwt', kid })],
    ['alg None without a signature part', () => unsigned({ alg: 'None', typ: 'at+jwt', kid }).slice(0, -1)],
    ['HS256 with our public key as its secret', () => unsigned({ alg: 'HS256', typ: 'at+jwt', kid }, hmac('sha256'))],
    ['HS384 with our public key as its secret', () => unsigned({ alg: 'HS384', typ: 'at+jwt', kid }, hmac('sha384'))],
    ['RS256 by a key of theirs', () => forge({ alg: 'RS256', key: rsa.privateKey })],
    ['a foreign key under our kid', () => forge({ key: stranger.privateKey })],
    ['a foreign key under its own kid', () => forge({ key: stranger.privateKey, kid: keyId(stranger.publicKey) })],
    ['a kid that is a path', () => forge({ kid: '../../dev/null' })],
    ['a kid that is SQL', () => forge({ kid: "' UNION SELECT 'x" })],
    ['no kid', () => unsigned({ alg: 'EdDSA', typ: 'at+jwt' }, () => 'AA')],
    [
      'a key brought along',
      () =>
        unsigned({ alg: 'EdDSA', typ: 'at+jwt', kid, jwk: stranger.publicKey.export({ format: 'jwk' }) }, () => 'AA'),
    ],
    [
      'a critical header that nobody knows',
      () => unsigned({ alg: 'EdDSA', typ: 'at+jwt', kid, crit: ['x'], x: 1 }, () => 'AA'),
    ],
    ['another type', () => forge({ typ: 'JWT' })],
    ['expired for 31 s', () => forge({ claims: { iat: seconds() - 700, exp: seconds() - 31 } })],
    ['not valid for another 60 s', () => forge({ claims: { nbf: seconds() + 60 } })],
    ['another issuer', () => forge({ claims: { iss: 'somebody' } })],
    ['another audience', () => forge({ claims: { aud: 'wfm-virtual' } })],
    ['no audience', () => forge({ claims: { aud: undefined } })],
    ['no expiry', () => forge({ claims: { exp: undefined } })],
    ['no session', () => forge({ claims: { sid: undefined } })],
    ['a session that is no text', () => forge({ claims: { sid: { $ne: null } } })],
    ['an unknown user', () => forge({ claims: { sub: 'nobody' } })],
    ['an older token version', () => forge({ claims: { ver: 2 } })],
    ['a token version that is text', () => forge({ claims: { ver: '3' } })],
    ['a refresh token', () => Buffer.alloc(32, 7).toString('base64url')],
    ['an access key', () => secret],
  ])('%s is refused', async (_name, make) => {
    await expectCode(authenticator().by({ token: await make() }), 'unauthenticated');
  });

  test('a tampered signature or payload is refused', async () => {
    const [header, payload, signature] = (await good()).split('.');
    const other = Buffer.from(JSON.stringify({ sub: 'admin' })).toString('base64url');
    await expectCode(authenticator().by({ token: `${header}.${other}.${signature}` }), 'unauthenticated');
    // Its end may be zero already: the highest byte of an Ed25519 signature is small.
    const turned = `${signature?.startsWith('A') ? 'B' : 'A'}${signature?.slice(1)}`;
    await expectCode(authenticator().by({ token: `${header}.${payload}.${turned}` }), 'unauthenticated');
  });

  test('a clock may be 30 s off, and no more', async () => {
    const { by } = authenticator();
    const token = await good();
    clock.shiftWall(600_000 + 29_000);
    expect(await by({ token })).toMatchObject({ userId: 'alice' });
    clock.shiftWall(2_000);
    await expectCode(by({ token }), 'unauthenticated');
  });
});

describe('access keys', () => {
  const addKey = (changes: { expires_at?: string } = {}) =>
    database.users.addAccessKey({
      key: {
        key_id: 'key-1',
        user_id: 'alice',
        label: 'cli',
        prefix: 'wfk_AAAA',
        sha256: secretHash(secret),
        created_at: '2026-01-01T00:00:00Z',
        expires_at: null,
        last_used_at: null,
        ...changes,
      },
    });

  test('a key stands for its user, and its use is noted', async () => {
    await addKey();
    const { by, used } = authenticator();
    expect(await by({ key: secret })).toEqual({
      userId: 'alice',
      role: 'member',
      sessionId: 'key-1',
      via: 'access_key',
    });
    expect(used).toEqual(['key-1']);
  });

  test('a key decides alone: a good cookie does not help a bad key', async () => {
    await expectCode(authenticator().by({ key: secret, token: await good() }), 'unauthenticated');
  });

  test.each(['', 'wfk_', `wfk_${'B'.repeat(43)}`, `wfk_${'A'.repeat(44)}`, secretHash(secret)])(
    '"%s" is no key',
    async (key) => {
      await addKey();
      await expectCode(authenticator().by({ key }), 'unauthenticated');
    },
  );

  test('an expired key is refused', async () => {
    await addKey({ expires_at: '2026-01-01T00:00:10Z' });
    const { by } = authenticator();
    await by({ key: secret });
    clock.advance(10_000);
    await expectCode(by({ key: secret }), 'unauthenticated');
  });
});

describe('S10 revocation', () => {
  test('a disabled user, a raised version and a removed key are seen within 5 s, at once where it happened', async () => {
    const token = await good();
    const here = authenticator();
    const elsewhere = authenticator('wfm-virtual');
    await Promise.all([here.by({ token }), elsewhere.by({ token })]);
    await database.users.update({ userId: 'alice', changes: { token_version: 4 } });
    here.forget();
    await expectCode(here.by({ token }), 'unauthenticated');
    clock.advance(5_001);
    await expectCode(elsewhere.by({ token }), 'unauthenticated');
    await database.users.update({ userId: 'alice', changes: { token_version: 3, disabled: true } });
    clock.advance(5_001);
    await expectCode(elsewhere.by({ token }), 'unauthenticated');
  });
});

describe('keys as text', () => {
  test('several public keys may stand in one text', () => {
    const other = stranger.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(readVerificationKeys(pem + other).map((key) => key.kid)).toEqual([kid, keyId(stranger.publicKey)]);
  });

  test('anything else is refused with a sentence', () => {
    expect(() => readVerificationKeys('secret')).toThrow(/PEM public key/);
    expect(() => readVerificationKeys(rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString())).toThrow(
      /Ed25519/,
    );
  });
});
