import { describe, expect, test } from 'vitest';
import { ConfigError, isLoopback, readConfig } from './config.ts';

describe('settings from the environment', () => {
  test('with nothing set, a single machine works', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      production: false,
      host: 'localhost',
      port: 9000,
      apiUrl: 'http://localhost:9000',
      logLevel: 'info',
    });
    expect(config.dataDir).toMatch(/data$/);
    expect(config.corsOrigins).toEqual(
      [9000, 5173, 5174].flatMap((port) => [`http://localhost:${port}`, `http://127.0.0.1:${port}`]),
    );
  });

  test('a port of one’s own is an allowed origin too; PORT serves where WFM_PORT is silent', () => {
    const config = readConfig({ WFM_PORT: '9100', PORT: '80' });
    expect(config.port).toBe(9100);
    expect(config.corsOrigins).toContain('http://localhost:9100');
    expect(readConfig({ PORT: '8080' }).port).toBe(8080);
  });

  test('everything that is wrong is said at once, by its name', () => {
    const env = {
      WFM_PORT: 'x',
      WFM_LOG_LEVEL: 'loud',
      CORS_ORIGINS: 'https://a.example/, *',
      MONGODB_URI: 'http://user:hunter2@x',
    };
    expect(() => readConfig(env)).toThrow(ConfigError);
    expect(() => readConfig(env)).toThrow(
      /WFM_PORT(.|\n)*WFM_LOG_LEVEL(.|\n)*MONGODB_URI(.|\n)*https:\/\/a\.example\/(.|\n)*\*/,
    );
  });

  test('MONGODB_URI chooses MongoDB, its database named or not', () => {
    const uri = 'mongodb://a.example,b.example/?replicaSet=r';
    expect(readConfig({ MONGODB_URI: uri }).mongo).toEqual({ uri, database: 'wfm' });
    expect(readConfig({ MONGODB_URI: uri, MONGODB_DATABASE: 'w_1' }).mongo).toEqual({ uri, database: 'w_1' });
    expect(readConfig({ MONGODB_DATABASE: 'w_1' }).mongo).toBeUndefined();
    expect(() => readConfig({ MONGODB_URI: 'http://user:hunter2@x' })).not.toThrow(/hunter2/);
    expect(() => readConfig({ MONGODB_DATABASE: 'a.b' })).toThrow(/MONGODB_DATABASE/);
  });

  test('production does not start on a secret of its own making', () => {
    expect(() => readConfig({ NODE_ENV: 'production' })).toThrow(/JWT_PRIVATE_KEY is missing.*openssl/);
    const pem = String.raw`-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----`;
    expect(readConfig({ NODE_ENV: 'production', JWT_PRIVATE_KEY: pem }).privateKeyPem).toContain('-----\nabc\n-----');
  });

  test('the clock is fixed in tests only', () => {
    const env = { WFM_TEST_CLOCK: '2026-01-01T00:00:00Z' };
    expect(readConfig(env).testClock).toBeUndefined();
    expect(readConfig({ ...env, NODE_ENV: 'production', JWT_PRIVATE_KEY: 'x' }).testClock).toBeUndefined();
    expect(readConfig({ ...env, NODE_ENV: 'test' }).testClock).toEqual(new Date('2026-01-01T00:00:00Z'));
  });

  test.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['192.168.0.1', false],
    ['127.0.0.1.example.org', false],
  ])('%s is a loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
