import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { loggerOptions } from './index.ts';
import { createTestApp } from './testing/http-rig.ts';

test('S13 the log is JSON lines with request ids, and holds no secret, address or body', async () => {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const app = await createTestApp([], { logger: { ...loggerOptions('info'), stream } });
  const reply = await app.inject({
    url: '/health?token=canary-query',
    headers: { authorization: 'canary-header', cookie: 'wfm_session=canary-cookie', 'x-access-key': 'canary-key' },
  });
  const secrets = {
    password: 'canary-1',
    api_key: 'canary-2',
    headers: { cookie: 'canary-3', 'x-access-key': 'canary-4' },
  };
  app.log.info({ ...secrets, ai_config: secrets }, 'a careless line');
  await app.close();
  const text = lines.join('');
  expect(text).not.toContain('canary');
  expect(text).toContain('[redacted]');
  const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(logged).toContainEqual(
    expect.objectContaining({
      request_id: reply.headers['x-request-id'],
      method: 'GET',
      route: '/health',
      status: 200,
    }),
  );
});
