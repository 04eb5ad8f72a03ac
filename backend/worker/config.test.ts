import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

test('with nothing set a worker works on ./data, and serves no port', () => {
  const { dataDir, ...rest } = readConfig({});
  expect(dataDir).toMatch(/\/data$/);
  expect(rest).toEqual({
    mongo: undefined,
    port: undefined,
    host: 'localhost',
    logLevel: 'info',
    slots: 8,
    credentialsSecret: undefined,
    s3: undefined,
  });
});

test('what is set is used, blanks aside', () => {
  const env = {
    WFM_DATA_DIR: '/d',
    WFM_WORKER_PORT: ' 9002 ',
    WFM_WORKER_SLOTS: '2',
    WFM_LOG_LEVEL: 'warn',
    WFM_HOST: '',
  };
  expect(readConfig(env)).toMatchObject({ dataDir: '/d', port: 9002, slots: 2, logLevel: 'warn', host: 'localhost' });
});

test('every fault is named at once, and no secret is quoted', () => {
  const env = { WFM_WORKER_PORT: '0', WFM_WORKER_SLOTS: 'x', WFM_LOG_LEVEL: 'loud', CREDENTIALS_SECRET: 'hunter2' };
  const read = () => readConfig(env);
  expect(read).toThrow(ConfigError);
  for (const name of Object.keys(env)) expect(read).toThrow(new RegExp(name));
  expect(read).not.toThrow(/hunter2/);
});
