import type { FastifyServerOptions } from 'fastify';

/** Field names whose values no log may hold, wherever a line is at most three levels deep (security.md, Logs). */
const secretFields = [
  'api_key',
  'authorization',
  'cookie',
  'password',
  'token',
  'one_time_token',
  'virtual_db',
  '["set-cookie"]',
  '["x-access-key"]',
];

/** Pino's options for both servers: JSON lines on stdout, no bodies, secrets blanked. */
export function loggerOptions(level: string): Exclude<FastifyServerOptions['logger'], boolean | undefined> {
  const paths = secretFields.flatMap((field) => {
    const name = field.startsWith('[') ? field : `.${field}`;
    return [name.replace(/^\./, ''), `*${name}`, `*.*${name}`];
  });
  return { level, redact: { paths, censor: '[redacted]' } };
}
