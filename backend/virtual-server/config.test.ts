import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const strong = 'q8Zr2LxVb7Tn4Kc9Wd1Yf6Hj3Mg5Ps0A';
const key = '-----BEGIN PUBLIC KEY-----\\nabc\\n-----END PUBLIC KEY-----';

/** The sentences with which a start is refused. */
function faults(env: Record<string, string>): string {
  try {
    readConfig(env);
    return '';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
}

describe('settings', () => {
  it('need nothing at all', () => {
    const config = readConfig({});
    expect(config).toMatchObject({ host: 'localhost', port: 9001, snapshotSecrets: [], publicKeyPem: undefined });
    expect(config.corsOrigins).toContain('http://127.0.0.1:5174');
  });

  it('take their own port before a common one, and pages on another', () => {
    expect(readConfig({ WFM_VIRTUAL_PORT: '9101', PORT: '80' }).port).toBe(9101);
    expect(readConfig({ PORT: '8080' }).port).toBe(8080);
    expect(readConfig({ WFM_PORT: '9100' }).corsOrigins).toContain('http://localhost:9100');
  });

  it('keep two secrets while one replaces the other', () => {
    expect(readConfig({ SNAPSHOT_SECRET: `${strong}, ${strong}x` }).snapshotSecrets).toEqual([strong, `${strong}x`]);
    expect(faults({ SNAPSHOT_SECRET: `${strong},${strong},${strong}` })).toMatch(/more than two/);
  });

  it('S13 refuse a short or monotonous secret, and say what to do, not what it was', () => {
    for (const secret of ['changeme', 'a'.repeat(64)]) {
      expect(faults({ SNAPSHOT_SECRET: secret })).toMatch(/SNAPSHOT_SECRET must have 32 characters.*openssl/);
      expect(faults({ SNAPSHOT_SECRET: secret })).not.toContain(secret);
    }
  });

  it('in production ask for both secrets at once', () => {
    const message = faults({ NODE_ENV: 'production' });
    expect(message).toMatch(/SNAPSHOT_SECRET is missing/);
    expect(message).toMatch(/JWT_PUBLIC_KEY is missing/);
    expect(faults({ NODE_ENV: 'production', SNAPSHOT_SECRET: strong, JWT_PUBLIC_KEY: key })).toBe('');
  });

  it('read a PEM that stands in one line', () => {
    expect(readConfig({ JWT_PUBLIC_KEY: key }).publicKeyPem).toBe(
      '-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----',
    );
  });

  it('list everything that cannot be used', () => {
    const message = faults({ PORT: 'x', CORS_ORIGINS: '*', WFM_LOG_LEVEL: 'loud', MONGODB_URI: 'x' });
    expect(message.split('\n')).toHaveLength(4);
  });
});
