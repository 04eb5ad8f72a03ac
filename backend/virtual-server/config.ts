import { resolve } from 'node:path';
import { type MongoSettings, readMongoSettings, readMongoUri } from '@wfm/db';

/** What the environment says (api.md, Configuration), typed and checked. */
export interface Config {
  dataDir: string;
  /** Where production stores; undefined: SQLite in the data directory. */
  mongo: MongoSettings | undefined;
  /** Where states of previews are kept under an expiry; undefined: clients carry them. */
  virtualMongoUri: string | undefined;
  host: string;
  port: number;
  corsOrigins: string[];
  trustProxyHops: number;
  logLevel: string;
  /** PEM of the production server's public keys; undefined: read from the data directory. */
  publicKeyPem: string | undefined;
  /** The first signs snapshots, the others are still accepted; empty: one kept in the data directory. */
  snapshotSecrets: string[];
  /** Only under NODE_ENV=test. */
  testClock: Date | undefined;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** A setting that cannot be used. The message says which one and what to set, and is meant for a terminal. */
export class ConfigError extends Error {}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const shortestSecret = 32;

/** Reads the settings. Throws a ConfigError that lists everything to be mended. */
export function readConfig(env: Env): Config {
  const faults: string[] = [];
  const value = (name: string): string | undefined => (env[name]?.trim() ? env[name].trim() : undefined);
  const whole = (name: string, fallback: number, max: number, min = 0): number => {
    const number = Number(value(name) ?? fallback);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    faults.push(`${name} must be a whole number from ${min} to ${max}.`);
    return fallback;
  };
  const production = value('NODE_ENV') === 'production';
  const logLevel = value('WFM_LOG_LEVEL') ?? 'info';
  if (!logLevels.includes(logLevel)) faults.push(`WFM_LOG_LEVEL must be one of ${logLevels.join(', ')}.`);
  if (production && value('JWT_PUBLIC_KEY') === undefined) {
    faults.push('JWT_PUBLIC_KEY is missing: set it to the PEM text of the public half of JWT_PRIVATE_KEY.');
  }
  const config: Config = {
    dataDir: resolve(value('WFM_DATA_DIR') ?? './data'),
    mongo: readMongoSettings(env, faults),
    virtualMongoUri: readMongoUri(env, 'MONGODB_VIRTUAL_URI', faults),
    host: value('WFM_HOST') ?? 'localhost',
    port:
      value('WFM_VIRTUAL_PORT') === undefined ? whole('PORT', 9001, 65_535) : whole('WFM_VIRTUAL_PORT', 9001, 65_535),
    corsOrigins: origins(value('CORS_ORIGINS'), whole('WFM_PORT', 9000, 65_535), faults),
    trustProxyHops: whole('WFM_TRUST_PROXY_HOPS', 0, 10),
    logLevel,
    // A PEM in one line, as files of environment variables hold it, has `\n` spelt out.
    publicKeyPem: value('JWT_PUBLIC_KEY')?.replaceAll(String.raw`\n`, '\n'),
    snapshotSecrets: secrets(value('SNAPSHOT_SECRET'), production, faults),
    testClock: value('NODE_ENV') === 'test' ? testClock(value('WFM_TEST_CLOCK'), faults) : undefined,
  };
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return config;
}

/** One secret, or two separated by a comma while the second is being replaced by the first. */
function secrets(text: string | undefined, production: boolean, faults: string[]): string[] {
  const list = listOf(text);
  const advice = 'Make one with "openssl rand -base64 48".';
  if (production && list.length === 0) faults.push(`SNAPSHOT_SECRET is missing. ${advice}`);
  if (list.length > 2) faults.push('SNAPSHOT_SECRET holds more than two secrets: the current one and the one before.');
  const weak = list.some((secret) => secret.length < shortestSecret || new Set(secret).size < 10);
  if (weak) faults.push(`SNAPSHOT_SECRET must have ${shortestSecret} characters or more, at random. ${advice}`);
  return list;
}

function origins(text: string | undefined, port: number, faults: string[]): string[] {
  if (text === undefined) {
    const ports = new Set([port, 9000, 5173, 5174]);
    return [...ports].flatMap((each) => [`http://localhost:${each}`, `http://127.0.0.1:${each}`]);
  }
  const list = listOf(text);
  for (const origin of list) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      faults.push(`CORS_ORIGINS: "${origin}" is not an origin such as https://wfm.example.org.`);
    }
  }
  return list;
}

function testClock(text: string | undefined, faults: string[]): Date | undefined {
  if (text === undefined) return undefined;
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) faults.push('WFM_TEST_CLOCK must be an ISO 8601 time.');
  return date;
}

function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
